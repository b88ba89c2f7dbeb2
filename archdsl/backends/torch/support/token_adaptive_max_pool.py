"""Max pooling to a given size over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenAdaptiveMaxPool(ChannelsFirst, nn.AdaptiveMaxPool1d):
    """Max pooling to a given size over tokens, [B, T, D]."""
