"""A masked convolution of a map. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .masked import Masked


class MaskedConv2d(Masked, nn.Conv2d):
    """Convolution of a map that sees what comes before (`Masked`)."""
