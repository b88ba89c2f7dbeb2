"""Values moved: `roll`, `flip`, `unfold`, `fold`. Must not learn or multiply.

`unfold` brings the positions of a window into the channels, the channels outermost, as PyTorch's does, over any number of
spatial axes; `fold` adds up what windows say of a position.
"""

from __future__ import annotations

from archdsl.ops import operation_counts, windows
from archdsl.ops.arguments import one_of, or_none, size, stride, whole
from archdsl.ops.captions import size_words, value_words
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.convolution import SAME
from archdsl.ops.facts import ArgumentFact, AxesFact, SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    REQUIRED,
    SPATIAL,
    Argument,
    Attributes,
    Example,
    Numbers,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    TorchCall,
)
from archdsl.ops.reductions import AXES, axis_of, torch_dim
from archdsl.ops.reshape import rearrangement
from archdsl.ops.views import POINT, Line, Lines, View, Window
from archdsl.shapes import Shape, channel_axis, channels, decide, numel, shape_of, spatial, spatial_axes

# Along one axis


def _by(value: object, axes: int | None) -> Numbers:
    """How far along each spatial axis: one number for all, or one each; negative ones go back."""
    if isinstance(value, tuple):
        taken = tuple(map(whole, value))
        if axes is not None and len(taken) != max(axes, 1):
            raise AxesFact(taken)
        return taken
    try:
        one = whole(value)
    except ArgumentFact:
        raise ArgumentFact("an integer, or one for each axis such as `[-3, 0]`", value) from None
    return (one,) * max(axes or 1, 1)


def _roll_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if a.axis is not None:
        axis_of(a.axis, x)
        if any(other != a.by[0] for other in a.by[1:]):
            raise SettingFact("by", "along one `axis` it is one number")
    elif len(x) == 1:
        raise SettingFact("axis", "a vector has no positions: write `axis=channels`")
    return x


def _roll_torch(s: Site) -> TorchCall:
    if s.a.axis is not None:
        dim = torch_dim(axis_of(s.a.axis, s.x), s.x)
        return TorchCall(f"{{0}}.roll({{by}}, {dim})", (("by", s.a.by[0]),))
    dims = tuple(1 + axis for axis in spatial_axes(s.x))
    if len(dims) == 1:
        return TorchCall("{0}.roll({by}, 1)", (("by", s.a.by[0]),))
    return TorchCall(f"{{0}}.roll({{by}}, {dims})", (("by", s.a.by),))


def _roll_view(s: Site) -> View:
    """Each position is one from so far before; the last ones come first, which no window shows."""
    if s.a.axis is None:
        return Window.moved(s.a.by)
    axis = axis_of(s.a.axis, s.x)
    if axis == channel_axis(s.x):
        return POINT
    return Window.moved(tuple([s.a.by[0] if at == axis else 0 for at in spatial_axes(s.x)]))


_AN_AXIS = or_none(one_of(*AXES))

ROLL = rearrangement(
    "roll",
    "moved along each spatial axis (or only one `axis`) by so many positions; what leaves at one end comes in at the other",
    ANY_RANK,
    _roll_shape,
    _roll_torch,
    (
        Argument("by", _by, told="in head", spatial=True),
        Argument("axis", _AN_AXIS, None, ("none", *AXES)),
    ),
    view=_roll_view,
    head=lambda s: f"roll {value_words(s.a.by) if s.a.axis is None else s.a.by[0]}",
    example=Example(ON_MAP, "roll (-3)"),
    called_elsewhere=("cyclic_shift",),
)


def _flip_view(s: Site) -> View:
    axis = axis_of(s.a.axis, s.x)
    if axis == channel_axis(s.x):
        return POINT
    lines = tuple([Line(slope=-1, more=s.x[at] - 1) if at == axis else Line() for at in spatial_axes(s.x)])
    return Lines(lines, lines)


def _flip_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    axis_of(a.axis, xs[0])
    return xs[0]


FLIP = rearrangement(
    "flip",
    "the other way round along an axis",
    ANY_RANK,
    _flip_shape,
    lambda s: TorchCall(f"{{0}}.flip({torch_dim(axis_of(s.a.axis, s.x), s.x)})"),
    (Argument("axis", one_of(*AXES), REQUIRED, AXES, told="in head"),),
    view=_flip_view,
    head=lambda s: f"flip {s.a.axis}",
    example=Example(ON_MAP, "flip axis=width"),
    called_elsewhere=("reverse", "fliplr", "flipud"),
)

# Windows

_PADS = ("same", "valid", "tf")
_WINDOW = (
    Argument("k", size, told="in head", spatial=True),
    Argument("stride", stride, windows.ONCE, told=windows.stride_words, spatial=True),
)


def _padded_words(s: Site) -> str:
    return windows.pad_words(s, SAME)


def _whole(a: Attributes) -> Attributes:
    """With what windows of convolutions have."""
    return Attributes({**a, "dilation": tuple([1 for _ in a.k])})


def _unfold_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    return shape_of(channels(xs[0]) * numel(a.k), windows.positions(_whole(a), xs[0]))


def _pad_setting(a: Attributes, x: Shape) -> Setting:
    both = windows.symmetric(_whole(a))
    if both is None:
        return windows.printed_pad(_whole(a))
    return tuple([side for one in both for side in (one, one)])


UNFOLD = rearrangement(
    "unfold",
    "the window of each position in its channels, the channels outermost: `[C, H, W] -> [C*k*k, H', W']`",
    SPATIAL,
    _unfold_shape,
    lambda s: TorchCall(
        "unfolded({0}, {k}, {stride}, {pad})",
        (("k", s.a.k), ("stride", s.a.stride), ("pad", _pad_setting(s.a, s.x))),
        ("unfolded",),
    ),
    (
        *_WINDOW,
        Argument("pad", windows.pad_taker(*_PADS), SAME, _PADS, told=_padded_words, spatial=True),
    ),
    view=lambda s: windows.window(_whole(s.a), s.x),
    head=lambda s: f"unfold {size_words(s.a.k)}",
    example=Example(ON_MAP, "unfold 3"),
    called_elsewhere=("im2col", "extract_patches"),
)

_CROPS = ("same", "valid")


def _fold_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    require_divides("the channels", channels(x), "k", numel(a.k))
    assert a.size is not None
    result = shape_of(quotient(channels(x), numel(a.k)), a.size)
    places = windows.positions(_whole(a), result)
    if not all(decide("==", place, there) for place, there in zip(places, spatial(x), strict=True)):
        raise SettingFact("size", f"windows have {size_words(places)} places there, and these are {size_words(spatial(x))}")
    return result


def _fold_torch(s: Site) -> TorchCall:
    a = s.a
    around = windows.sides(_whole(a), s.y)
    settings: list[tuple[str, Setting]] = [("size", a.size), ("k", a.k), ("stride", a.stride), ("pad", around)]
    return TorchCall("folded({0}, {size}, {k}, {stride}, {pad})", tuple(settings), ("folded",))


def _fold_view(s: Site) -> View:
    return windows.gathered(s.a.k, s.a.stride, windows.sides(_whole(s.a), s.y)[::2])


FOLD = Operator(
    name="fold",
    meaning="windows put back where `unfold` took them, and added up where they meet: `[C*k*k, h, w] -> [C, H, W]`",
    arguments=(
        _WINDOW[0],
        Argument("size", size, told="in head", spatial=True),
        _WINDOW[1],
        Argument("pad", windows.pad_taker(*_CROPS), SAME, _CROPS, told=_padded_words, spatial=True),
    ),
    ranks=(2, 3),
    shape=_fold_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: operation_counts.ADD * numel(s.x),
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(),
    view=_fold_view,
    torch=_fold_torch,
    symbol=Symbol("reshape", lambda s: f"fold {size_words(s.a.k)} to {size_words(s.a.size or ())}"),
    example=Example(ON_MAP, "unfold 2 stride=2 pad=0 ; fold 2 56 stride=2 pad=0"),
    called_elsewhere=("col2im",),
)

TITLE = "Values moved"
"""Of the family, in the reference."""
OPERATORS = (ROLL, FLIP, UNFOLD, FOLD)
