"""A convolution of a volume or video with scaled standardized filters. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .scaled_standardized import ScaledStandardized


class ScaledStdConv3d(ScaledStandardized, nn.Conv3d):
    """Convolution of a volume or video with scaled standardized filters."""
