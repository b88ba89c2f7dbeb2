"""A convolution of a map with scaled standardized filters. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .scaled_standardized import ScaledStandardized


class ScaledStdConv2d(ScaledStandardized, nn.Conv2d):
    """Convolution of a map with scaled standardized filters."""
