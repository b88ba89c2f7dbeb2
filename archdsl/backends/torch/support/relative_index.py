"""Offsets between places. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def relative_index(queries: tuple[int, ...], keys: tuple[int, ...] | None = None, absolute: bool = False) -> Tensor:
    """The number, from 0, of the offset between every query's and key's place: [T, S], places row by row.

    Along an axis of n places, the larger of the two, there are 2n - 1 offsets, or n distances if they are absolute.
    """
    keys = keys or queries
    index = torch.zeros(1, 1, dtype=torch.int64)
    for query, key in zip(queries, keys, strict=True):
        n = max(query, key)
        offset = torch.arange(query)[:, None] * (n // query) - torch.arange(key) * (n // key)
        offset = offset.abs() if absolute else offset + (key - 1) * (n // key)
        times = n if absolute else 2 * n - 1
        index = index[:, None, :, None] * times + offset[None, :, None, :]
        index = index.flatten(2, 3).flatten(0, 1)
    return index
