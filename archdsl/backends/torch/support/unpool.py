"""Undoing a max pool. Must not import anything but torch."""

from __future__ import annotations

from math import prod

from torch import Tensor


def unpool(x: Tensor, indices: Tensor, size: tuple[int, ...]) -> Tensor:
    """Put [B, C, ...] at the places that a max pool remembered in planes or volumes of `size`; zeros elsewhere."""
    planes = x.new_zeros(*x.shape[:2], prod(size))
    return planes.scatter(2, indices.flatten(2), x.flatten(2)).view(*x.shape[:2], *size)
