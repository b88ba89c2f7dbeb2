"""A convolution of a map with filters of learned lengths. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .weight_norm import WeightNorm


class WeightNormConv2d(WeightNorm, nn.Conv2d):
    """Convolution of a map with filters of learned lengths (`WeightNorm`)."""
