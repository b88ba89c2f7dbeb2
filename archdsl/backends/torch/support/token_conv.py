"""A convolution over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenConv(ChannelsFirst, nn.Conv1d):
    """Convolution over tokens, [B, T, D]."""
