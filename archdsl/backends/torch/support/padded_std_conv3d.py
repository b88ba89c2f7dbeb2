"""Standardised filters with padding that `nn.Conv3d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded import Padded
from .std_conv3d import StdConv3d


class PaddedStdConv3d(Padded, StdConv3d):
    """Pads first, then convolves with standardized filters."""
