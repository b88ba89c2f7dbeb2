"""Undoing a max pool over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def unpool_tokens(x: Tensor, indices: Tensor, size: int) -> Tensor:
    """Put [B, T, D] at the places that a max pool remembered among `size` tokens; zeros elsewhere."""
    return x.new_zeros(x.shape[0], size, x.shape[2]).scatter(1, indices, x)
