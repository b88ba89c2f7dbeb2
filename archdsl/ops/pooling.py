"""Pools, of positions and of channels, and `unpool`. Must not know where indices flow in a graph.

The contract of `unpool`: it has one value argument, the pool. Its site's `xs` are (x, the pool's output shape, the pool's input
shape); in its lowering `{0}` is x and `{1}` the indices that the pool remembered (row * W + column in a plane of the pool's
input, int64), and the plane's size is a setting. For that the pool's own lowering takes `return_indices=True`, which the
backend adds if a node has `indices`; it then gives (result, indices).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Unpack

from archdsl.ops import windows
from archdsl.ops.arguments import flag, size, stride, value_argument
from archdsl.ops.captions import size_words
from archdsl.ops.checks import common_divisor, quotient, require_equal
from archdsl.ops.facts import SettingFact
from archdsl.ops.operation_counts import largest, mean
from archdsl.ops.operator import (
    ON_MAP,
    SPATIAL,
    Argument,
    Attributes,
    Computed,
    Example,
    Further,
    Numbers,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    TorchCall,
    TorchLowering,
    TorchModule,
)
from archdsl.ops.views import EVERYTHING, POINT, UNKNOWN, Line, Lines, View
from archdsl.shapes import (
    Dim,
    Formula,
    Shape,
    Undecided,
    channel_axis,
    channels,
    decide,
    numel,
    shape_of,
    spatial,
)

_PADS = ("same", "valid", "tf")
_WINDOW = (
    Argument("k", size, told="in head", spatial=True),
    Argument("stride", stride, Computed("k", lambda a, xs: a.k), told=windows.stride_words, spatial=True),
    Argument("pad", windows.pad_taker(*_PADS), windows.NO_SIDES, _PADS, told=windows.pad_words, spatial=True),
)


def pool(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape],
    flops: Callable[[Site], Dim],
    saved: Callable[[Site], Saved],
    view: Callable[[Site], View],
    torch: Callable[[Site], TorchLowering],
    head: Callable[[Site], str],
    ranks: tuple[int, ...] = SPATIAL,
    **further: Unpack[Further],
) -> Operator:
    """What all pools share: no parameters, no multiply-accumulates, an output of their own."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ranks,
        shape=shape,
        parameters=lambda s: (),
        macs=lambda s: 0,
        flops=flops,
        depth=0,
        in_memory=True,
        in_place=False,
        is_view=False,
        saved=saved,
        view=view,
        torch=torch,
        symbol=Symbol("pool", head),
        **further,
    )


def _index_bytes(s: Site) -> Dim:
    return windows.INDEX_BYTES * numel(s.y)


# Sliding pools.


def _sliding_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    spans, around = windows.extent(a), windows.sides(a, x)
    # A window of padding alone has no maximum and no mean; PyTorch draws the line at half a window.
    for span, both in zip(spans, windows.pairs(around), strict=True):
        if any(decide(">", 2 * side, span) for side in both):
            raise SettingFact("pad", f"at most half of the window's {span} positions may be padding on one side")
    return shape_of(channels(x), windows.positions(a, x))


def _sliding_settings(s: Site, padded: bool) -> list[tuple[str, Setting]]:
    """Stride, padding, dilation and rounding as the PyTorch modules (or, `padded`, the support classes) take them."""
    a = s.a
    settings: list[tuple[str, Setting]] = []
    dilated = "dilation" in a and not windows.is_all(a.dilation, 1)
    if padded:
        settings += [("stride", a.stride), ("pad", windows.printed_pad(a))]
        settings += [("dilation", a.dilation)] if dilated else []
    else:
        settings += [("stride", windows.printed(a.stride))] if a.stride != a.k else []
        pad = windows.symmetric(a)
        settings += [("padding", windows.printed(pad))] if pad is not None and not windows.is_all(pad, 0) else []
        settings += [("dilation", windows.printed(a.dilation))] if dilated else []
    # As many windows as `tf` has fit exactly.
    return settings + ([("ceil_mode", True)] if a.ceil and a.pad != "tf" else [])


def _maxpool_saved(s: Site) -> Saved:
    padded = windows.padded(s.a, s.x)
    if padded is None:
        return Saved((0,), extra_bytes=_index_bytes(s))
    # The lowering pools the padded copy and then drops the windows that start in its padding.
    places = windows.positions(Attributes(s.a, pad=(0,) * (2 * len(s.a.k))), padded)
    return Saved(extra_bytes=windows.FLOAT_BYTES * numel(padded) + windows.INDEX_BYTES * channels(s.x) * numel(places))


def _sliding_torch(s: Site, kind: str, *more: tuple[str, Setting]) -> TorchModule:
    padded = windows.symmetric(s.a) is None
    name = windows.torch_class(kind, len(s.a.k), "Padded" if padded else "")
    kernel = s.a.k if padded else windows.printed(s.a.k)
    return TorchModule(name, (kernel,), (*_sliding_settings(s, padded), *more))


MAXPOOL = pool(
    name="maxpool",
    positions="gives",
    meaning="largest value of each window: `[C, H, W] -> [C, H', W']`; `ceil` rounds up, but starts no window in right padding",
    arguments=(
        *_WINDOW,
        Argument("dilation", stride, windows.ONCE, spatial=True),
        Argument("ceil", flag, False),
    ),
    shape=_sliding_shape,
    flops=lambda s: numel(s.y) * largest(numel(s.a.k)),
    saved=_maxpool_saved,
    view=lambda s: windows.window(s.a, s.x),
    torch=lambda s: _sliding_torch(s, "MaxPool"),
    head=lambda s: f"max pool {size_words(s.a.k)}",
    example=Example(ON_MAP, "maxpool 3x3 stride=2 pad=1"),
    called_elsewhere=("pool", "max_pooling"),
)


def _avgpool_saved(s: Site) -> Saved:
    padded = windows.padded_bytes(s.a, s.x)
    # A lowering without built-in padding divides by the number of real positions of each window.
    counts = 0 if s.a.include_pad or windows.symmetric(s.a) is not None else windows.FLOAT_BYTES * numel(spatial(s.y))
    return Saved(() if padded else (0,), extra_bytes=padded, fixed_bytes=counts)


AVGPOOL = pool(
    name="avgpool",
    meaning="mean of each window: `[C, H, W] -> [C, H', W']`; `include_pad` counts padding as zeros",
    arguments=(
        *_WINDOW,
        Argument("ceil", flag, False),
        Argument("include_pad", flag, True, told=lambda s: "" if s.a.include_pad else "padding not counted"),
    ),
    shape=_sliding_shape,
    flops=lambda s: numel(s.y) * mean(numel(s.a.k)),
    saved=_avgpool_saved,
    view=lambda s: windows.window(s.a, s.x),
    torch=lambda s: _sliding_torch(s, "AvgPool", *([] if s.a.include_pad else [("count_include_pad", False)])),
    head=lambda s: f"avg pool {size_words(s.a.k)}",
    example=Example(ON_MAP, "avgpool 2x2"),
    called_elsewhere=("average_pooling", "avg_pooling", "average_pool"),
)


# Adaptive pools: window i of o over H positions is floor(i*H/o) to ceil((i+1)*H/o).


def _widest(positions: Dim, count: Dim) -> Dim:
    """The extent of the widest window.

    With H/o = h/q in lowest terms, i*h takes every remainder modulo q; from the remainder q - 1 a window reaches furthest:
    `ceil((q - 1 + h)/q) = floor((h - 2)/q) + 2` positions.

    Raises:
        Undecided: no formula of the free sizes tells it.
    """
    return quotient(positions - 2 * common_divisor(positions, count), count) + 2


def _together(positions: Dim, count: Dim) -> Dim:
    """The extents of all windows: of the o - 1 inner borders all but gcd(H, o) - 1 cut a position, which two windows share.

    Raises:
        Undecided: no formula of the free sizes tells it.
    """
    return positions + count - common_divisor(positions, count)


def _adaptive_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    """The wanted sizes of the spatial axes.

    Raises:
        Undecided: how much there is to compute has no formula of the free sizes.
    """
    sizes = _wanted(a)
    for positions, count in zip(spatial(xs[0]), sizes, strict=True):
        if isinstance(positions, Formula) or isinstance(count, Formula):
            common_divisor(positions, count)
    return shape_of(channels(xs[0]), sizes)


def _adaptive_view(s: Site) -> View:
    if windows.is_all(_wanted(s.a), 1):
        return EVERYTHING
    try:
        lines = list(map(_adaptive_lines, spatial(s.x), spatial(s.y)))
    except (TypeError, Undecided):
        # Free sizes that have no quotient.
        return UNKNOWN
    return Lines(tuple([low for low, _ in lines]), tuple([high for _, high in lines]))


def _adaptive_lines(positions: Dim, count: Dim) -> tuple[Line, Line]:
    """The window at p goes from `floor(p*H/o)` to before `ceil((p + 1)*H/o)`.

    If H/o is a formula, the widest window is given for each p; they are all alike if o divides H.
    """
    step = Fraction(positions, count) if isinstance(positions, int) and isinstance(count, int) else positions / count
    if isinstance(step, Formula):
        return Line(step), Line(step, more=_widest(positions, count) - 1)
    n, d = step.as_integer_ratio()
    return Line(n, 0, d), Line(n, n - 1, d)


def adaptive_flops(s: Site, of_all: Callable[[Dim, Dim], Dim] = lambda positions, count: positions) -> Dim:
    """`of_all` gets (positions of all windows together, windows); a mean has an operation a position."""
    positions = numel(tuple(map(_together, spatial(s.x), spatial(s.y))))
    return of_all(channels(s.x) * positions, numel(s.y))


def _wanted(a: Attributes) -> Numbers:
    assert a.size is not None
    return a.size


def _adaptive_torch(s: Site, kind: str) -> TorchModule:
    sizes = _wanted(s.a)
    return TorchModule(windows.torch_class(kind, len(sizes)), (windows.printed(sizes),))


ADAPTIVE_AVGPOOL = pool(
    name="adaptive_avgpool",
    meaning="mean of each of `size` windows, as equal as they can be: `[C, H, W] -> [C, h, w]`",
    arguments=(Argument("size", size, told="in head", spatial=True),),
    shape=_adaptive_shape,
    flops=adaptive_flops,
    # One window is a plain mean, whose gradient needs no input.
    saved=lambda s: Saved() if windows.is_all(_wanted(s.a), 1) else Saved((0,)),
    view=_adaptive_view,
    torch=lambda s: _adaptive_torch(s, "AdaptiveAvgPool"),
    head=lambda s: f"avg pool to {size_words(_wanted(s.a))}",
    example=Example(ON_MAP, "adaptive_avgpool 7"),
)

ADAPTIVE_MAXPOOL = pool(
    name="adaptive_maxpool",
    meaning="largest value of each of `size` windows, as equal as they can be: `[C, H, W] -> [C, h, w]`",
    arguments=(Argument("size", size, told="in head", spatial=True),),
    shape=_adaptive_shape,
    flops=lambda s: adaptive_flops(s, lambda positions, count: positions - count),
    saved=lambda s: Saved((0,), extra_bytes=_index_bytes(s)),
    view=_adaptive_view,
    torch=lambda s: _adaptive_torch(s, "AdaptiveMaxPool"),
    head=lambda s: f"max pool to {size_words(_wanted(s.a))}",
    example=Example(ON_MAP, "adaptive_maxpool [1, 2]"),
)


# Global pooling.


def global_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    """One number for each channel, over all positions."""
    x = xs[0]
    return shape_of(channels(x), [1 for _ in spatial(x)] if a.keep else [])


def _gap_torch(s: Site) -> TorchLowering:
    if s.a.keep and len(s.x) > 2:
        return TorchModule(windows.torch_class("AdaptiveAvgPool", len(s.x) - 1), (1,))
    dims = windows.spatial_dims(s.x)
    return TorchCall(f"{{0}}.mean({dims}, keepdim=True)" if s.a.keep else f"{{0}}.mean({dims})")


def _kept_words(s: Site) -> str:
    kept = "to 1 token" if len(s.x) == 2 else f"to {size_words(spatial(s.y))}"
    return kept if s.a.keep else ""


GAP = pool(
    name="gap",
    meaning="global average: `[C, H, W] -> [C]`, or `[C, 1, 1]` with `keep`; over tokens `[T, D] -> [D]`",
    arguments=(Argument("keep", flag, False, told=_kept_words),),
    shape=global_shape,
    flops=lambda s: mean(numel(s.x)),
    saved=lambda s: Saved(),
    view=lambda s: EVERYTHING,
    torch=_gap_torch,
    head=lambda s: "global avg pool",
    example=Example(ON_MAP, "gap"),
    called_elsewhere=("global_avgpool", "global_average_pooling", "global_average_pool", "global_pool", "global_avg_pooling"),
)


# Over the channels. Woo et al., "CBAM: Convolutional Block Attention Module", ECCV 2018, section 3.


def _channel_pool(word: str, meaning: str, flops: Callable[[Site], Dim], saved: Saved, method: str, example: str) -> Operator:
    return pool(
        name=f"channel_{word}pool",
        meaning=f"{meaning} of each position's channels: `[C, H, W] -> [1, H, W]`, `[T, D] -> [T, 1]` (CBAM)",
        arguments=(),
        shape=lambda a, xs: shape_of(1, spatial(xs[0])),
        flops=flops,
        saved=lambda s: saved,
        view=lambda s: POINT,
        torch=lambda s: TorchCall(f"{{0}}.{method}({1 + channel_axis(s.x)}, keepdim=True)"),
        head=lambda s: f"channel {word} pool",
        example=Example(ON_MAP, example),
    )


CHANNEL_AVGPOOL = _channel_pool("avg", "mean", lambda s: mean(numel(s.x)), Saved(), "mean", "channel_avgpool")
CHANNEL_MAXPOOL = _channel_pool(
    "max",
    "largest",
    lambda s: numel(s.x) - numel(s.y),
    Saved((0,), output=True),
    "amax",
    "concat < channel_avgpool | channel_maxpool >",
)


# Unpooling.


def _unpool_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x, pooled, plane = xs
    require_equal("`unpool` puts the value at the positions of the pool's result, so both must have the same shape", x, pooled)
    return shape_of(channels(x), spatial(plane))


def _unpool_view(s: Site) -> View:
    """A place holds what the windows of the pool that cover it gave."""
    assert s.undoes is not None
    kernel, stride, before, dense = s.undoes
    return windows.gathered(kernel, stride, before) if all(dense) else UNKNOWN


def _unpool_torch(s: Site) -> TorchCall:
    if len(s.x) == 2:
        return TorchCall("unpool_tokens({0}, {1}, {size})", (("size", s.y[0]),), ("unpool_tokens",))
    return TorchCall("unpool({0}, {1}, {size})", (("size", spatial(s.y)),), ("unpool",))


UNPOOL = pool(
    name="unpool",
    positions="takes",
    meaning="each value to where the labeled `maxpool` found it, else 0: `[C, h, w] -> [C, H, W]` of the pool's input",
    arguments=(value_argument("pool"),),
    shape=_unpool_shape,
    flops=lambda s: 0,
    # The indices are kept too, but they are the pool's and counted there.
    saved=lambda s: Saved(),
    view=_unpool_view,
    torch=_unpool_torch,
    head=lambda s: "unpool",
    example=Example(ON_MAP, "p: maxpool 2x2 ; unpool @p"),
)

TITLE = "Pools"
"""Of the family, in the reference."""
OPERATORS = (MAXPOOL, AVGPOOL, ADAPTIVE_AVGPOOL, ADAPTIVE_MAXPOOL, GAP, CHANNEL_AVGPOOL, CHANNEL_MAXPOOL, UNPOOL)
