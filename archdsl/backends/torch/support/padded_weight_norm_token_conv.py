"""Filters of learned lengths over tokens with padding that `nn.Conv1d` lacks. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .padded import Padded
from .weight_norm import WeightNorm


class PaddedWeightNormTokenConv(ChannelsFirst, Padded, WeightNorm, nn.Conv1d):
    """Pads tokens, [B, T, D], then convolves with filters of learned lengths."""
