"""A masked convolution of a video. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .masked import Masked


class MaskedConv3d(Masked, nn.Conv3d):
    """Convolution of a video that sees what comes before (`Masked`)."""
