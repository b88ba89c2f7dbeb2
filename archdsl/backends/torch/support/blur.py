"""Blur pooling. Must not import anything but torch.

Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

from __future__ import annotations

from math import comb

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Blur(nn.Module):
    """A binomial filter on each channel of [B, C, ...] (tokens: [B, T, D]), the border reflected; nothing learns."""

    kernel: Tensor

    def __init__(self, channels: int, k: tuple[int, ...], stride: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.stride = stride or (1,) * len(k)
        self.sides = [side for size in reversed(k) for side in ((size - 1) // 2, size // 2)]
        kernel = torch.ones(())
        for size in k:
            row = torch.tensor([float(comb(size - 1, place)) for place in range(size)])
            kernel = kernel[..., None] * (row / row.sum())
        self.register_buffer("kernel", kernel.expand(channels, 1, *k).contiguous(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if len(self.stride) == 1:
            return self.blurred(x.transpose(1, 2)).transpose(1, 2)
        return self.blurred(x)

    def blurred(self, x: Tensor) -> Tensor:
        x = F.pad(x, self.sides, "reflect") if any(self.sides) else x
        convolve = (F.conv1d, F.conv2d, F.conv3d)[len(self.stride) - 1]
        return convolve(x, self.kernel, stride=self.stride, groups=x.shape[1])
