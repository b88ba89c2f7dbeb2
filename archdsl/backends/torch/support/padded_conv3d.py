"""A convolution with padding that `nn.Conv3d` lacks. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .padded import Padded


class PaddedConv3d(Padded, nn.Conv3d):
    """Convolution of a volume or video with sides of its own (`Padded`)."""
