"""Undoing a max pool. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def unpool(x: Tensor, indices: Tensor, size: tuple[int, int]) -> Tensor:
    """Put [B, C, H, W] at the places that a max pool remembered in planes of `size`; zeros elsewhere."""
    planes = x.new_zeros(*x.shape[:2], size[0] * size[1])
    return planes.scatter(2, indices.flatten(2), x.flatten(2)).view(*x.shape[:2], *size)
