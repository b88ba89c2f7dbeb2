"""Values read at places that another value names: `sample`, `correlate`, `roialign`, `deform_conv`. Must not make the places.

Reading between positions is bilinear, with zeros outside, as in PyTorch's `grid_sample` and torchvision's operators.
"""

from __future__ import annotations

from archdsl.ops import operation_counts, windows
from archdsl.ops.arguments import count, flag, natural, positive, size, stride, value_argument
from archdsl.ops.captions import BIAS, counted, size_words
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.convolution import SAME
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import (
    ON_MAP,
    Argument,
    Attributes,
    Example,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    Tensor,
    TorchCall,
    TorchModule,
)
from archdsl.ops.views import EVERYTHING
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.shapes import Dim, Formula, Shape, decide, numel, shape_text

_BILINEAR = 4 * operation_counts.MULTIPLY + 3 * operation_counts.ADD
"""Four neighbors, weighed and summed."""


def _same(one: Shape, other: Shape) -> bool:
    return len(one) == len(other) and all(decide("==", a, b) for a, b in zip(one, other, strict=True))


# Anywhere


def _sample_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x, grid = xs
    if len(grid) != 3 or not decide("==", grid[0], 2):
        raise SettingFact("grid", f"places are [2, h, w], x then y from -1 to 1, and this is {shape_text(grid)}")
    return (x[0], *grid[1:])


SAMPLE = Operator(
    name="sample",
    meaning="the map read at places `[2, h, w]`, x then y from -1 to 1: `[C, H, W] -> [C, h, w]`; bilinear, zeros outside",
    arguments=(value_argument("grid"), Argument("align_corners", flag, False, by_name=True)),
    ranks=(3,),
    shape=_sample_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: _BILINEAR * numel(s.y),
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    # The places in the order that PyTorch reads them, which is a view of theirs.
    saved=lambda s: Saved((0, 1)),
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall(
        "F.grid_sample({0}, {1}.movedim(1, -1), align_corners={align})", (("align", bool(s.a.align_corners)),)
    ),
    symbol=Symbol("resize", lambda s: "sample"),
    example=Example(ON_MAP, "p: < conv 3x3 2 ; tanh > ; sample @p"),
    called_elsewhere=("grid_sample", "spatial_transformer", "warp"),
)

# Of another map


def _correlate_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    if not _same(xs[1], xs[0]):
        raise SettingFact("other", f"both maps must be {shape_text(xs[0])}, and this is {shape_text(xs[1])}")
    side = 2 * a.radius + 1
    return (side * side, *xs[0][1:])


CORRELATE = Operator(
    name="correlate",
    meaning="dot products, over the root of C, with another map moved by up to r: `[C, H, W] -> [(2*r+1)**2, H, W]`",
    arguments=(value_argument("other"), Argument("radius", natural, told="in head")),
    ranks=(3,),
    shape=_correlate_shape,
    parameters=lambda s: (),
    macs=lambda s: numel(s.y) * s.x[0],
    macs_worked=lambda s: f"{numel(s.y)} places * {s.x[0]} products each",
    flops=lambda s: operation_counts.DIVIDE * numel(s.y),
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=lambda s: _correlate_saved(s),
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall("correlated({0}, {1}, {radius})", (("radius", s.a.radius),), ("correlated",)),
    symbol=Symbol("attention", lambda s: f"correlate, radius {s.a.radius}"),
    example=Example(ON_MAP, "k: identity ; correlate @k 4"),
    called_elsewhere=("cost_volume", "correlation"),
)


def _correlate_saved(s: Site) -> Saved:
    """Both maps, each as the product takes it: one by its positions, the other with all that surrounds them."""
    return Saved(extra_bytes=FLOAT_BYTES * numel(s.x) * (s.y[0] + 1))


# Of boxes


def _boxes_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x, boxes = xs
    if len(boxes) != 2 or not decide("==", boxes[1], 4):
        raise SettingFact("boxes", f"boxes are [N, 4], two corners each, and this is {shape_text(boxes)}")
    return (x[0], boxes[0], *(a.size or ()))


def _box_size(value: object) -> tuple[Dim, ...]:
    """The height and width of what each box becomes."""
    return size(value, 2)


def _sampled(value: object) -> int:
    """How many places a side of a bin has; 0: as many as positions of the map, which the boxes tell."""
    got = natural(value)
    if isinstance(got, Formula) or got > 16:
        raise ArgumentFact("an integer from 0 to 16", value)
    return got


def _places(s: Site) -> int:
    """Places a bin: with `ratio=0` there are as many as the boxes tell, and one is counted."""
    return max(s.a.ratio, 1) ** 2


ROIALIGN = Operator(
    name="roialign",
    meaning="the map inside boxes `[N, 4]`, corners x, y, x, y: `[C, H, W] -> [C, N, h, w]`; `scale` from boxes to the "
    "map, `ratio*ratio` places a bin (0: as many as it covers positions), `aligned` half a position back",
    arguments=(
        Argument("size", _box_size, told="in head"),
        value_argument("boxes"),
        Argument("scale", positive, 1, by_name=True),
        Argument("ratio", _sampled, 0),
        Argument("aligned", flag, False),
    ),
    ranks=(3,),
    shape=_boxes_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: numel(s.y) * (_BILINEAR + 1) * _places(s),
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved((0,), extra_bytes=FLOAT_BYTES * (2 * numel(s.y[1:]) * _places(s) + s.y[1])),
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall(
        "aligned_boxes({0}, {1}, {size}, {scale}, {ratio}, {aligned})",
        (("size", s.a.size), ("scale", s.a.scale), ("ratio", s.a.ratio), ("aligned", bool(s.a.aligned))),
        ("aligned_boxes",),
    ),
    symbol=Symbol("pool", lambda s: f"roialign {size_words(s.a.size or ())}"),
    example=Example("[196, 4]", "b: identity ; learned 64 56 56 ; roialign 7 @b"),
    called_elsewhere=("roi_align", "roi_pool", "roi_pooling"),
)

# Around each position


def _deform_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x, offsets = xs[0], xs[1]
    require_divides("the input channels", x[0], "groups", a.groups)
    require_divides("the output channels", a.c, "groups", a.groups)
    places = windows.positions(a, x)
    taps = numel(a.k)
    _check_map("offsets", offsets, places, 2 * taps, f"dy and dx of each of {taps} taps")
    if a.mask:
        _check_map("mask", xs[2], places, taps, f"a factor of each of {taps} taps")
        if not decide("==", xs[2][0] * 2, offsets[0]):
            raise SettingFact("mask", f"it has {xs[2][0]} channels beside {offsets[0]} of the offsets, and not half as many")
    require_divides("the input channels", x[0], "offsets", quotient(offsets[0], 2 * taps))
    return (a.c, *places)


def _check_map(name: str, found: Shape, places: tuple[Dim, ...], many: Dim, what: str) -> None:
    fits = len(found) == 3 and _same(found[1:], places)
    if not fits or not decide("==", quotient(found[0], many) * many, found[0]):
        wanted = shape_text((many, *places))
        raise SettingFact(name, f"it must be {wanted} ({what}), or several of them for slices of the channels")


def _deform_weight(s: Site) -> Shape:
    return (s.a.c, quotient(s.x[0], s.a.groups), *s.a.k)


def _deform_parameters(s: Site) -> tuple[Tensor, ...]:
    weight = Tensor("weight", _deform_weight(s))
    return (weight, Tensor("bias", (s.a.c,))) if s.a.bias else (weight,)


def _deform_saved(s: Site) -> Saved:
    """The places, what is read there, and with a mask also before it is multiplied."""
    places, taps = numel(s.y[1:]), numel(s.a.k)
    slices = quotient(s.xs[1][0], 2 * taps)
    read = s.x[0] * taps * places
    numbers = 2 * slices * taps * places + (2 if s.a.mask else 1) * read
    return Saved((0, 2) if s.a.mask else (0,), extra_bytes=FLOAT_BYTES * numbers)


def _deform_torch(s: Site) -> TorchModule:
    both = windows.symmetric(s.a)
    settings: list[tuple[str, Setting]] = [] if windows.is_all(s.a.stride, 1) else [("stride", windows.printed(s.a.stride))]
    if both is None or not windows.is_all(both, 0):
        settings.append(("pad", windows.sides(s.a, s.x)))
    settings += [] if windows.is_all(s.a.dilation, 1) else [("dilation", windows.printed(s.a.dilation))]
    settings += [("groups", s.a.groups)] if s.a.groups != 1 else []
    settings += [] if s.a.bias else [("bias", False)]
    return TorchModule("DeformConv2d", (s.x[0], s.a.c, s.a.k), tuple(settings))


_CORNERS = ("same", "valid")

DEFORM_CONV = Operator(
    name="deform_conv",
    meaning="convolution whose taps are moved: `[C, H, W]` with offsets `[2*k*k, H', W']`, dy and dx of each tap, gives "
    "`[c, H', W']`; `mask`, `[k*k, H', W']`, multiplies what is read",
    arguments=(
        Argument("k", size, told="in head", spatial=True),
        Argument("c", count, told="in head"),
        value_argument("offsets"),
        value_argument("mask", required=False),
        Argument("stride", stride, windows.ONCE, told=windows.stride_words, spatial=True, by_name=True),
        Argument("pad", windows.pad_taker(*_CORNERS), SAME, _CORNERS, told=lambda s: windows.pad_words(s, SAME), spatial=True),
        Argument("dilation", stride, windows.ONCE, spatial=True),
        Argument("groups", count, 1, told=counted("groups")),
        Argument("bias", flag, True, told=BIAS),
    ),
    ranks=(3,),
    shape=_deform_shape,
    parameters=_deform_parameters,
    macs=lambda s: numel(s.y) * numel(_deform_weight(s)[1:]),
    macs_worked=lambda s: f"{numel(s.y)} outputs * {numel(_deform_weight(s)[1:])} products each",
    flops=lambda s: (
        s.x[0] * numel(s.a.k) * numel(s.y[1:]) * (_BILINEAR + (1 if s.a.mask else 0)) + (numel(s.y) if s.a.bias else 0)
    ),
    depth=1,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=_deform_saved,
    view=lambda s: EVERYTHING,
    torch=_deform_torch,
    symbol=Symbol("conv", lambda s: f"deform_conv {size_words(s.a.k)}, {s.a.c}"),
    example=Example(ON_MAP, "o: conv 3x3 18 ; deform_conv 3x3 64 @o"),
    called_elsewhere=("deformable_conv", "dcn"),
)

TITLE = "Places"
"""Of the family, in the reference."""
OPERATORS = (SAMPLE, CORRELATE, ROIALIGN, DEFORM_CONV)
