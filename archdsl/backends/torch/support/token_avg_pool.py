"""Average pooling over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenAvgPool(ChannelsFirst, nn.AvgPool1d):
    """Average pooling over tokens, [B, T, D]."""
