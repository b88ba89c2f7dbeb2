"""Biases of attention by growing distances, as in T5. Must not import anything but torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class BucketBias(nn.Module):
    """A learned number for each head and each bucket of distances between tokens: [B, heads, T, S].

    The first half of the buckets hold one distance each, the others ever more, up to `far`; the last one all beyond.

    Args:
        both: half of the buckets are for keys after the query; else these are at distance 0.
    """

    def __init__(self, heads: int, buckets: int = 32, far: int = 128, both: bool = True) -> None:
        super().__init__()
        self.far = far
        self.both = both
        self.table = nn.Parameter(torch.empty(buckets, heads))
        nn.init.trunc_normal_(self.table, std=0.02)

    def forward(self, x: Tensor, keys: Tensor | None = None) -> Tensor:
        asked, seen = (torch.arange(tokens.shape[1], device=x.device) for tokens in (x, x if keys is None else keys))
        later = seen - asked[:, None]
        return self.table[self.bucket(later)].movedim(-1, 0).expand(len(x), -1, -1, -1)

    def bucket(self, later: Tensor) -> Tensor:
        """The bucket of each offset of a key from its query."""
        buckets = len(self.table) // 2 if self.both else len(self.table)
        start = buckets * (later > 0) if self.both else 0
        distance = later.abs() if self.both else (-later).clamp(min=0)
        exact = buckets // 2
        grown = torch.log(distance.clamp(min=1) / exact) / math.log(self.far / exact) * (buckets - exact)
        beyond = (exact + grown.long()).clamp(max=buckets - 1)
        return start + torch.where(distance < exact, distance, beyond)
