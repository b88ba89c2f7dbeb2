"""A masked convolution over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .masked import Masked


class MaskedTokenConv(ChannelsFirst, Masked, nn.Conv1d):
    """Convolution over tokens, [B, T, D], that sees what comes before."""
