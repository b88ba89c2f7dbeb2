"""Biases of attention by distance. Must not import anything but torch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .relative_index import relative_index


class DistanceBias(nn.Module):
    """A learned number for each head and each distance, axis by axis, of a query and a key (LeViT): [B, heads, T, S].

    Args:
        queries, keys: how many places there are along each axis.
        prefix: how many tokens in front have no place; nothing is added there.
    """

    index: Tensor

    def __init__(
        self, heads: int, queries: tuple[int, ...], keys: tuple[int, ...] | None = None, prefix: int = 0
    ) -> None:
        super().__init__()
        distances = math.prod(max(sides) for sides in zip(queries, keys or queries, strict=True))
        self.prefix = prefix
        self.table = nn.Parameter(torch.empty(distances, heads))
        self.register_buffer("index", relative_index(queries, keys, absolute=True), persistent=False)
        nn.init.trunc_normal_(self.table, std=0.02)

    def forward(self, x: Tensor, keys: Tensor | None = None) -> Tensor:
        bias = F.pad(self.table[self.index].movedim(-1, 0), (self.prefix, 0, self.prefix, 0))
        return bias.expand(len(x), -1, -1, -1)
