"""Joins of values: arithmetic number by number, and `concat`. Must not know branches or `residual` (the elaborator does)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops.arguments import flag, one_of
from archdsl.ops.facts import MismatchFact, OperandsFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    Argument,
    Attributes,
    Example,
    Further,
    Hidden,
    Operator,
    Saved,
    Site,
    Symbol,
    TorchCall,
)
from archdsl.ops.reductions import AXES, axis_of
from archdsl.ops.reshape import CHANNELS
from archdsl.ops.views import POINT
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.shapes import Dim, Shape, numel, shape_of
from archdsl.shapes.traced import identity_of

EQUAL_RULE = "branches that are added must have one shape"
_SPREAD_RULE = "axes must be equal or 1, and a vector lies along the channels"
_CONCAT_RULE = "branches that are joined must agree on every axis but the {axis}"


def _join(
    name: str,
    sign: str,
    meaning: str,
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape],
    flops: Callable[[Site], Dim],
    saved: Callable[[Site], Saved],
    torch: Callable[[Site], TorchCall],
    arguments: tuple[Argument, ...] = (),
    in_place: bool = False,
    **further: Unpack[Further],
) -> Operator:
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ANY_RANK,
        shape=shape,
        parameters=lambda s: (),
        macs=lambda s: 0,
        flops=flops,
        depth=0,
        in_memory=True,
        in_place=in_place,
        is_view=False,
        saved=saved,
        view=lambda s: POINT,
        torch=torch,
        symbol=Symbol("join", lambda s: name),
        joins=sign,
        **further,
    )


def lifted(x: Shape, rank: int) -> Shape | None:
    """The shape beside values of `rank` axes: a vector lies along the channels; None if others do not go together."""
    if len(x) == rank:
        return x
    if len(x) != 1:
        return None
    return shape_of(x[0], [1] * (rank - 1))


def spread(xs: tuple[Shape, ...], rule: str = _SPREAD_RULE, beside: int | None = None) -> Shape:
    """The shape of values joined number by number, each repeated along the axes on which it is 1.

    With free dimensions only a written 1 is repeated. `beside` is an axis that is not compared (0 in the result).

    Raises:
        MismatchFact: their axes are neither equal nor 1.
    """
    first = identity_of(xs[0])
    if beside is None and all(identity_of(x) == first for x in xs):
        return xs[0]
    rank = max(map(len, xs))
    shapes = [lifted(x, rank) for x in xs]
    there = [shape for shape in shapes if shape is not None]
    if len(there) < len(xs):
        raise MismatchFact(xs, (), rule)
    sizes = [0 if axis == beside else _common([shape[axis] for shape in there]) for axis in range(rank)]
    differing = tuple(axis for axis, size in enumerate(sizes) if size is None)
    if differing:
        raise MismatchFact(xs, differing if rank > 2 or len({len(x) for x in xs}) == 1 else (), rule)
    return tuple(size for size in sizes if size is not None)


def _common(sizes: list[Dim]) -> Dim | None:
    """The size that all have who are not 1; None if there are two."""
    # What is equal at every size is asked first, so that no size is asked for if nothing depends on it.
    known = list({identity_of(size): size for size in sizes}.values())
    if len(known) > 1:
        known = [size for size in known if not (isinstance(size, int) and size == 1)] or known[:1]
    return known[0] if all(size == known[0] for size in known[1:]) else None


def _so_far(s: Site) -> list[Dim]:
    """How many numbers the results have, from the first two operands to all of them."""
    found, shape = [], s.x
    for x in s.xs[1:]:
        shape = spread((shape, x))
        found.append(numel(shape))
    return found


def _pairwise(s: Site) -> Dim:
    return sum(_so_far(s), 0)


def _result_so_far(s: Site) -> Dim:
    """With more than two operands, the next result is made while the last one is alive."""
    return _so_far(s)[-2] if len(s.xs) > 2 else 0


def _operands(s: Site) -> list[str]:
    return [f"{{{i}}}{_lifting(x, s.y)}" for i, x in enumerate(s.xs)]


def _lifting(x: Shape, full: Shape) -> str:
    """The indexing that lays a vector along the channels of a larger value."""
    missing = len(full) - len(x)
    if missing == 0:
        return ""
    return f"[:, :{', None' * missing}]" if missing > 1 else "[:, None]"


ADD = _join(
    "add",
    "+",
    "the sum of the operands; axes that are 1 are repeated, and a vector lies along the channels",
    lambda a, xs: spread(xs),
    _pairwise,
    lambda s: Saved(),
    lambda s: TorchCall(" + ".join(_operands(s))),
    in_place=True,
    scratch=_result_so_far,
    example=Example(ON_MAP, "add < conv 3x3 64 | identity >"),
    called_elsewhere=("sum", "plus"),
)


def _factors(s: Site) -> Saved:
    """Every factor, and the products so far."""
    inputs = tuple(range(len(s.xs))) if len(s.xs) > 1 else ()
    return Saved(inputs, extra_bytes=FLOAT_BYTES * sum(_so_far(s)[:-1], 0))


MUL = _join(
    "mul",
    "×",
    "the product of the operands; axes that are 1 are repeated, and a vector lies along the channels",
    lambda a, xs: spread(xs),
    _pairwise,
    _factors,
    lambda s: TorchCall(" * ".join(_operands(s))),
    scratch=_result_so_far,
    example=Example(ON_MAP, "mul < identity | gap keep=true ; sigmoid >"),
    called_elsewhere=("multiply",),
)


def _of_two(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    if len(xs) != 2:
        raise OperandsFact(2, len(xs))
    return spread(xs)


SUB = _join(
    "sub",
    "−",
    "the first operand less the second; axes that are 1 are repeated, and a vector lies along the channels",
    _of_two,
    _pairwise,
    lambda s: Saved(),
    lambda s: TorchCall(" - ".join(_operands(s))),
    example=Example(ON_MAP, "sub < identity | gap keep=true >"),
    called_elsewhere=("subtract", "minus"),
)

DIV = _join(
    "div",
    "÷",
    "the first operand over the second; axes that are 1 are repeated, and a vector lies along the channels",
    _of_two,
    _pairwise,
    lambda s: Saved((0, 1)),
    lambda s: TorchCall(" / ".join(_operands(s))),
    example=Example(ON_MAP, "div < identity | gap keep=true ; exp >"),
    called_elsewhere=("divide",),
)


def _nested(function: str) -> Callable[[Site], TorchCall]:
    def torch(s: Site) -> TorchCall:
        first, *others = _operands(s)
        for other in others:
            first = f"{function}({first}, {other})"
        return TorchCall(first)

    return torch


MAX = _join(
    "max",
    "max",
    "the larger number of the operands; axes that are 1 are repeated, and a vector lies along the channels",
    lambda a, xs: spread(xs),
    _pairwise,
    _factors,
    _nested("torch.maximum"),
    scratch=_result_so_far,
    example=Example(ON_MAP, "max < conv 1x1 64 | identity >"),
    called_elsewhere=("maximum",),
)

MIN = _join(
    "min",
    "min",
    "the smaller number of the operands; axes that are 1 are repeated, and a vector lies along the channels",
    lambda a, xs: spread(xs),
    _pairwise,
    _factors,
    _nested("torch.minimum"),
    scratch=_result_so_far,
    example=Example(ON_MAP, "min < conv 1x1 64 | identity >"),
    called_elsewhere=("minimum",),
)


def _concat_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    rank = max(map(len, xs))
    shapes = [shape for x in xs if (shape := lifted(x, rank)) is not None]
    rule = _CONCAT_RULE.format(axis=a.axis)
    if len(shapes) < len(xs):
        raise MismatchFact(xs, (), rule)
    axis = axis_of(a.axis, shapes[0])
    whole = spread(xs, rule, beside=axis)
    total: Dim = sum((shape[axis] for shape in shapes[1:]), shapes[0][axis])
    return (*whole[:axis], total, *whole[axis + 1 :])


def _concat_torch(s: Site) -> TorchCall:
    axis = axis_of(s.a.axis, s.y)
    parts = [_expanded(number, x, s, axis) for number, x in enumerate(s.xs)]
    inside = "{all}" if parts == [f"{{{i}}}" for i in range(len(parts))] else ", ".join(parts)
    return TorchCall(f"torch.cat([{inside}], dim={{dim}})", (("dim", 1 + axis),))


def _expanded(number: int, x: Shape, s: Site, axis: int) -> str:
    """An operand with all the axes of the result but the one along which it is put beside the others."""
    rank = len(s.y)
    shape = lifted(x, rank)
    assert shape is not None
    sizes = []
    for at, (own, whole) in enumerate(zip(shape, s.y, strict=True)):
        if at == axis or identity_of(own) == identity_of(whole) or own == whole:
            sizes.append("-1")
        else:
            # The size is that of an operand that has it, so that the module works at other sizes too.
            holder = next(i for i, other in enumerate(s.xs) if len(other) == rank and other[at] == whole)
            sizes.append(f"{{{holder}}}.shape[{1 + at}]")
    text = f"{{{number}}}{_lifting(x, s.y)}"
    return text if set(sizes) == {"-1"} else f"{text}.expand(-1, {', '.join(sizes)})"


_SLICES = Hidden("the slices are steps of their own")

CONCAT = _join(
    "concat",
    "‖",
    "the branches side by side on the channel axis, or on the `axis`; `split` first cuts the value into one slice per branch",
    _concat_shape,
    lambda s: 0,
    lambda s: Saved(),
    _concat_torch,
    (
        Argument("axis", one_of(*AXES), CHANNELS, AXES),
        Argument("split", flag, False, told=_SLICES),
    ),
    example=Example(ON_MAP, "concat < conv 1x1 32 | identity >"),
    called_elsewhere=("cat", "concatenate"),
)

TITLE = "Joins"
"""Of the family, in the reference."""
OPERATORS = (ADD, SUB, MUL, DIV, MAX, MIN, CONCAT)
