"""A map put together from its windows. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def join_windows(x: Tensor, window: tuple[int, int], size: tuple[int, int], grid: bool = False) -> Tensor:
    """[B, windows, positions, C] -> [B, H, W, C], where size is (H, W): undoes `cut_windows`."""
    rows, columns = size[0] // window[0], size[1] // window[1]
    x = x.unflatten(2, window).unflatten(1, (rows, columns))  # [B, rows, columns, height, width, C]
    x = x.permute(0, 3, 1, 4, 2, 5) if grid else x.transpose(2, 3)
    return x.flatten(3, 4).flatten(1, 2)
