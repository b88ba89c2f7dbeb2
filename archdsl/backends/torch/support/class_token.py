"""Learned tokens in front of the others. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ClassToken(nn.Module):
    """Puts n learned tokens in front: [B, T, D] -> [B, n + T, D]."""

    def __init__(self, width: int, n: int = 1) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, n, width))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
