"""Scaled standardized filters with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded import Padded
from .scaled_std_conv2d import ScaledStdConv2d


class PaddedScaledStdConv2d(Padded, ScaledStdConv2d):
    """Pads first, then convolves with scaled standardized filters."""
