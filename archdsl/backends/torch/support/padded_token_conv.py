"""A convolution over tokens with padding that `nn.Conv1d` lacks. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .padded import Padded


class PaddedTokenConv(ChannelsFirst, Padded, nn.Conv1d):
    """Convolution over tokens, [B, T, D], with sides of its own (`Padded`)."""
