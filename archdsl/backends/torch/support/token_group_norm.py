"""Group norm of tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst


class TokenGroupNorm(ChannelsFirst, nn.GroupNorm):
    """Group norm of tokens, [B, T, D]: each group of channels over all tokens."""
