"""Angles that grow with the place. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def turning_angles(size: tuple[int, ...], pairs: int, base: float, like: Tensor) -> Tensor:
    """Places, row by row, times the speeds base**(-p / pairs) of pairs p: [T, axes, pairs]."""
    speeds = base ** -(torch.arange(pairs, device=like.device, dtype=torch.float32) / pairs)
    axes = [torch.arange(n, device=like.device, dtype=torch.float32) for n in size]
    places = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1).flatten(0, -2)
    return places[:, :, None] * speeds
