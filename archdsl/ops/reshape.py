"""Values rearranged: `flatten`, `reshape`, `shuffle`, `pixelshuffle`, `spacetodepth`, `slice`, `crop`, `pad`. Must not compute.

None of them counts in `memory`, nor has MACs, FLOPs, parameters, or anything to keep for backward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import windows
from archdsl.ops.arguments import Size, Word, count, natural, offsets, one_of, or_none, sides, size, value_argument, whole
from archdsl.ops.captions import size_words, value_words
from archdsl.ops.checks import divides, quotient, require_divides
from archdsl.ops.facts import ArgumentFact, MismatchFact, SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    Argument,
    Attributes,
    Example,
    Further,
    Numbers,
    Operator,
    Saved,
    Setting,
    Sides,
    Site,
    Symbol,
    TorchCall,
    TorchLowering,
    TorchModule,
    dimension,
)
from archdsl.ops.views import EVERYTHING, POINT, UNKNOWN, View, Window
from archdsl.shapes import Dim, Formula, Shape, channel_axis, decide, numel, shape_text

CENTRE = Word("centre")
CHANNELS = Word("channels")
NOTHING = Saved()
NO_SIDES = (0, 0, 0, 0)


def rearrangement(
    name: str,
    meaning: str,
    ranks: tuple[int, ...],
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape],
    torch: Callable[[Site], TorchLowering],
    arguments: tuple[Argument, ...] = (),
    is_view: bool = False,
    view: Callable[[Site], View] = lambda s: POINT,
    head: Callable[[Site], str] | None = None,
    **further: Unpack[Further],
) -> Operator:
    """An operator that moves numbers and computes none."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ranks,
        shape=shape,
        parameters=lambda s: (),
        macs=lambda s: 0,
        flops=lambda s: 0,
        depth=0,
        in_memory=False,
        in_place=False,
        is_view=is_view,
        saved=lambda s: NOTHING,
        view=view,
        torch=torch,
        symbol=Symbol("reshape", head or (lambda s: name)),
        **further,
    )


FLATTEN = rearrangement(
    "flatten",
    "all axes in one: `[C, H, W] -> [C*H*W]`",
    ANY_RANK,
    lambda a, xs: (numel(xs[0]),),
    lambda s: TorchCall("{0}.flatten(1)"),
    is_view=True,
    view=lambda s: EVERYTHING,
    example=Example(ON_MAP, "flatten"),
)


def _axes(value: object) -> tuple[Dim, ...]:
    """`[C, H, W]`, `[T, D]` or `[D]`; one of them may be -1."""
    wanted = "one to three axes such as `[128, 7, 7]`, and at most one -1"
    if not isinstance(value, tuple) or isinstance(value, Size) or not 1 <= len(value) <= 3:
        raise ArgumentFact(wanted, value)
    open_axes = [axis for axis in value if type(axis) is int and axis == -1]
    if len(open_axes) > 1:
        raise ArgumentFact(wanted, value)
    try:
        return tuple(-1 if type(axis) is int and axis == -1 else count(axis) for axis in value)
    except ArgumentFact:
        raise ArgumentFact(wanted, value) from None


def _is_open(axis: Dim) -> bool:
    return type(axis) is int and axis == -1


def _reshaped(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    there: Dim = numel(xs[0])
    wanted: Dim = 1
    for axis in a.axes:
        wanted = wanted if _is_open(axis) else wanted * axis
    if not any(map(_is_open, a.axes)):
        if not decide("==", there, wanted):
            raise SettingFact("axes", f"{shape_text(xs[0])} has {there} numbers, and {shape_text(a.axes)} {wanted}")
        return tuple(a.axes)
    if not divides(there, wanted):
        raise SettingFact("axes", f"{there} numbers of {shape_text(xs[0])} cannot be cut into rows of {wanted}")
    return tuple(quotient(there, wanted) if _is_open(axis) else axis for axis in a.axes)


def _reshape_torch(s: Site) -> TorchCall:
    # With an open axis the batch cannot be open too.
    batch = "{0}.shape[0]" if any(map(_is_open, s.a.axes)) else "-1"
    names = [f"axis{at}" for at in range(len(s.a.axes))]
    template = f"{{0}}.reshape({batch}, {', '.join(f'{{{name}}}' for name in names)})"
    return TorchCall(template, tuple(zip(names, s.a.axes, strict=True)))


RESHAPE = rearrangement(
    "reshape",
    "the same numbers in other axes, the last one running fastest; one may be -1: `[6272] -> [128, 7, 7]`",
    ANY_RANK,
    _reshaped,
    _reshape_torch,
    (Argument("axes", _axes, told="in head"),),
    is_view=True,
    view=lambda s: POINT if s.x == s.y else EVERYTHING,
    head=lambda s: f"reshape {shape_text(s.a.axes)}",
    example=Example("[6272]", "reshape [128, 7, 7]"),
    called_elsewhere=("view", "unflatten"),
)


def _shuffle_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    require_divides("the channels", xs[0][0], "groups", a.groups)
    return xs[0]


SHUFFLE = rearrangement(
    "shuffle",
    "the channels of the groups interleaved: `[C, H, W] -> [C, H, W]` (ShuffleNet)",
    (3, 4),
    _shuffle_shape,
    lambda s: TorchCall("{0}.unflatten(1, ({groups}, -1)).transpose(1, 2).flatten(1, 2)", (("groups", s.a.groups),)),
    (Argument("groups", count, told="in head"),),
    head=lambda s: f"shuffle, {s.a.groups} groups",
    example=Example(ON_MAP, "shuffle groups=4"),
    called_elsewhere=("channel_shuffle",),
)


def _pixelshuffle_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    c, h, w = xs[0]
    require_divides("the channels", c, "factor**2", a.factor**2)
    return (quotient(c, a.factor**2), h * a.factor, w * a.factor)


def _pixelshuffle_view(s: Site) -> View:
    """A position of the result has one of the input's, which `factor**2` of them share; a free factor leaves the step open."""
    factor = s.a.factor
    return UNKNOWN if isinstance(factor, Formula) else windows.enlarged((factor, factor))


PIXELSHUFFLE = rearrangement(
    "pixelshuffle",
    "channels to positions: `[f*f*C, H, W] -> [C, f*H, f*W]`, as PyTorch orders them (ESPCN)",
    (3,),
    _pixelshuffle_shape,
    lambda s: TorchModule("nn.PixelShuffle", (s.a.factor,)),
    (Argument("factor", count, told="in head"),),
    view=_pixelshuffle_view,
    head=lambda s: f"pixelshuffle up {s.a.factor}",
    example=Example(ON_MAP, "pixelshuffle 2"),
    called_elsewhere=("subpixel", "sub_pixel"),
)


def _spacetodepth_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    c, h, w = xs[0]
    require_divides("the height", h, "factor", a.factor)
    require_divides("the width", w, "factor", a.factor)
    return (c * a.factor**2, quotient(h, a.factor), quotient(w, a.factor))


SPACETODEPTH = rearrangement(
    "spacetodepth",
    "positions to channels: `[C, H, W] -> [f*f*C, H/f, W/f]`, channel `((x*f + y)*C + c)` of a cell (Swin's patch merging)",
    (3,),
    _spacetodepth_shape,
    lambda s: TorchCall("space_to_depth({0}, {factor})", (("factor", s.a.factor),), ("space_to_depth",)),
    (Argument("factor", count, told="in head"),),
    view=lambda s: Window((s.a.factor,) * 2, (s.a.factor,) * 2, (0, 0), (True, True)),
    head=lambda s: f"spacetodepth /{s.a.factor}",
    example=Example(ON_MAP, "spacetodepth 2"),
)


def from_start(position: Dim, length: Dim) -> Dim:
    """A position counted from the start; a negative one is counted from the end."""
    return length + position if isinstance(position, int) and position < 0 else position


def _slice_axis(a: Attributes, x: Shape) -> int:
    if a.axis == CHANNELS:
        return channel_axis(x)
    if len(x) != 2:
        raise SettingFact("axis", f"{shape_text(x)} has no tokens")
    return 0


def _slice_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    axis = _slice_axis(a, x)
    length = x[axis]
    start, stop = from_start(dimension(a["from"]), length), from_start(a.to, length)
    if decide("<", start, 0) or decide(">=", start, length):
        raise SettingFact("from", f"there are only {length} {a.axis}")
    if decide(">", stop, length):
        raise SettingFact("to", f"there are only {length} {a.axis}")
    if decide("<=", stop, start):
        raise SettingFact("to", f"nothing is left from {start} to {stop}")
    return (*x[:axis], stop - start, *x[axis + 1 :])


def _slice_torch(s: Site) -> TorchCall:
    inner = len(s.x) == 2 and s.a.axis == CHANNELS
    template = "{0}[:, :, {start}:{stop}]" if inner else "{0}[:, {start}:{stop}]"
    return TorchCall(template, (("start", s.a["from"]), ("stop", s.a.to)))


SLICE = rearrangement(
    "slice",
    "positions `from` (from 0) to `to` (excluded) of one axis; negative ones are counted from the end",
    ANY_RANK,
    _slice_shape,
    _slice_torch,
    (
        Argument("from", whole, told="in head"),
        Argument("to", whole, told="in head"),
        Argument("axis", one_of("channels", "tokens"), CHANNELS, ("channels", "tokens")),
    ),
    is_view=True,
    head=lambda s: f"slice {s.a['from']}:{s.a.to}",
    example=Example(ON_MAP, "slice 0 32"),
)


def _crop_offset(value: object, axes: int | None) -> str | Numbers:
    if value == CENTRE and isinstance(value, Word):
        return value
    try:
        return offsets(value, axes)
    except ArgumentFact:
        raise ArgumentFact("`centre`, an integer of at least 0 or `[top, left]`", value) from None


def _cropped_size(a: Attributes, xs: tuple[Shape, ...]) -> Numbers:
    if (a.size is None) == (a.like is None):
        raise SettingFact("size", "`crop` takes either `size` or `like`")
    if a.size is not None:
        return a.size
    if len(xs[1]) != 3:
        raise MismatchFact(xs, (), "`like` must be a map, `[C, H, W]`")
    return (xs[1][1], xs[1][2])


def _crop_corner(a: Attributes, x: Shape, target: Numbers) -> Numbers:
    return ((x[1] - target[0]) // 2, (x[2] - target[1]) // 2) if isinstance(a.offset, str) else a.offset


def _crop_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    target = _cropped_size(a, xs)
    argument = "size" if a.size is not None else "like"
    for name, wanted, there in zip(("high", "wide"), target, x[1:], strict=True):
        if decide(">", wanted, there):
            raise SettingFact(argument, f"the picture is only {there} {name}, but {wanted} are needed")
    for name, at, wanted, there in zip(("high", "wide"), _crop_corner(a, x, target), target, x[1:], strict=True):
        if a.offset != CENTRE and decide(">", at + wanted, there):
            raise SettingFact("offset", f"the picture is only {there} {name}, but {at} + {wanted} are needed")
    return (x[0], *target)


def _crop_torch(s: Site) -> TorchCall:
    size_text = "{1}.shape[2:]" if s.a.like else "{size}"
    settings: list[tuple[str, Setting]] = [] if s.a.like else [("size", s.a.size)]
    if s.a.offset == CENTRE:
        return TorchCall(f"crop({{0}}, {size_text})", tuple(settings), ("crop",))
    return TorchCall(f"crop({{0}}, {size_text}, {{offset}})", (*settings, ("offset", s.a.offset)), ("crop",))


def _crop_view(s: Site) -> View:
    top, left = _crop_corner(s.a, s.x, (s.y[1], s.y[2]))
    return Window.moved((-top, -left))


def _corner_words(s: Site) -> str:
    return "" if s.a.offset == CENTRE else f"from [{s.a.offset[0]}, {s.a.offset[1]}]"


CROP = rearrangement(
    "crop",
    "a part of the picture, `[C, H, W] -> [C, h, w]`: the middle, `(H - h)//2`, or from `offset`",
    (3,),
    _crop_shape,
    _crop_torch,
    (
        Argument("size", or_none(size), None, ("none",), told="in head", spatial=True),
        value_argument("like", required=False),
        Argument("offset", _crop_offset, CENTRE, ("centre",), told=_corner_words, spatial=True),
    ),
    is_view=True,
    view=_crop_view,
    head=lambda s: f"crop {size_words((s.y[1], s.y[2]))}",
    sizes_of=(1,),
    example=Example(ON_MAP, "crop 48"),
    called_elsewhere=("center_crop",),
)


def _amount(value: object, axes: int | None) -> Sides:
    if isinstance(value, Word):
        raise ArgumentFact("an integer of at least 0, `[h, w]` or `[top, bottom, left, right]`", value)
    return sides(value, axes)


def _pad_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    c, h, w = xs[0]
    top, bottom, left, right = a.amount
    return (c + a.channels, h + top + bottom, w + left + right)


def _pad_torch(s: Site) -> TorchCall:
    top, bottom, left, right = s.a.amount
    around = (left, right, top, bottom)
    return TorchCall("F.pad({0}, {sides})", (("sides", (*around, 0, s.a.channels) if s.a.channels else around),))


PAD = rearrangement(
    "pad",
    "zeros around the picture and after the last channel: `[C, H, W] -> [C + channels, H + top + bottom, W + left + right]`",
    (3,),
    _pad_shape,
    _pad_torch,
    (
        Argument("amount", _amount, NO_SIDES, told="in head", spatial=True),
        Argument("channels", natural, 0, told=lambda s: f"{s.a.channels} more channels" if s.a.channels else ""),
    ),
    view=lambda s: Window.moved(s.a.amount[::2]),
    head=lambda s: "pad" if s.a.amount == NO_SIDES else f"pad {value_words(s.a.amount)}",
    example=Example(ON_MAP, "pad 1 channels=64"),
    called_elsewhere=("zero_pad", "zero_padding"),
)

TITLE = "Values rearranged"
"""Of the family, in the reference."""
OPERATORS = (FLATTEN, RESHAPE, SHUFFLE, PIXELSHUFFLE, SPACETODEPTH, SLICE, CROP, PAD)
