"""A learned factor. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Gain(nn.Module):
    """Multiplies by one learned number (SkipInit), and adds another one if `shift` is given (HGNetV2)."""

    def __init__(self, init: float = 0.0, shift: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(float(init)))
        self.bias = nn.Parameter(torch.tensor(0.0)) if shift else None

    def forward(self, x: Tensor) -> Tensor:
        x = x * self.weight
        return x if self.bias is None else x + self.bias
