"""What PyTorch's modules call their positional arguments, and their keywords' defaults. Must not import torch.

Two uses of one class may write different keywords; with the defaults they have the same ones. Classes of `support/` say this
in their own source.
"""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.backends.torch import support
from archdsl.ops.operator import Setting

_CONVOLUTION = ("in_channels", "out_channels", "kernel_size")
_POSITIONAL: dict[str, tuple[str, ...]] = {
    "nn.Conv2d": _CONVOLUTION,
    "nn.ConvTranspose2d": _CONVOLUTION,
    "nn.Linear": ("in_features", "out_features"),
    "nn.BatchNorm2d": ("num_features",),
    "nn.BatchNorm1d": ("num_features",),
    "nn.InstanceNorm2d": ("num_features",),
    "nn.LayerNorm": ("normalized_shape",),
    "nn.GroupNorm": ("num_groups", "num_channels"),
    "nn.LocalResponseNorm": ("size",),
    "nn.MaxPool2d": ("kernel_size",),
    "nn.AvgPool2d": ("kernel_size",),
    "nn.AdaptiveAvgPool2d": ("output_size",),
    "nn.AdaptiveMaxPool2d": ("output_size",),
    "nn.Dropout": ("p",),
    "nn.PReLU": ("num_parameters",),
    "nn.LeakyReLU": ("negative_slope",),
    "nn.ELU": ("alpha",),
    "nn.PixelShuffle": ("upscale_factor",),
}
_CONVOLUTION_DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True, "output_padding": 0}
_NORM_DEFAULTS = {"eps": 1e-5, "momentum": 0.1, "affine": True}
_KEYWORDS: dict[str, Mapping[str, Setting]] = {
    "nn.Conv2d": _CONVOLUTION_DEFAULTS,
    "nn.ConvTranspose2d": _CONVOLUTION_DEFAULTS,
    "nn.Linear": {"bias": True},
    "nn.BatchNorm2d": _NORM_DEFAULTS,
    "nn.BatchNorm1d": _NORM_DEFAULTS,
    "nn.InstanceNorm2d": {"eps": 1e-5, "momentum": 0.1, "affine": False},
    "nn.LayerNorm": {"eps": 1e-5, "elementwise_affine": True},
    "nn.GroupNorm": {"eps": 1e-5, "affine": True},
    "nn.LocalResponseNorm": {"alpha": 1e-4, "beta": 0.75, "k": 1.0},
    "nn.MaxPool2d": {"stride": None, "padding": 0, "dilation": 1, "return_indices": False, "ceil_mode": False},
    "nn.AvgPool2d": {"stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True},
    "nn.ReLU": {"inplace": False},
    "nn.ReLU6": {"inplace": False},
    "nn.GELU": {"approximate": "none"},
}
CHANNELS = frozenset(
    {"in_channels", "in_features", "num_features", "normalized_shape", "num_channels", "num_parameters", "width"}
)
"""Arguments that are the channels of what comes in."""


class NoDefault:
    """In place of a default if there is none."""


NO_DEFAULT = NoDefault()


def positional(name: str) -> tuple[str, ...]:
    """The names of the positional arguments of a class."""
    if "." in name:
        return _POSITIONAL.get(name, ())
    base = support.torch_base(name)
    return positional(base) if base else support.parameters(name)


def default(name: str, keyword: str) -> Setting | NoDefault:
    """The keyword's default, or `NO_DEFAULT` if it has none or is not known."""
    if "." in name:
        return _KEYWORDS.get(name, {}).get(keyword, NO_DEFAULT)
    base = support.torch_base(name)
    if base:
        return default(base, keyword)
    own: Setting | NoDefault = support.defaults(name).get(keyword, NO_DEFAULT)
    return own
