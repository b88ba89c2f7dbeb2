"""Tokens as heads. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def split_heads(x: Tensor, heads: int, times: int = 1) -> Tensor:
    """[B, T, heads * e] -> [B, heads * times, T, e]: each head so often in a row."""
    x = x.unflatten(2, (heads, -1)).transpose(1, 2)
    return x if times == 1 else x.repeat_interleave(times, dim=1)
