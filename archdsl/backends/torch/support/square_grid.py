"""Tokens as a square map. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def square_grid(x: Tensor) -> Tensor:
    """[B, T, D] -> [B, D, H, H], where T = H * H."""
    side = round(x.shape[1] ** 0.5)
    return x.transpose(1, 2).unflatten(2, (side, side))
