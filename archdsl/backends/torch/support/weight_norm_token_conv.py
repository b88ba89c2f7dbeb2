"""A convolution over tokens with filters of learned lengths. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .weight_norm import WeightNorm


class WeightNormTokenConv(ChannelsFirst, WeightNorm, nn.Conv1d):
    """Convolution over tokens, [B, T, D], with filters of learned lengths."""
