"""A learned factor and shift per channel of a volume or video. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Affine3d(nn.Module):
    """Multiplies the channels of [B, C, T, H, W] by learned factors and adds learned shifts."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.addcmul(self.bias, x, self.weight)
