"""Joins of branches: `add`, `mul`, `concat`. Must not know branches, references or `residual` (the elaborator does)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops.arguments import flag, one_of
from archdsl.ops.checks import require_equal
from archdsl.ops.facts import MismatchFact, SettingFact
from archdsl.ops.operator import (
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
from archdsl.ops.reshape import CHANNELS
from archdsl.ops.views import POINT
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.shapes import Dim, Shape, numel, shape_text
from archdsl.shapes.traced import identity_of

_EQUAL_RULE = "branches that are added must have one shape"
_BROADCAST_RULE = (
    "one factor must have the full shape; the others may have it, or `[C, 1, 1]`, `[1, H, W]`, `[C]`, beside tokens `[D]`"
)
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
        ranks=(1, 2, 3),
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


def _pairwise(s: Site) -> Dim:
    return (len(s.xs) - 1) * numel(s.y)


def _result_so_far(s: Site) -> Dim:
    """With more than two branches, the next result is made while the last one is alive."""
    return numel(s.y) if len(s.xs) > 2 else 0


def _add_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    require_equal(_EQUAL_RULE, *xs)
    return xs[0]


ADD = _join(
    "add",
    "+",
    "the sum of the branches, all of one shape",
    _add_shape,
    _pairwise,
    lambda s: Saved(),
    lambda s: TorchCall(" + ".join(f"{{{i}}}" for i in range(len(s.xs)))),
    in_place=True,
    scratch=_result_so_far,
    example=Example(ON_MAP, "add < conv 3x3 64 | identity >"),
    called_elsewhere=("sum", "plus"),
)


def _mul_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    # A gate `[C, 1, 1]` is tried last as the full shape: it is the full shape only beside maps of one position.
    for full in sorted(xs, key=lambda x: sum(type(axis) is int and axis == 1 for axis in x)):
        if all(_broadcasts(x, full) for x in xs):
            return full
    most = max(len(x) for x in xs)
    raise MismatchFact(xs, min([_in_the_way(xs, full) for full in xs if len(full) == most], key=len), _BROADCAST_RULE)


def _differing(x: Shape, other: Shape) -> list[int]:
    return [axis for axis, (a, b) in enumerate(zip(x, other, strict=True)) if a != b]


def _in_the_way(xs: tuple[Shape, ...], full: Shape) -> tuple[int, ...]:
    """The axes on which the others differ from what is allowed beside `full`; empty if their ranks do not fit."""
    found: set[int] = set()
    for x in xs:
        if len(x) == len(full):
            forms: list[Shape] = [full, (full[0], 1, 1), (1, *full[1:])] if len(full) == 3 else [full]
            nearest = min([_differing(x, form) for form in forms], key=len)
            found.update(nearest)
        elif len(full) == 3 and len(x) == 1:
            found.update([0] if x[0] != full[0] else [])
        else:
            return ()
    return tuple(sorted(found))


def _broadcasts(x: Shape, full: Shape) -> bool:
    forms = _forms(full)
    # First those that fit at every size, so that no size is asked for if nothing depends on it.
    return identity_of(x) in [identity_of(form) for form in forms] or x in forms


def _forms(full: Shape) -> list[Shape]:
    """The shapes that are allowed beside `full`."""
    if len(full) == 3:
        c, h, w = full
        return [full, (c, 1, 1), (1, h, w), (c,)]
    return [full, full[1:]] if len(full) == 2 else [full]


def _mul_saved(s: Site) -> Saved:
    """Every factor, and the products so far."""
    inputs = tuple(range(len(s.xs))) if len(s.xs) > 1 else ()
    return Saved(inputs, extra_bytes=FLOAT_BYTES * max(len(s.xs) - 2, 0) * numel(s.y))


def _mul_torch(s: Site) -> TorchCall:
    return TorchCall(" * ".join(f"{{{i}}}{_lifted(x, s.y)}" for i, x in enumerate(s.xs)))


def _lifted(x: Shape, full: Shape) -> str:
    """The indexing that broadcasts a vector to a larger value."""
    missing = len(full) - len(x)
    if missing == 0:
        return ""
    return "[:, :, None, None]" if missing == 2 else "[:, None]"


MUL = _join(
    "mul",
    "×",
    "the product of the branches; one has the full shape, others may be `[C, 1, 1]`, `[1, H, W]`, `[C]`, beside tokens `[D]`",
    _mul_shape,
    _pairwise,
    _mul_saved,
    _mul_torch,
    scratch=_result_so_far,
    example=Example(ON_MAP, "mul < identity | gap keep=true ; sigmoid >"),
    called_elsewhere=("multiply",),
)


def _concat_axis(a: Attributes, x: Shape) -> int:
    if a.axis == CHANNELS:
        return 0 if len(x) == 3 else len(x) - 1
    if len(x) != 2:
        raise SettingFact("axis", f"{shape_text(x)} has no tokens")
    return 0


def _concat_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    first = xs[0]
    axis = _concat_axis(a, first)
    rule = _CONCAT_RULE.format(axis=a.axis)
    if any(len(x) != len(first) for x in xs):
        raise MismatchFact(xs, (), rule)
    others = (i for i in range(len(first)) if i != axis)
    differing = tuple(i for i in others if any(x[i] != first[i] for x in xs))
    if differing:
        raise MismatchFact(xs, differing, rule)
    total: Dim = sum((x[axis] for x in xs[1:]), first[axis])
    return (*first[:axis], total, *first[axis + 1 :])


_SLICES = Hidden("the slices are steps of their own")

CONCAT = _join(
    "concat",
    "‖",
    "the branches side by side on the channel axis, or `axis=tokens`; `split` first cuts the value into one slice per branch",
    _concat_shape,
    lambda s: 0,
    lambda s: Saved(),
    lambda s: TorchCall("torch.cat([{all}], dim={dim})", (("dim", 1 + _concat_axis(s.a, s.x)),)),
    (
        Argument("axis", one_of("channels", "tokens"), CHANNELS, ("channels", "tokens")),
        Argument("split", flag, False, told=_SLICES),
    ),
    example=Example(ON_MAP, "concat < conv 1x1 32 | identity >"),
    called_elsewhere=("cat", "concatenate"),
)

TITLE = "Joins"
"""Of the family, in the reference."""
OPERATORS = (ADD, MUL, CONCAT)
