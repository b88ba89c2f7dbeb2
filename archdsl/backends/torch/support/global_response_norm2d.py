"""Global response normalization of a map, as in ConvNeXt V2. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class GlobalResponseNorm2d(nn.Module):
    """x + weight * (x * n) + bias over [B, C, H, W]; n is a channel's length, divided by the channels' mean length."""

    def __init__(self, channels: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        lengths = torch.linalg.vector_norm(x, dim=tuple(range(2, x.ndim)), keepdim=True)
        n = lengths / (lengths.mean(1, keepdim=True) + self.eps)
        along = (-1,) + (1,) * (x.ndim - 2)
        return torch.addcmul(self.bias.view(along), x, 1 + self.weight.view(along) * n)
