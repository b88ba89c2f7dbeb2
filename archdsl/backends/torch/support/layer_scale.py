"""A learned factor per channel. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LayerScale(nn.Module):
    """Multiplies the last axis by learned factors (CaiT): [B, ..., D]."""

    def __init__(self, width: int, init: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((width,), float(init)))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight
