"""Global response normalization of tokens. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class GlobalResponseNorm(nn.Module):
    """x + weight * (x * n) + bias over [B, T, D]; n is a channel's length, divided by the channels' mean length."""

    def __init__(self, width: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        lengths = torch.linalg.vector_norm(x, dim=1, keepdim=True)
        n = lengths / (lengths.mean(-1, keepdim=True) + self.eps)
        return torch.addcmul(self.bias, x, 1 + self.weight * n)
