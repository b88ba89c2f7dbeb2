"""Filters of learned lengths with padding that `nn.Conv3d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded import Padded
from .weight_norm_conv3d import WeightNormConv3d


class PaddedWeightNormConv3d(Padded, WeightNormConv3d):
    """Pads first, then convolves with filters of learned lengths."""
