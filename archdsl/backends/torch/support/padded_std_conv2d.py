"""Standardised filters with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded import Padded
from .std_conv2d import StdConv2d


class PaddedStdConv2d(Padded, StdConv2d):
    """Pads first, then convolves with standardized filters."""
