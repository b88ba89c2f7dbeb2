"""Convolutions: `conv`, `dwconv`, `blur`, `deconv`. Must not know how a window's places are counted (`windows` does).

They slide over the spatial axes of their input, however many these are.

MACs: every output number is a sum over `C/groups * kh * kw` products; of a transposed convolution every input number enters
`c/groups * kh * kw` products. Depthwise convolutions are those with one group per channel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import convolution_options as options
from archdsl.ops import windows
from archdsl.ops.arguments import (
    Word,
    count,
    flag,
    is_positive,
    offsets,
    one_of,
    or_none,
    size,
    stride,
    value_argument,
)
from archdsl.ops.captions import BIAS, counted, size_words
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import (
    ON_IMAGE,
    ON_MAP,
    SPATIAL,
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
    Tensor,
    TorchLowering,
    TorchModule,
)
from archdsl.ops.views import UNKNOWN, View, Window
from archdsl.shapes import Dim, Formula, Shape, Undecided, channels, decide, numel, shape_of, spatial

SAME = Word("same")
STANDARDIZE_EPS = 1e-6
_PADS = ("same", "valid", "tf")


_Filters = Callable[[Attributes, Shape], tuple[Dim, Dim]]
"""(attributes, input shape) -> (output channels, groups)."""


def _convolution(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    filters: _Filters,
    head: Callable[[Site], str],
    **further: Unpack[Further],
) -> Operator:
    """A convolution with `filters`; `arguments` hold k, stride, pad, dilation and bias, maybe standardize."""

    def shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
        x = xs[0]
        c, groups = filters(a, x)
        require_divides("the input channels", channels(x), "groups", groups)
        require_divides("the output channels", c, "groups", groups)
        if options.standardized(a) in (True, "scaled") and not is_positive(quotient(channels(x), groups) * numel(a.k) - 1):
            raise SettingFact("standardize", "a filter of one weight has no variance")
        if "norm_axis" in a and a.norm_axis != "filter" and options.standardized(a) != "norm":
            raise SettingFact("norm_axis", "it needs `standardize=norm`")
        if options.mask_of(a):
            options.check_mask(a, x)
        if options.takes_weights(a):
            options.check_weights(a, xs, (c, groups))
        positions = windows.positions(a, x)
        windows.check_border(a, x)
        return shape_of(c, positions)

    def weight(s: Site) -> Shape:
        c, groups = filters(s.a, s.x)
        return (c, quotient(channels(s.x), groups), *s.a.k)

    def has_bias(s: Site) -> bool:
        return bool(s.a.bias) and not options.takes_weights(s.a)

    def parameters(s: Site) -> tuple[Tensor, ...]:
        if options.takes_weights(s.a):
            return ()
        found = [Tensor("weight", weight(s))]
        if s.a.bias:
            found.append(Tensor("bias", (channels(s.y),)))
        if options.standardized(s.a) == "scaled" or (options.standardized(s.a) == "norm" and s.a.norm_axis == "filter"):
            found.append(Tensor("gain", (channels(s.y), 1, *[1 for _ in s.a.k])))
        elif options.standardized(s.a) == "norm":
            found.append(Tensor("gain", (1, 1, *s.a.k)))
        return tuple(found)

    def macs(s: Site) -> Dim:
        return numel(s.y) * numel(weight(s)[1:])

    def macs_worked(s: Site) -> str:
        return f"{_times(s.y)} outputs * {_times(weight(s)[1:])} products each"

    def saved(s: Site) -> Saved:
        padded = windows.padded_bytes(s.a, s.x)
        # Reflecting or repeating the border keeps what it was of.
        keeps_input = not padded or windows.border(s.a) in ("reflect", "replicate")
        if options.takes_weights(s.a):
            return options.saved_with_weights(s, padded)
        return Saved(
            (0,) if keeps_input else (),
            extra_bytes=padded,
            fixed_bytes=windows.FLOAT_BYTES * options.weight_numbers(s, weight(s)),
        )

    def torch(s: Site) -> TorchLowering:
        c, groups = filters(s.a, s.x)
        if options.takes_weights(s.a):
            return options.torch_with_weights(s, groups)
        pad = windows.symmetric(s.a)
        settings = _stride_setting(s)
        if pad is None:
            settings.append(("pad", windows.printed_pad(s.a)))
        elif not windows.is_all(pad, 0):
            settings.append(("padding", windows.printed(pad)))
        if not windows.is_all(s.a.dilation, 1):
            settings.append(("dilation", windows.printed(s.a.dilation)))
        settings += [("groups", groups)] if groups != 1 else []
        settings += [] if s.a.bias else [("bias", False)]
        if windows.is_bordered(s.a, s.x):
            settings.append(("padding_mode", windows.border(s.a)))
        if options.standardized(s.a) == "norm" and s.a.norm_axis == "tap":
            settings.append(("norm_axis", "tap"))
        if options.mask_of(s.a) == "inclusive":
            settings.append(("inclusive", True))
        prefix = ("Padded" if pad is None else "") + (
            "Masked" if options.mask_of(s.a) else options.PREFIXES[options.standardized(s.a)]
        )
        name = windows.torch_class("Conv", len(s.a.k), prefix)
        return TorchModule(name, (channels(s.x), c, windows.printed(s.a.k)), tuple(settings))

    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=SPATIAL,
        shape=shape,
        parameters=parameters,
        macs=macs,
        flops=lambda s: numel(s.y) if has_bias(s) else 0,
        depth=1,
        in_memory=True,
        in_place=False,
        is_view=False,
        saved=saved,
        view=lambda s: options.masked_window(s) if options.mask_of(s.a) else windows.window(s.a, s.x),
        torch=torch,
        symbol=Symbol("conv", head),
        macs_worked=macs_worked,
        **further,
    )


def _times(shape: Shape) -> str:
    return "*".join(str(axis) for axis in shape)


def _stride_setting(s: Site) -> list[tuple[str, Setting]]:
    return [] if windows.is_all(s.a.stride, 1) else [("stride", windows.printed(s.a.stride))]


_KERNEL = Argument("k", size, told="in head", spatial=True)
_WINDOW = (
    Argument("stride", stride, windows.ONCE, told=windows.stride_words, spatial=True),
    Argument("pad", windows.pad_taker(*_PADS), SAME, _PADS, told=lambda s: windows.pad_words(s, SAME), spatial=True),
    Argument("dilation", stride, windows.ONCE, spatial=True),
)

_BORDER = Argument("border", one_of(*windows.BORDERS), Word("zeros"), windows.BORDERS, by_name=True)

CONV = _convolution(
    "conv",
    "convolution: `[C, H, W] -> [c, H', W']` with `H' = (H + p_top + p_bottom - d(k-1) - 1)//s + 1`",
    (
        _KERNEL,
        Argument("c", count, told="in head"),
        *_WINDOW,
        Argument("groups", count, 1, told=counted("groups")),
        Argument("bias", flag, True, told=BIAS),
        Argument("standardize", options.standardize, False, ("scaled", "norm")),
        _BORDER,
        Argument("mask", or_none(one_of(*options.MASKS)), None, ("none", *options.MASKS)),
        Argument("norm_axis", one_of(*options.NORM_AXES), Word("filter"), options.NORM_AXES),
        value_argument("weights", required=False),
    ),
    lambda a, x: (a.c, a.groups),
    lambda s: f"conv {size_words(s.a.k)}, {s.a.c}",
    example=Example(ON_IMAGE, "conv 7x7 64 stride=2"),
    called_elsewhere=("convolution", "patchify", "grouped_conv", "group_conv"),
)

DWCONV = _convolution(
    "dwconv",
    "depthwise convolution, one filter (or `mult` of them) per channel: `[C, H, W] -> [C*mult, H', W']`",
    (
        _KERNEL,
        Argument("mult", count, 1, by_name=True),
        *_WINDOW,
        Argument("bias", flag, True, told=BIAS),
        _BORDER,
    ),
    lambda a, x: (channels(x) * a.mult, channels(x)),
    lambda s: f"dwconv {size_words(s.a.k)}",
    example=Example(ON_MAP, "dwconv 3x3 stride=2"),
    called_elsewhere=("depthwise", "depthwise_conv", "dw"),
)


def _blur_pad(a: Attributes) -> Sides:
    """As many positions before as make the size `ceil(H / stride)`: Zhang, ICML 2019, and his code."""
    return tuple([side for k in a.k for side in ((k - 1) // 2, k // 2)])


def _with_pad(a: Attributes) -> Attributes:
    return Attributes({**a, "pad": _blur_pad(a), "border": Word("reflect"), "dilation": tuple([1 for _ in a.k])})


def _blur_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    if any(isinstance(k, Formula) for k in a.k):
        raise ArgumentFact("a size in numbers", a.k, "k")
    whole = _with_pad(a)
    windows.check_border(whole, xs[0], "k")
    return shape_of(channels(xs[0]), windows.positions(whole, xs[0]))


def _blur_saved(s: Site) -> Saved:
    """The input with its border, which the convolution keeps, and the input, which the border does."""
    whole = _with_pad(s.a)
    copy = windows.padded(whole, s.x)
    return Saved((0,), extra_bytes=windows.FLOAT_BYTES * numel(copy) if copy else 0)


BLUR = Operator(
    name="blur",
    meaning="a binomial filter (of 3: 1, 2, 1 over 4) on each channel, the border reflected: `[C, H, W] -> [C, ceil(H/s), …]`; "
    "nothing is learned",
    arguments=(
        _KERNEL,
        Argument("stride", stride, windows.ONCE, told=windows.stride_words, spatial=True),
    ),
    ranks=SPATIAL,
    shape=_blur_shape,
    parameters=lambda s: (),
    macs=lambda s: numel(s.y) * numel(s.a.k),
    macs_worked=lambda s: f"{_times(s.y)} outputs * {_times(s.a.k)} products each",
    flops=lambda s: 0,
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=_blur_saved,
    view=lambda s: windows.window(_with_pad(s.a), s.x),
    torch=lambda s: TorchModule(
        "Blur", (channels(s.x), s.a.k), (("stride", s.a.stride),) if not windows.is_all(s.a.stride, 1) else ()
    ),
    symbol=Symbol("pool", lambda s: f"blur {size_words(s.a.k)}"),
    example=Example(ON_MAP, "blur 3 stride=2"),
    called_elsewhere=("blurpool", "blur_pool", "antialias"),
)


def _deconv_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    require_divides("the input channels", channels(x), "groups", a.groups)
    require_divides("the output channels", a.c, "groups", a.groups)
    if a.pad == "tf" and not windows.is_all(a.output_pad, 0):
        raise SettingFact("output_pad", "`pad=tf` makes the size `stride*H`")
    for more, step, apart in zip(a.output_pad, a.stride, a.dilation, strict=True):
        if decide(">=", more, step) and decide(">=", more, apart):
            limit = "the stride" if windows.is_all(a.dilation, 1) else "the stride or the dilation"
            raise SettingFact("output_pad", f"it must be smaller than {limit}, which is {step}")
    axes = zip(spatial(x), a.stride, windows.extent(a), _output_pad(a), windows.pairs(_cropped(a)), strict=True)
    sizes = [(size - 1) * step + k + more - before - after for size, step, k, more, (before, after) in axes]
    if not all(map(is_positive, sizes)):
        raise SettingFact("pad", "it takes away the whole result")
    return shape_of(a.c, sizes)


def _cropped(a: Attributes) -> Sides:
    """What the result loses before and after each axis; TensorFlow's SAME leaves `stride*H`."""
    if a.pad == "tf":
        lost = [_most(span, step) - step for span, step in zip(windows.extent(a), a.stride, strict=True)]
        return tuple([side for one in lost for side in (one // 2, one - one // 2)])
    if isinstance(a.pad, str):
        both = windows.symmetric(a)
        assert both is not None
        return tuple([side for one in both for side in (one, one)])
    return a.pad


def _output_pad(a: Attributes) -> Numbers:
    """What the result has more after each axis: with TensorFlow's SAME where windows leave gaps."""
    if a.pad != "tf":
        return a.output_pad
    return tuple([_most(span, step) - span for span, step in zip(windows.extent(a), a.stride, strict=True)])


def _most(span: Dim, step: Dim) -> int:
    if not isinstance(span, int) or not isinstance(step, int):
        raise Undecided(span, step)
    return max(span, step)


def _deconv_weight(s: Site) -> Shape:
    return (channels(s.x), quotient(s.a.c, s.a.groups), *s.a.k)


def _deconv_parameters(s: Site) -> tuple[Tensor, ...]:
    weight = Tensor("weight", _deconv_weight(s))
    return (weight, Tensor("bias", (s.a.c,))) if s.a.bias else (weight,)


def _deconv_macs(s: Site) -> Dim:
    return numel(s.x) * numel(_deconv_weight(s)[1:])


def _deconv_view(s: Site) -> View:
    """Output position o gathers the inputs i with `o = i*stride - pad + j`, j from 0 to k - 1."""
    if windows.is_all(s.a.dilation, 1):
        return windows.gathered(s.a.k, s.a.stride, _cropped(s.a)[::2])
    if not windows.is_all(s.a.stride, 1):
        return UNKNOWN
    spans, before = windows.extent(s.a), _cropped(s.a)[::2]
    starts = tuple([span - 1 - side for span, side in zip(spans, before, strict=True)])
    return Window(spans, s.a.stride, starts, tuple([span == k for span, k in zip(spans, s.a.k, strict=True)]))


def _deconv_torch(s: Site) -> TorchModule:
    around, more = _cropped(s.a), _output_pad(s.a)
    pad = around[::2] if around[::2] == around[1::2] else None
    settings = _stride_setting(s)
    if pad is None:
        settings.append(("crop", around))
    elif not windows.is_all(pad, 0):
        settings.append(("padding", windows.printed(pad)))
    settings += [("output_padding", windows.printed(more))] if not windows.is_all(more, 0) else []
    settings += [("groups", s.a.groups)] if s.a.groups != 1 else []
    settings += [] if s.a.bias else [("bias", False)]
    settings += [] if windows.is_all(s.a.dilation, 1) else [("dilation", windows.printed(s.a.dilation))]
    name = windows.torch_class("ConvTranspose", len(s.a.k), "" if pad is not None else "Cropped")
    return TorchModule(name, (channels(s.x), s.a.c, windows.printed(s.a.k)), tuple(settings))


_CROPS = ("same", "valid", "tf")
_CROP = Argument("pad", windows.pad_taker(*_CROPS), windows.NO_SIDES, _CROPS, told=windows.pad_words, spatial=True)

DECONV = Operator(
    name="deconv",
    meaning="transposed convolution: `[C, H, W] -> [c, (H-1)*s + k - p_top - p_bottom + output_pad, …]`",
    arguments=(
        _KERNEL,
        Argument("c", count, told="in head"),
        Argument("stride", stride, windows.ONCE, told=windows.enlargement_words, spatial=True),
        _CROP,
        Argument("output_pad", offsets, windows.on_each_axis(0), spatial=True),
        Argument("groups", count, 1, told=counted("groups")),
        Argument("bias", flag, True, told=BIAS),
        Argument("dilation", stride, windows.ONCE, spatial=True, by_name=True),
    ),
    ranks=SPATIAL,
    shape=_deconv_shape,
    parameters=_deconv_parameters,
    macs=_deconv_macs,
    flops=lambda s: numel(s.y) if s.a.bias else 0,
    depth=1,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved((0,)),
    view=_deconv_view,
    torch=_deconv_torch,
    symbol=Symbol("conv", lambda s: f"deconv {size_words(s.a.k)}, {s.a.c}"),
    macs_worked=lambda s: f"{_times(s.x)} inputs * {_times(_deconv_weight(s)[1:])} products each",
    example=Example(ON_MAP, "deconv 2x2 32 stride=2"),
    called_elsewhere=("upconv", "conv_transpose", "transposed_conv", "transpose_conv", "deconvolution"),
)

TITLE = "Convolutions"
"""Of the family, in the reference."""
OPERATORS = (CONV, DWCONV, BLUR, DECONV)
