"""Products of queries with learned vectors of their offsets, axis by axis. Must not import anything but torch."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .relative_index import relative_index


class AxialPositions(nn.Module):
    """A query's products with a learned vector for its offset along each axis (SAM, MViT v2): [B, heads, T, S].

    Heads share the vectors. Queries are tokens [B, T, D], or a map [B, D, H, W], or a video.

    Args:
        queries, keys: how many places there are along each axis.
        prefix: how many tokens in front have no place; nothing is added there.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        queries: tuple[int, ...],
        keys: tuple[int, ...] | None = None,
        prefix: int = 0,
    ) -> None:
        super().__init__()
        self.heads = heads
        self.queries = queries
        self.prefix = prefix
        self.names = {1: ("token",), 2: ("row", "column"), 3: ("frame", "row", "column")}[len(queries)]
        for name, query, key in zip(self.names, queries, keys or queries, strict=True):
            vectors = nn.Parameter(torch.empty(2 * max(query, key) - 1, width))
            nn.init.trunc_normal_(vectors, std=0.02)
            self.register_parameter(f"{name}_vectors", vectors)
            self.register_buffer(f"{name}_index", relative_index((query,), (key,)), persistent=False)

    def forward(self, x: Tensor, keys: Tensor | None = None) -> Tensor:
        tokens = x if x.dim() == 3 else x.flatten(2).transpose(1, 2)
        q = tokens[:, self.prefix :].unflatten(-1, (self.heads, -1)).transpose(1, 2).unflatten(2, self.queries)
        axes = len(self.queries)
        sums = q.new_zeros(())
        for axis, name in enumerate(self.names):
            vectors = getattr(self, f"{name}_vectors")[getattr(self, f"{name}_index")]
            products = q.movedim(2 + axis, 0).flatten(1, -2) @ vectors.transpose(1, 2)
            others = (len(q), self.heads, *(n for other, n in enumerate(self.queries) if other != axis))
            products = products.unflatten(1, others).movedim(0, 2 + axis)
            place = [-1 if other == axis else 1 for other in range(axes)]
            products = products.unflatten(-1, place)
            sums = sums + products if axis else products
        bias = sums.flatten(2, 1 + axes).flatten(3)
        return F.pad(bias, (self.prefix, 0, self.prefix, 0))
