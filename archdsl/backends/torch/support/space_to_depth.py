"""Cells of positions as channels. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def space_to_depth(x: Tensor, factor: int) -> Tensor:
    """[B, C, H, W] -> [B, f * f * C, H / f, W / f]; channel ((column * f + row) * C + c) of a cell, as in Swin."""
    cells = x.unflatten(3, (-1, factor)).unflatten(2, (-1, factor))  # [B, C, H / f, row, W / f, column]
    return cells.permute(0, 5, 3, 1, 2, 4).flatten(1, 3)
