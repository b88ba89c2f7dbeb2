"""Rows of a table that another step made. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def looked_up(indices: Tensor, table: Tensor) -> Tensor:
    """Indices [B, T] or [B, H, W] and a table [B, n, D] -> [B, T, D] or [B, D, H, W]."""
    rows = table.gather(1, indices.flatten(1)[..., None].expand(-1, -1, table.shape[2]))
    return rows if indices.dim() == 2 else rows.transpose(1, 2).unflatten(2, indices.shape[1:])
