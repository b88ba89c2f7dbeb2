"""Filters of learned lengths with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded import Padded
from .weight_norm_conv2d import WeightNormConv2d


class PaddedWeightNormConv2d(Padded, WeightNormConv2d):
    """Pads first, then convolves with filters of learned lengths."""
