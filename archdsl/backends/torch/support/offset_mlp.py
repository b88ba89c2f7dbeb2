"""Biases of attention from an MLP of the offsets, as in Swin V2. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .log_offsets import log_offsets
from .relative_index import relative_index


class OffsetMLP(nn.Module):
    """An MLP gives each head a number for the offset between a query's and a key's place: [B, heads, T, S].

    Args:
        queries, keys: how many places there are along each axis.
        prefix: how many tokens in front have no place; nothing is added there.
        bounded: the numbers are between 0 and 16 (Swin V2), and the offsets measured in parts of the map.
    """

    index: Tensor
    offsets: Tensor

    def __init__(
        self,
        heads: int,
        queries: tuple[int, ...],
        keys: tuple[int, ...] | None = None,
        prefix: int = 0,
        hidden: int = 512,
        out_bias: bool = False,
        bounded: bool = True,
    ) -> None:
        super().__init__()
        sides = tuple(max(pair) for pair in zip(queries, keys or queries, strict=True))
        self.prefix = prefix
        self.bounded = bounded
        self.mlp = nn.Sequential(
            nn.Linear(len(sides), hidden), nn.ReLU(inplace=True), nn.Linear(hidden, heads, bias=out_bias)
        )
        self.register_buffer("offsets", log_offsets(sides, bounded), persistent=False)
        self.register_buffer("index", relative_index(queries, keys), persistent=False)

    def forward(self, x: Tensor, keys: Tensor | None = None) -> Tensor:
        biases = self.mlp(self.offsets)
        if self.bounded:
            biases = 16 * biases.sigmoid()
        bias = F.pad(biases[self.index].movedim(-1, 0), (self.prefix, 0, self.prefix, 0))
        return bias.expand(len(x), -1, -1, -1)
