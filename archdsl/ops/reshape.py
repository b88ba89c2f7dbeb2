"""Values rearranged: `flatten`, `reshape`, `shuffle`, `pixelshuffle`, `spacetodepth`, `slice`, `split`. Must not compute.

None of them counts in `memory`, nor has MACs, FLOPs, parameters, or anything to keep for backward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import windows
from archdsl.ops.arguments import (
    Size,
    Word,
    count,
    natural,
    one_of,
    or_none,
    whole,
)
from archdsl.ops.captions import sides_words
from archdsl.ops.checks import divides, quotient, require_divides
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    Argument,
    Attributes,
    Example,
    Further,
    Operator,
    Saved,
    Site,
    Symbol,
    TorchCall,
    TorchLowering,
    TorchModule,
    dimension,
)
from archdsl.ops.reductions import AXES, axis_of
from archdsl.ops.views import EVERYTHING, POINT, UNKNOWN, View, Window
from archdsl.shapes import (
    MOST_AXES,
    Dim,
    Formula,
    Shape,
    channel_axis,
    decide,
    numel,
    shape_text,
    spatial_axes,
)

CHANNELS = Word("channels")
NOTHING = Saved()


def rearrangement(
    name: str,
    meaning: str,
    ranks: tuple[int, ...],
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape],
    torch: Callable[[Site], TorchLowering],
    arguments: tuple[Argument, ...] = (),
    is_view: bool | Callable[[Site], bool] = False,
    view: Callable[[Site], View] = lambda s: POINT,
    head: Callable[[Site], str] | None = None,
    saved: Callable[[Site], Saved] = lambda s: NOTHING,
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
        saved=saved,
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
    """`[C, T, H, W]`, `[C, H, W]`, `[T, D]` or `[D]`; one of them may be -1."""
    wanted = "one to four axes such as `[128, 7, 7]`, and at most one -1"
    if not isinstance(value, tuple) or isinstance(value, Size) or not 1 <= len(value) <= MOST_AXES:
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


def _slice_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    axis = axis_of(a.axis, x)
    length = x[axis]
    start, stop = from_start(dimension(a["from"]), length), length if a.to is None else from_start(a.to, length)
    if decide("<", start, 0) or decide(">=", start, length):
        raise SettingFact("from", f"there are only {length} {a.axis}")
    if decide(">", stop, length):
        raise SettingFact("to", f"there are only {length} {a.axis}")
    if decide("<=", stop, start):
        raise SettingFact("to", f"nothing is left from {start} to {stop}")
    return (*x[:axis], stop - start, *x[axis + 1 :])


def _slice_torch(s: Site) -> TorchCall:
    skipped = ":, " * axis_of(s.a.axis, s.x)
    start = ("start", s.a["from"])
    if s.a.to is None:
        return TorchCall(f"{{0}}[:, {skipped}{{start}}:]", (start,))
    return TorchCall(f"{{0}}[:, {skipped}{{start}}:{{stop}}]", (start, ("stop", s.a.to)))


def _slice_view(s: Site) -> View:
    axis = axis_of(s.a.axis, s.x)
    if axis == channel_axis(s.x):
        return POINT
    start = from_start(dimension(s.a["from"]), s.x[axis])
    return Window.moved(tuple([-start if at == axis else 0 for at in spatial_axes(s.x)]))


SLICE = rearrangement(
    "slice",
    "positions `from` (from 0) to `to` (excluded; none: to the end) of one axis; negative ones are counted from the end",
    ANY_RANK,
    _slice_shape,
    _slice_torch,
    (
        Argument("from", whole, told="in head"),
        Argument("to", or_none(whole), None, ("none",), told="in head"),
        Argument("axis", one_of(*AXES), CHANNELS, AXES),
    ),
    is_view=True,
    view=_slice_view,
    head=lambda s: f"slice {s.a['from']}:{'' if s.a.to is None else s.a.to}",
    example=Example(ON_MAP, "slice 0 32"),
)


def _parts(value: object) -> Dim | tuple[Dim, ...]:
    """How many equal parts, or the size of each."""
    if isinstance(value, tuple) and not isinstance(value, Size) and value:
        return tuple(map(count, value))
    number = count(value)
    if isinstance(number, Formula):
        raise ArgumentFact("a number of parts, or a list of their sizes", value)
    return number


def _number_of_parts(a: Attributes) -> int:
    parts = a.parts
    if isinstance(parts, tuple):
        return len(parts)
    assert isinstance(parts, int)
    return parts


def _split_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    axis = axis_of(a.axis, x)
    if not isinstance(a.parts, tuple):
        require_divides(f"the {a.axis}", x[axis], "parts", a.parts)
        return (*x[:axis], quotient(x[axis], a.parts), *x[axis + 1 :])
    whole: Dim = 0
    for part in a.parts:
        whole = whole + dimension(part)
    if not decide("==", whole, x[axis]):
        raise SettingFact("parts", f"the parts have {whole} {a.axis} together, and the value {x[axis]}")
    if a.i >= len(a.parts):
        raise SettingFact("i", f"there are only {len(a.parts)} parts")
    return (*x[:axis], dimension(a.parts[a.i]), *x[axis + 1 :])


def _split_torch(s: Site) -> TorchCall:
    axis = axis_of(s.a.axis, s.x) + 1
    way = "split" if isinstance(s.a.parts, tuple) else "chunk"
    return TorchCall(f"{{0}}.{way}({{n}}, dim={axis})[{{i}}]", (("n", s.a.parts), ("i", s.a.i)))


def _split_view(s: Site) -> View:
    """Parts of positions start where the ones before end."""
    axis = axis_of(s.a.axis, s.x)
    if axis == channel_axis(s.x):
        return POINT
    sizes = s.a.parts if isinstance(s.a.parts, tuple) else (s.y[axis],) * _number_of_parts(s.a)
    start: Dim = 0
    for size in sizes[: s.a.i]:
        start = start + dimension(size)
    return Window.moved(tuple([-start if at == axis else 0 for at in spatial_axes(s.x)]))


def _split_head(s: Site) -> str:
    parts = s.a.parts
    return f"split {sides_words(parts) if isinstance(parts, tuple) else parts}, part {s.a.i + 1}"


SPLIT = rearrangement(
    "split",
    "a list of so many equal parts of one axis, or of parts of the sizes in a list: `split 3`, `split [96, 12, 12]`",
    ANY_RANK,
    _split_shape,
    _split_torch,
    (
        Argument("parts", _parts, told="in head"),
        Argument("axis", one_of(*AXES), CHANNELS, AXES),
        Argument("i", natural, 0, told="in head", internal=True),
    ),
    is_view=True,
    view=_split_view,
    head=_split_head,
    parts=_number_of_parts,
    example=Example(ON_MAP, "split 2 ; mul < pick 0 ; sigmoid | pick 1 >"),
    called_elsewhere=("chunk", "unbind", "tensor_split", "split_with_sizes"),
)

TITLE = "Values rearranged"
"""Of the family, in the reference."""
OPERATORS = (FLATTEN, RESHAPE, SHUFFLE, PIXELSHUFFLE, SPACETODEPTH, SLICE, SPLIT)
