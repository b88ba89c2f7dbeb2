"""Instance norm over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenInstanceNorm(ChannelsFirst, nn.InstanceNorm1d):
    """Instance norm over tokens, [B, T, D]."""
