"""A convolution of a map with standardized filters. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .standardized import Standardized


class StdConv2d(Standardized, nn.Conv2d):
    """Convolution of a map with standardized filters."""
