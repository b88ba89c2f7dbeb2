"""Batch norm over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenBatchNorm(ChannelsFirst, nn.BatchNorm1d):
    """Batch norm over tokens, [B, T, D]."""
