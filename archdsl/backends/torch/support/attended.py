"""Attention in one kernel. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from .split_heads import split_heads


def attended(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    heads: int,
    kv_heads: int,
    scale: float | None = None,
    causal: bool = False,
    bias: Tensor | None = None,
) -> Tensor:
    """Queries [B, T, D], keys [B, S, D], values [B, S, F], bias [B, heads or 1, T, S] -> [B, T, F']."""
    times = heads // kv_heads
    q, k, v = split_heads(q, heads), split_heads(k, kv_heads, times), split_heads(v, kv_heads, times)
    return (
        F.scaled_dot_product_attention(q, k, v, attn_mask=bias, is_causal=causal, scale=scale)
        .transpose(1, 2)
        .flatten(2)
    )
