"""Scaled standardized filters with padding that `nn.Conv3d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded import Padded
from .scaled_std_conv3d import ScaledStdConv3d


class PaddedScaledStdConv3d(Padded, ScaledStdConv3d):
    """Pads first, then convolves with scaled standardized filters."""
