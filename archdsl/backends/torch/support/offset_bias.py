"""Biases of attention by relative position. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .relative_index import relative_index


class OffsetBias(nn.Module):
    """A learned number for each head and each offset between a query's and a key's place: [B, heads, T, S].

    Args:
        queries, keys: how many places there are along each axis.
        prefix: how many tokens in front have no place; three more numbers are for them (BEiT).
    """

    index: Tensor

    def __init__(
        self, heads: int, queries: tuple[int, ...], keys: tuple[int, ...] | None = None, prefix: int = 0
    ) -> None:
        super().__init__()
        index = relative_index(queries, keys)
        offsets = 1
        for query, key in zip(queries, keys or queries, strict=True):
            offsets *= 2 * max(query, key) - 1
        if prefix:
            placed = index
            index = torch.full((prefix + placed.shape[0], prefix + placed.shape[1]), offsets + 2)
            index[:prefix, prefix:] = offsets
            index[prefix:, :prefix] = offsets + 1
            index[prefix:, prefix:] = placed
        self.table = nn.Parameter(torch.empty(offsets + (3 if prefix else 0), heads))
        self.register_buffer("index", index, persistent=False)
        nn.init.trunc_normal_(self.table, std=0.02)

    def forward(self, x: Tensor, keys: Tensor | None = None) -> Tensor:
        return self.table[self.index].movedim(-1, 0).expand(len(x), -1, -1, -1)
