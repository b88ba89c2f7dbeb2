"""Interpolation: `upsample`. Must not learn (`deconv` does) nor undo a pool (`unpool` does)."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops import operation_counts
from archdsl.ops.arguments import Word, flag, is_positive, number, one_of, or_none, size, value_argument
from archdsl.ops.captions import size_words
from archdsl.ops.facts import ArgumentFact, MismatchFact, SettingFact
from archdsl.ops.operator import ON_MAP, Argument, Attributes, Example, Operator, Saved, Setting, Site, Symbol, TorchCall
from archdsl.ops.views import UNKNOWN, Line, Lines, View
from archdsl.shapes import Dim, Formula, Shape, floor_divide, numel

NEAREST = Word("nearest")
BILINEAR_FLOPS = 4 * operation_counts.MULTIPLY + 3 * operation_counts.ADD
"""Four neighbors, weighted and summed; the weights are settled once a row and column."""


def _factor(value: object) -> int | Fraction:
    """A number above 0, kept exact: `floor(0.29 * 100)` is 29, which floats get wrong."""
    got = number(value)
    if got <= 0:
        raise ArgumentFact("a number above 0", value)
    exact = value if isinstance(value, Fraction) else Fraction(got)
    return int(exact) if exact.denominator == 1 else exact


def _shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if a.align_corners and a.mode == NEAREST:
        raise SettingFact("align_corners", "`mode=nearest` has no corners to align")
    if a.size is not None and a.like:
        raise SettingFact("like", "`size` is given as well")
    if a.size is not None:
        return (x[0], *a.size)
    if a.like:
        if len(xs[1]) != 3:
            raise MismatchFact(xs, (), "`like` must be a map, `[C, H, W]`")
        return (x[0], *xs[1][1:])
    h, w = (floor_divide(side * _times(a), _over(a)) for side in x[1:])
    if not (is_positive(h) and is_positive(w)):
        raise SettingFact("scale", f"nothing is left of {x[1]}x{x[2]}")
    return (x[0], h, w)


def _times(a: Attributes) -> int:
    return _scale(a).numerator


def _over(a: Attributes) -> int:
    return _scale(a).denominator


def _scale(a: Attributes) -> Fraction:
    assert a.scale is not None
    return Fraction(a.scale)


def _torch(s: Site) -> TorchCall:
    a = s.a
    settings: list[tuple[str, Setting]] = [] if a.mode == NEAREST else [("mode", str(a.mode))]
    settings += [("align_corners", True)] if a.align_corners else []
    more = "".join(f", {name}={{{name}}}" for name, _ in settings)
    if a.like:
        return TorchCall(f"F.interpolate({{0}}, size={{1}}.shape[2:]{more})", tuple(settings))
    if a.size is not None:
        return TorchCall(f"F.interpolate({{0}}, size={{size}}{more})", (("size", a.size), *settings))
    if isinstance(a.scale, int):
        return TorchCall(f"F.interpolate({{0}}, scale_factor={{scale}}{more})", (("scale", a.scale), *settings))
    fraction = (("times", _times(a)), ("over", _over(a)))
    return TorchCall(f"resample({{0}}, {{times}}, {{over}}{more})", (*fraction, *settings), ("resample",))


def _view(s: Site) -> View:
    aligned = s.a.align_corners
    down, right = (_step(s, small, large, aligned) for small, large in zip(s.x[1:], s.y[1:], strict=True))
    if down is None or right is None:
        return UNKNOWN
    lines = [_lines(step, s.a.mode == NEAREST or small == 1, aligned) for step, small in ((down, s.x[1]), (right, s.x[2]))]
    return Lines((lines[0][0], lines[1][0]), (lines[0][1], lines[1][1]))


def _lines(step: Fraction, is_one: bool, aligned: bool) -> tuple[Line, Line]:
    """From which input position to which an output position p reads: one of them, or the two around where it lies.

    Without aligned corners the middle of p is at `(p + 1/2)*step - 1/2`, else at `p*step`. Where that is a position of the
    input, the second neighbor has the weight 0.
    """
    n, d = step.numerator, step.denominator
    if is_one:
        return Line(n, 0, d), Line(n, 0, d)
    if aligned:
        return Line(n, 0, d), Line(n, d - 1, d)
    return Line(2 * n, n - d, 2 * d), Line(2 * n, n + d - 1, 2 * d)


def _step(s: Site, small: Dim, large: Dim, aligned: bool) -> Fraction | None:
    """Input positions an output position; None if free sizes leave it open."""
    if isinstance(small, int) and isinstance(large, int):
        is_spread = aligned and small > 1
        return Fraction(small - 1, max(large - 1, 1)) if is_spread else Fraction(small, large)
    if aligned:
        return None
    if s.a.size is None and not s.a.like:
        return Fraction(_over(s.a), _times(s.a))
    try:
        step = small / large
    except TypeError:
        return None
    return None if isinstance(step, Formula) else Fraction(step)


def _head(s: Site) -> str:
    if s.a.size is None and not s.a.like:
        return f"upsample up {s.a.scale}"
    return f"upsample to {size_words((s.y[1], s.y[2]))}"


UPSAMPLE = Operator(
    name="upsample",
    meaning="interpolation: `[C, H, W] -> [C, floor(scale*H), floor(scale*W)]`, or to `size`, or to the size of `like`",
    arguments=(
        Argument("scale", _factor, 2, told="in head"),
        Argument("size", or_none(size), None, ("none",), told="in head", spatial=True),
        Argument("mode", one_of("nearest", "bilinear"), NEAREST, ("nearest", "bilinear"), told=lambda s: str(s.a.mode)),
        value_argument("like", required=False),
        Argument("align_corners", flag, False),
    ),
    ranks=(3,),
    shape=_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: 0 if s.a.mode == NEAREST else BILINEAR_FLOPS * numel(s.y),
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(),
    view=_view,
    torch=_torch,
    symbol=Symbol("resize", _head),
    sizes_of=(1,),
    example=Example(ON_MAP, "upsample 2 mode=bilinear"),
    called_elsewhere=("interpolate", "resize", "upsampling"),
)

TITLE = "Interpolation"
"""Of the family, in the reference."""
OPERATORS = (UPSAMPLE,)
