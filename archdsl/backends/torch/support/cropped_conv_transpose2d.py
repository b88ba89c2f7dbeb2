"""A transposed convolution that crops as `nn.ConvTranspose2d` cannot. Must not import anything but torch."""

from __future__ import annotations

from torch import nn

from .cropped import Cropped


class CroppedConvTranspose2d(Cropped, nn.ConvTranspose2d):
    """Transposed convolution of a map whose result loses sides of their own (`Cropped`)."""
