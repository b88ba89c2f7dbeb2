"""Scaled standardized filters over tokens with padding that `nn.Conv1d` lacks. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .channels_first import ChannelsFirst
from .padded import Padded
from .scaled_standardized import ScaledStandardized


class PaddedScaledStdTokenConv(ChannelsFirst, Padded, ScaledStandardized, nn.Conv1d):
    """Pads tokens, [B, T, D], then convolves with scaled standardized filters."""
