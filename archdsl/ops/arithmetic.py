"""Arithmetic number by number: `exp`, `square`, `clamp`. Must not join values (`joins` does).

As of activations, `memory` counts none of them, and a function of one number may overwrite its input. Autograd keeps the result
where the gradient follows from it, else the input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import operation_counts
from archdsl.ops.arguments import number, one_of
from archdsl.ops.checks import divides, quotient
from archdsl.ops.facts import InputFact, SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    Argument,
    Attributes,
    Example,
    Further,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    TorchCall,
    TorchLowering,
)
from archdsl.ops.views import POINT
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.shapes import Dim, Shape, channels, numel, shape_of, spatial

_INPUT, _OUTPUT, _NOTHING = Saved((0,)), Saved(output=True), Saved()


def _arithmetic(
    name: str,
    meaning: str,
    flops: Callable[[Site], Dim],
    saved: Callable[[Site], Saved],
    torch: Callable[[Site], TorchLowering],
    arguments: tuple[Argument, ...] = (),
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape] = lambda a, xs: xs[0],
    in_place: bool = True,
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
        in_memory=False,
        in_place=in_place,
        is_view=False,
        saved=saved,
        view=lambda s: POINT,
        torch=torch,
        symbol=Symbol("activation", lambda s: name),
        **further,
    )


def _function(name: str, meaning: str, saved: Saved, template: str, elsewhere: tuple[str, ...] = ()) -> Operator:
    """A function of one number: one operation each."""
    return _arithmetic(
        name,
        meaning,
        lambda s: numel(s.y),
        lambda s: saved,
        lambda s: TorchCall(template),
        example=Example(ON_MAP, name),
        called_elsewhere=elsewhere,
    )


# clamp


def _limit(value: object) -> float | None:
    """A number, or `none` for no limit on this side."""
    return None if value is None else number(value)


def _limits(s: Site) -> list[tuple[str, Setting]]:
    return [(name, s.a[name]) for name in ("min", "max") if s.a[name] is not None]


def _clamped(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    least, most = a.min, a.max
    if least is None and most is None:
        raise SettingFact("min", "without `min` and `max` nothing is limited")
    if least is not None and most is not None and least > most:
        raise SettingFact("max", f"it is below `min`, which is {least}")
    return xs[0]


def _clamp_torch(s: Site) -> TorchCall:
    limits = _limits(s)
    return TorchCall(f"{{0}}.clamp({', '.join(f'{name}={{{name}}}' for name, _ in limits)})", tuple(limits))


# glu


_GATES = {
    "sigmoid": (operation_counts.SIGMOID, "F.sigmoid"),
    "tanh": (operation_counts.TANH, "F.tanh"),
    "relu": (operation_counts.RELU, "F.relu"),
    "silu": (operation_counts.SILU, "F.silu"),
    "gelu": (operation_counts.GELU, "F.gelu"),
}
"""Of each activation: its operations a number, and its name in PyTorch."""


def _gated(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if not divides(channels(x), 2):
        raise InputFact(x, "its channels have no two halves")
    width = quotient(channels(x), 2)
    return shape_of(width, spatial(x))


def _glu_saved(s: Site) -> Saved:
    """The input; where PyTorch has no operator of its own for it, also the gate that multiplies."""
    return _INPUT if s.a.act == "sigmoid" else Saved((0,), extra_bytes=FLOAT_BYTES * numel(s.y))


def _glu_torch(s: Site) -> TorchCall:
    dim = 1 if len(s.x) > 2 else -1
    if s.a.act == "sigmoid":
        return TorchCall("F.glu({0}, {dim})", (("dim", dim),))
    return TorchCall(f"glu({{0}}, {_GATES[s.a.act][1]}, {{dim}})", (("dim", dim),), support=("glu",))


TITLE = "Arithmetic"
"""Of the family, in the reference."""
OPERATORS = (
    _function("abs", "the value without its sign", _INPUT, "{0}.abs()", ("absolute",)),
    _function("neg", "-x", _NOTHING, "-{0}", ("negative", "negate")),
    _function("exp", "e to the power of x", _OUTPUT, "{0}.exp()"),
    _function("log", "the natural logarithm", _INPUT, "{0}.log()"),
    _function("square", "x * x", _INPUT, "{0}.square()"),
    _function("sqrt", "the square root", _OUTPUT, "{0}.sqrt()"),
    _function("reciprocal", "1 / x", _OUTPUT, "{0}.reciprocal()"),
    _arithmetic(
        "clamp",
        "no number below `min` or above `max`",
        lambda s: len(_limits(s)) * numel(s.y),
        lambda s: _INPUT,
        _clamp_torch,
        (Argument("min", _limit, None, by_name=True), Argument("max", _limit, None, by_name=True)),
        shape=_clamped,
        example=Example(ON_MAP, "clamp min=0 max=6"),
        called_elsewhere=("clip", "clipbyvalue"),
    ),
    _arithmetic(
        "glu",
        "a * act(b), of the first and the second half of the channels",
        lambda s: (_GATES[s.a.act][0] + 1) * numel(s.y),
        _glu_saved,
        _glu_torch,
        (Argument("act", one_of(*_GATES), "sigmoid", tuple(_GATES)),),
        shape=_gated,
        in_place=False,
        scratch=lambda s: 0 if s.a.act == "sigmoid" else numel(s.y),
        example=Example(ON_TOKENS, "glu"),
    ),
)
