"""What is at the borders, taken away or added: `crop`, `pad`. Must not compute.

Neither counts in `memory`, nor has MACs, FLOPs, parameters, or anything to keep for backward.
"""

from __future__ import annotations

from archdsl.ops import windows
from archdsl.ops.arguments import LISTS_OF_SIDES, Word, natural, offsets, one_of, or_none, sides, size, value_argument
from archdsl.ops.captions import sides_words, size_words
from archdsl.ops.facts import ArgumentFact, MismatchFact, SettingFact
from archdsl.ops.operator import (
    ON_MAP,
    SPATIAL,
    Argument,
    Attributes,
    Example,
    Numbers,
    Saved,
    Setting,
    Sides,
    Site,
    TorchCall,
)
from archdsl.ops.reshape import rearrangement
from archdsl.ops.views import View, Window
from archdsl.shapes import Shape, channels, decide, shape_of, spatial

CENTRE = Word("centre")
_CORNERS = {1: "", 2: " or `[top, left]`", 3: " or `[first, top, left]`"}


def _crop_offset(value: object, axes: int | None) -> str | Numbers:
    if value == CENTRE and isinstance(value, Word):
        return value
    try:
        return offsets(value, axes)
    except ArgumentFact:
        raise ArgumentFact(f"`centre`, an integer of at least 0{_CORNERS[axes or 2]}", value) from None


def _cropped_size(a: Attributes, xs: tuple[Shape, ...]) -> Numbers:
    if (a.size is None) == (a.like is None):
        raise SettingFact("size", "`crop` takes either `size` or `like`")
    return a.size if a.size is not None else size_of_like(xs)


_WITH_AXES = {2: "tokens, `[T, D]`", 3: "a map, `[C, H, W]`", 4: "a video, `[C, T, H, W]`"}


def size_of_like(xs: tuple[Shape, ...]) -> Numbers:
    """The sizes of the spatial axes of `like`, the second input."""
    if len(xs[0]) != len(xs[1]):
        raise MismatchFact(xs, (), f"`like` must be {_WITH_AXES[len(xs[0])]}")
    return spatial(xs[1])


def _crop_corner(a: Attributes, x: Shape, target: Numbers) -> Numbers:
    if not isinstance(a.offset, str):
        return a.offset
    return tuple([(there - wanted) // 2 for there, wanted in zip(spatial(x), target, strict=True)])


_DIRECTIONS = {2: ("long",), 3: ("high", "wide"), 4: ("long", "high", "wide")}


def _crop_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    target = _cropped_size(a, xs)
    argument, what = "size" if a.size is not None else "like", "picture" if len(x) == 3 else "value"
    axes = list(zip(_DIRECTIONS[len(x)], _crop_corner(a, x, target), target, spatial(x), strict=True))
    for name, _, wanted, there in axes:
        if decide(">", wanted, there):
            raise SettingFact(argument, f"the {what} is only {there} {name}, but {wanted} are needed")
    for name, at, wanted, there in axes:
        if a.offset != CENTRE and decide(">", at + wanted, there):
            raise SettingFact("offset", f"the {what} is only {there} {name}, but {at} + {wanted} are needed")
    return shape_of(channels(x), target)


def _crop_torch(s: Site) -> TorchCall:
    if len(s.x) == 2:
        return _crop_tokens_torch(s)
    size_text = "{1}.shape[2:]" if s.a.like else "{size}"
    settings: list[tuple[str, Setting]] = [] if s.a.like else [("size", s.a.size)]
    if s.a.offset == CENTRE:
        return TorchCall(f"crop({{0}}, {size_text})", tuple(settings), ("crop",))
    return TorchCall(f"crop({{0}}, {size_text}, {{offset}})", (*settings, ("offset", s.a.offset)), ("crop",))


def _crop_tokens_torch(s: Site) -> TorchCall:
    size_text = "{1}.shape[1]" if s.a.like else "{size}"
    settings: list[tuple[str, Setting]] = [] if s.a.size is None else [("size", s.a.size[0])]
    if isinstance(s.a.offset, str):
        return TorchCall(f"{{0}}.narrow(1, ({{0}}.shape[1] - {size_text}) // 2, {size_text})", tuple(settings))
    return TorchCall(f"{{0}}.narrow(1, {{offset}}, {size_text})", (*settings, ("offset", s.a.offset[0])))


def _crop_view(s: Site) -> View:
    return Window.moved(tuple([-at for at in _crop_corner(s.a, s.x, spatial(s.y))]))


def _corner_words(s: Site) -> str:
    return "" if s.a.offset == CENTRE else f"from [{', '.join(map(str, s.a.offset))}]"


CROP = rearrangement(
    "crop",
    "a part of the picture, `[C, H, W] -> [C, h, w]`: the middle, `(H - h)//2`, or from `offset`",
    SPATIAL,
    _crop_shape,
    _crop_torch,
    (
        Argument("size", or_none(size), None, ("none",), told="in head", spatial=True),
        value_argument("like", required=False),
        Argument("offset", _crop_offset, CENTRE, ("centre",), told=_corner_words, spatial=True),
    ),
    is_view=True,
    view=_crop_view,
    head=lambda s: f"crop {size_words(spatial(s.y))}",
    sizes_of=lambda s: (1,),
    example=Example(ON_MAP, "crop 48"),
    called_elsewhere=("center_crop",),
)


def _amount(value: object, axes: int | None) -> Sides:
    if isinstance(value, Word):
        raise ArgumentFact(f"an integer of at least 0, {' or '.join(LISTS_OF_SIDES[axes or 2])}", value)
    return sides(value, axes)


def _bordered(a: Attributes) -> Attributes:
    return Attributes({"pad": a.amount, "border": a.border})


def _pad_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if a.border != "zeros" and a.channels:
        raise SettingFact("border", "more channels are zeros")
    windows.check_border(_bordered(a), x)
    axes = zip(spatial(x), windows.pairs(a.amount), strict=True)
    return shape_of(channels(x) + a.channels, [size + before + after for size, (before, after) in axes])


def _pad_torch(s: Site) -> TorchCall:
    """PyTorch takes the sides of the last axis first."""
    around = [side for both in reversed(windows.pairs(s.a.amount)) for side in both]
    if windows.is_bordered(_bordered(s.a), s.x):
        x, back = ("{0}.transpose(1, 2)", ".transpose(1, 2)") if len(s.x) == 2 else ("{0}", "")
        return TorchCall(f"F.pad({x}, {{sides}}, {{border}}){back}", (("sides", tuple(around)), ("border", s.a.border)))
    more = [0, s.a.channels] if s.a.channels or len(s.x) == 2 else []
    return TorchCall("F.pad({0}, {sides})", (("sides", tuple(more + around if len(s.x) == 2 else around + more)),))


PAD = rearrangement(
    "pad",
    "zeros (or what `border` says) around the picture, and after the last channel: "
    "`[C, H, W] -> [C + channels, H + top + bottom, W + left + right]`",
    SPATIAL,
    _pad_shape,
    _pad_torch,
    (
        Argument("amount", _amount, windows.NO_SIDES, told="in head", spatial=True),
        Argument("channels", natural, 0, told=lambda s: f"{s.a.channels} more channels" if s.a.channels else ""),
        Argument("border", one_of(*windows.BORDERS), Word("zeros"), windows.BORDERS, by_name=True),
    ),
    view=lambda s: Window.moved(s.a.amount[::2]),
    head=lambda s: "pad" if windows.is_all(s.a.amount, 0) else f"pad {sides_words(s.a.amount)}",
    saved=lambda s: Saved((0,) if s.a.border in ("reflect", "replicate") and not windows.is_all(s.a.amount, 0) else ()),
    example=Example(ON_MAP, "pad 1 channels=64"),
    called_elsewhere=("zero_pad", "zero_padding"),
)

TITLE = "Borders"
"""Of the family, in the reference."""
OPERATORS = (CROP, PAD)
