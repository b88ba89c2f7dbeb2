"""A learned factor. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Gain(nn.Module):
    """Multiplies by one learned number (SkipInit)."""

    def __init__(self, init: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(float(init)))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight
