"""PReLU of tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenPrelu(ChannelsFirst, nn.PReLU):
    """PReLU with a slope for each of D of [B, T, D]."""
