"""A convolution of a volume or video with standardized filters. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .standardized import Standardized


class StdConv3d(Standardized, nn.Conv3d):
    """Convolution of a volume or video with standardized filters."""
