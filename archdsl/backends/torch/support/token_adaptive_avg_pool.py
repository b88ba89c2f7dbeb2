"""Average pooling to a given size over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenAdaptiveAvgPool(ChannelsFirst, nn.AdaptiveAvgPool1d):
    """Average pooling to a given size over tokens, [B, T, D]."""
