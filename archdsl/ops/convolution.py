"""Convolutions: `conv`, `dwconv`, `deconv`. Must not know how a window's places are counted (`windows` does).

They slide over the spatial axes of their input, however many these are.

MACs: every output number is a sum over `C/groups * kh * kw` products; of a transposed convolution every input number enters
`c/groups * kh * kw` products. Depthwise convolutions are those with one group per channel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import windows
from archdsl.ops.arguments import Word, count, flag, is_positive, offsets, size, stride
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
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    Tensor,
    TorchModule,
)
from archdsl.ops.views import View
from archdsl.shapes import Dim, Shape, channels, decide, numel, shape_of, spatial

SAME = Word("same")
STANDARDIZE_EPS = 1e-6
_PADS = ("same", "valid", "tf")
_PREFIXES: dict[bool | str, str] = {False: "", True: "Std", "scaled": "ScaledStd"}

_WEIGHT_STATISTICS: dict[bool | str, int] = {False: 0, True: 2, "scaled": 3}
"""Numbers that each filter keeps beside a standardised weight: mean, deviation and, scaled, the factor."""

_Filters = Callable[[Attributes, Shape], tuple[Dim, Dim]]
"""(attributes, input shape) -> (output channels, groups)."""


def _standardize(value: object) -> bool | str:
    if isinstance(value, bool) or (isinstance(value, Word) and value == "scaled"):
        return value
    raise ArgumentFact("`true`, `false` or `scaled`", value)


def _standardized(a: Attributes) -> bool | str:
    return a.standardize if "standardize" in a else False


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
        if _standardized(a) and not is_positive(quotient(channels(x), groups) * numel(a.k) - 1):
            raise SettingFact("standardize", "a filter of one weight has no variance")
        return shape_of(c, windows.positions(a, x))

    def weight(s: Site) -> Shape:
        c, groups = filters(s.a, s.x)
        return (c, quotient(channels(s.x), groups), *s.a.k)

    def parameters(s: Site) -> tuple[Tensor, ...]:
        found = [Tensor("weight", weight(s))]
        if s.a.bias:
            found.append(Tensor("bias", (channels(s.y),)))
        if _standardized(s.a) == "scaled":
            found.append(Tensor("gain", (channels(s.y), 1, *[1 for _ in s.a.k])))
        return tuple(found)

    def macs(s: Site) -> Dim:
        return numel(s.y) * numel(weight(s)[1:])

    def macs_worked(s: Site) -> str:
        return f"{_times(s.y)} outputs * {_times(weight(s)[1:])} products each"

    def saved(s: Site) -> Saved:
        padded = windows.padded_bytes(s.a, s.x)
        # A standardised weight is a tensor of its own.
        numbers = _WEIGHT_STATISTICS[_standardized(s.a)]
        standardized = numel(weight(s)) + numbers * channels(s.y) if numbers else 0
        return Saved(() if padded else (0,), extra_bytes=padded, fixed_bytes=windows.FLOAT_BYTES * standardized)

    def torch(s: Site) -> TorchModule:
        c, groups = filters(s.a, s.x)
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
        prefix = ("Padded" if pad is None else "") + _PREFIXES[_standardized(s.a)]
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
        flops=lambda s: numel(s.y) if s.a.bias else 0,
        depth=1,
        in_memory=True,
        in_place=False,
        is_view=False,
        saved=saved,
        view=lambda s: windows.window(s.a, s.x),
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

CONV = _convolution(
    "conv",
    "convolution: `[C, H, W] -> [c, H', W']` with `H' = (H + p_top + p_bottom - d(k-1) - 1)//s + 1`",
    (
        _KERNEL,
        Argument("c", count, told="in head"),
        *_WINDOW,
        Argument("groups", count, 1, told=counted("groups")),
        Argument("bias", flag, True, told=BIAS),
        Argument("standardize", _standardize, False, ("scaled",)),
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
    ),
    lambda a, x: (channels(x) * a.mult, channels(x)),
    lambda s: f"dwconv {size_words(s.a.k)}",
    example=Example(ON_MAP, "dwconv 3x3 stride=2"),
    called_elsewhere=("depthwise", "depthwise_conv", "dw"),
)


def _deconv_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    require_divides("the input channels", channels(x), "groups", a.groups)
    require_divides("the output channels", a.c, "groups", a.groups)
    for more, step in zip(a.output_pad, a.stride, strict=True):
        if decide(">=", more, step):
            raise SettingFact("output_pad", f"it must be smaller than the stride, which is {step}")
    axes = zip(spatial(x), a.stride, a.k, a.output_pad, windows.pairs(windows.sides(a, x)), strict=True)
    sizes = [(size - 1) * step + k + more - before - after for size, step, k, more, (before, after) in axes]
    if not all(map(is_positive, sizes)):
        raise SettingFact("pad", "it takes away the whole result")
    return shape_of(a.c, sizes)


def _deconv_weight(s: Site) -> Shape:
    return (channels(s.x), quotient(s.a.c, s.a.groups), *s.a.k)


def _deconv_parameters(s: Site) -> tuple[Tensor, ...]:
    weight = Tensor("weight", _deconv_weight(s))
    return (weight, Tensor("bias", (s.a.c,))) if s.a.bias else (weight,)


def _deconv_macs(s: Site) -> Dim:
    return numel(s.x) * numel(_deconv_weight(s)[1:])


def _deconv_view(s: Site) -> View:
    """Output position o gathers the inputs i with `o = i*stride - pad + j`, j from 0 to k - 1."""
    return windows.gathered(s.a.k, s.a.stride, windows.sides(s.a, s.x)[::2])


def _deconv_torch(s: Site) -> TorchModule:
    pad = windows.symmetric(s.a)
    settings = _stride_setting(s)
    if pad is None:
        settings.append(("crop", s.a.pad))
    elif not windows.is_all(pad, 0):
        settings.append(("padding", windows.printed(pad)))
    settings += [("output_padding", windows.printed(s.a.output_pad))] if not windows.is_all(s.a.output_pad, 0) else []
    settings += [("groups", s.a.groups)] if s.a.groups != 1 else []
    settings += [] if s.a.bias else [("bias", False)]
    name = windows.torch_class("ConvTranspose", len(s.a.k), "" if pad is not None else "Cropped")
    return TorchModule(name, (channels(s.x), s.a.c, windows.printed(s.a.k)), tuple(settings))


_CROPS = ("same", "valid")
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
OPERATORS = (CONV, DWCONV, DECONV)
