"""Scaled weight standardisation with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded_conv2d import PaddedConv2d
from .scaled_std_conv2d import ScaledStdConv2d


class PaddedScaledStdConv2d(PaddedConv2d, ScaledStdConv2d):
    """Pads first (`PaddedConv2d`), then convolves with scaled standardised filters (`ScaledStdConv2d`)."""
