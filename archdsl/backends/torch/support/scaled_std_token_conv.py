"""A convolution over tokens with scaled standardized filters. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .scaled_standardized import ScaledStandardized


class ScaledStdTokenConv(ChannelsFirst, ScaledStandardized, nn.Conv1d):
    """Convolution over tokens, [B, T, D], with scaled standardized filters."""
