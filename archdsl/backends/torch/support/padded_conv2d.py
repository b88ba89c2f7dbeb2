"""A convolution with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .padded import Padded


class PaddedConv2d(Padded, nn.Conv2d):
    """Convolution of a map with sides of its own (`Padded`)."""
