"""A convolution of a video with filters of learned lengths. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .weight_norm import WeightNorm


class WeightNormConv3d(WeightNorm, nn.Conv3d):
    """Convolution of a video with filters of learned lengths (`WeightNorm`)."""
