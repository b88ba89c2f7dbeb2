"""A convolution over tokens with standardized filters. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .standardized import Standardized


class StdTokenConv(ChannelsFirst, Standardized, nn.Conv1d):
    """Convolution over tokens, [B, T, D], with standardized filters."""
