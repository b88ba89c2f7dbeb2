"""A transposed convolution that crops as `nn.ConvTranspose3d` cannot. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .cropped import Cropped


class CroppedConvTranspose3d(Cropped, nn.ConvTranspose3d):
    """Transposed convolution of a volume or video whose result loses sides of their own (`Cropped`)."""
