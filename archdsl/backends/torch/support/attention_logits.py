"""What queries and keys have in common, scaled. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor

from .split_heads import split_heads


def attention_logits(q: Tensor, k: Tensor, heads: int, kv_heads: int, scale: float | None = None) -> Tensor:
    """Queries [B, T, D] and keys [B, S, D] -> [B, heads, T, S]; without a scale it is 1 / sqrt(D / heads)."""
    q, k = split_heads(q, heads), split_heads(k, kv_heads, heads // kv_heads)
    return (q * (scale or q.shape[-1] ** -0.5)) @ k.transpose(-2, -1)
