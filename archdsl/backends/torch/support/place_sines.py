"""Sines and cosines of places. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor

from .turning_angles import turning_angles


def place_sines(x: Tensor, d: int, base: float, pairs: str = "adjacent") -> Tensor:
    """Of x only the size counts: tokens [B, T, D] -> [B, T, d], a map or video [B, C, ...] -> [B, d, ...]."""
    size = tuple(x.shape[1:-1] if x.dim() == 3 else x.shape[2:])
    angles = turning_angles(size, d // len(size) // 2, base, x)
    waves = torch.stack((angles.sin(), angles.cos()), dim=-1 if pairs == "adjacent" else -2).flatten(1).to(x.dtype)
    if x.dim() == 3:
        return waves.expand(len(x), -1, -1)
    return waves.T.unflatten(1, size).expand(len(x), *(-1 for _ in x.shape[1:]))
