"""A map cut into windows. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def cut_windows(x: Tensor, window: tuple[int, int], grid: bool = False) -> Tensor:
    """[B, H, W, C] -> [B, windows, positions, C], row by row; windows of a grid are spread over the map (MaxViT)."""
    height, width = window
    if grid:
        return (
            x.unflatten(2, (width, -1)).unflatten(1, (height, -1)).permute(0, 2, 4, 1, 3, 5).flatten(3, 4).flatten(1, 2)
        )
    return x.unflatten(2, (-1, width)).unflatten(1, (-1, height)).transpose(2, 3).flatten(3, 4).flatten(1, 2)
