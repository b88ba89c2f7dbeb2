"""Weight standardisation with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

from .padded_conv2d import PaddedConv2d
from .std_conv2d import StdConv2d


class PaddedStdConv2d(PaddedConv2d, StdConv2d):
    """Pads first (`PaddedConv2d`), then convolves with standardised filters (`StdConv2d`)."""
