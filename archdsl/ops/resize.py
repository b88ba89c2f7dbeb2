"""Interpolation: `upsample`. Must not learn (`deconv` does) nor undo a pool (`unpool` does)."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops import operation_counts
from archdsl.ops.arguments import Word, flag, is_positive, number, one_of, or_none, size, value_argument
from archdsl.ops.borders import size_of_like
from archdsl.ops.captions import size_words
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import (
    ON_MAP,
    SPATIAL,
    Argument,
    Attributes,
    Example,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    TorchCall,
)
from archdsl.ops.pooling import adaptive_flops
from archdsl.ops.views import UNKNOWN, Line, Lines, View
from archdsl.shapes import Dim, Formula, Shape, channels, floor_divide, numel, shape_of, shape_text, spatial

NEAREST = Word("nearest")
LINEAR = {2: "linear", 3: "bilinear", 4: "trilinear"}
"""What interpolation between neighbors is called, by how many axes the value has."""


BICUBIC, AREA = Word("bicubic"), Word("area")
_CUBIC = 16 * operation_counts.MULTIPLY + 15 * operation_counts.ADD
"""Four neighbors along each of two axes."""


def _flops(s: Site) -> Dim:
    if s.a.mode == NEAREST:
        return 0
    if s.a.mode == AREA:
        return adaptive_flops(s)
    return (_CUBIC if s.a.mode == BICUBIC else _linear_flops(len(s.x) - 1)) * numel(s.y)


def _linear_flops(axes: int) -> int:
    """`2**axes` neighbors, weighted and summed; the weights are settled once a row and column."""
    neighbors = 1 << axes
    return neighbors * operation_counts.MULTIPLY + (neighbors - 1) * operation_counts.ADD


def _factor(value: object) -> int | Fraction:
    """A number above 0, kept exact: `floor(0.29 * 100)` is 29, which floats get wrong."""
    got = number(value)
    if got <= 0:
        raise ArgumentFact("a number above 0", value)
    exact = value if isinstance(value, Fraction) else Fraction(got)
    return int(exact) if exact.denominator == 1 else exact


def _shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    sizes = _new_shape(a, xs)
    if a.mode == AREA:
        # How many positions the windows have together is asked here, where a person is told the place.
        adaptive_flops(Site(a, xs, sizes))
    return sizes


def _new_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if a.align_corners and a.mode == NEAREST:
        raise SettingFact("align_corners", "`mode=nearest` has no corners to align")
    if a.align_corners and a.mode == AREA:
        raise SettingFact("align_corners", "`mode=area` has no corners to align")
    if a.mode == BICUBIC and len(x) != 3:
        raise SettingFact("mode", f"`bicubic` is of maps, and this is {shape_text(x)}")
    if a.mode not in (NEAREST, BICUBIC, AREA, LINEAR[len(x)]):
        raise SettingFact("mode", f"between the neighbors in {shape_text(x)} it is `{LINEAR[len(x)]}`")
    if a.size is not None and a.like:
        raise SettingFact("like", "`size` is given as well")
    if a.size is not None:
        return shape_of(channels(x), a.size)
    if a.like:
        return shape_of(channels(x), size_of_like(xs))
    sizes = [floor_divide(side * _times(a), _over(a)) for side in spatial(x)]
    if not all(map(is_positive, sizes)):
        raise SettingFact("scale", f"nothing is left of {size_words(spatial(x))}")
    return shape_of(channels(x), sizes)


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
    x, back, like = ("{0}.transpose(1, 2)", ".transpose(1, 2)", "shape[1]") if len(s.x) == 2 else ("{0}", "", "shape[2:]")
    if a.like:
        return TorchCall(f"F.interpolate({x}, size={{1}}.{like}{more}){back}", tuple(settings))
    if a.size is not None:
        wanted = a.size if len(a.size) > 1 else a.size[0]
        return TorchCall(f"F.interpolate({x}, size={{size}}{more}){back}", (("size", wanted), *settings))
    if isinstance(a.scale, int):
        return TorchCall(f"F.interpolate({x}, scale_factor={{scale}}{more}){back}", (("scale", a.scale), *settings))
    fraction = (("times", _times(a)), ("over", _over(a)))
    return TorchCall(f"resample({x}, {{times}}, {{over}}{more}){back}", (*fraction, *settings), ("resample",))


def _view(s: Site) -> View:
    aligned = s.a.align_corners
    lines = []
    for small, large in zip(spatial(s.x), spatial(s.y), strict=True):
        step = _step(s, small, large, aligned)
        if step is None:
            return UNKNOWN
        if s.a.mode == AREA:
            n, d = step.numerator, step.denominator
            lines.append((Line(n, 0, d), Line(n, n + d - 1, d, more=-1)))
            continue
        low, high = _lines(step, s.a.mode == NEAREST or small == 1, aligned)
        if s.a.mode == BICUBIC and small != 1:
            # One further neighbor at each side of the two.
            low, high = low._replace(more=-1), high._replace(more=1)
        lines.append((low, high))
    return Lines(tuple([low for low, _ in lines]), tuple([high for _, high in lines]))


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
    return f"upsample to {size_words(spatial(s.y))}"


_MODES = (NEAREST, *LINEAR.values(), BICUBIC, AREA)

UPSAMPLE = Operator(
    name="upsample",
    meaning="interpolation: `[C, H, W] -> [C, floor(scale*H), floor(scale*W)]`, or to `size`, or to the size of `like`",
    arguments=(
        Argument("scale", _factor, 2, told="in head"),
        Argument("size", or_none(size), None, ("none",), told="in head", spatial=True),
        Argument("mode", one_of(*_MODES), NEAREST, _MODES, told=lambda s: str(s.a.mode)),
        value_argument("like", required=False),
        Argument("align_corners", flag, False),
    ),
    ranks=SPATIAL,
    shape=_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=_flops,
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    # An area is a mean of windows, whose gradient asks the input for its size.
    saved=lambda s: Saved((0,) if s.a.mode == AREA else ()),
    view=_view,
    torch=_torch,
    symbol=Symbol("resize", _head),
    sizes_of=lambda s: (1,),
    example=Example(ON_MAP, "upsample 2 mode=bilinear"),
    called_elsewhere=("interpolate", "resize", "upsampling"),
)

TITLE = "Interpolation"
"""Of the family, in the reference."""
OPERATORS = (UPSAMPLE,)
