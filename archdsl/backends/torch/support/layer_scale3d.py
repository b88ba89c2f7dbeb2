"""A learned factor per channel of a volume or video. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LayerScale3d(nn.Module):
    """Multiplies the channels of [B, C, T, H, W] by learned factors."""

    def __init__(self, channels: int, init: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels, 1, 1, 1), float(init)))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight
