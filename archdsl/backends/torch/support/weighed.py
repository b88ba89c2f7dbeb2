"""Values weighed, head by head. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor

from .split_heads import split_heads


def weighed(weights: Tensor, v: Tensor, kv_heads: int) -> Tensor:
    """Weights [B, heads, T, S] and values [B, S, F] -> [B, T, F']: the heads side by side again."""
    v = split_heads(v, kv_heads, weights.shape[1] // kv_heads)
    return (weights @ v).transpose(1, 2).flatten(2)
