"""A learned factor and a learned shift per channel. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Affine(nn.Module):
    """Multiplies the last axis by learned factors and adds learned shifts (ResMLP): [B, ..., D]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        return torch.addcmul(self.bias, x, self.weight)
