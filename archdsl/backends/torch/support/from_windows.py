"""A map put together from windows. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def from_windows(
    x: Tensor, size: tuple[int, ...], window: tuple[int, ...], shift: tuple[int, ...] = (), grid: bool = False
) -> Tensor:
    """[B * windows, positions, C] -> [B, C, size...] (tokens: [B, T, C]): undoes `in_windows`."""
    axes = len(window)
    counts = [-(-side // width) for side, width in zip(size, window, strict=True)]
    x = x.unflatten(0, (-1, *counts)).unflatten(1 + axes, window)  # [B, counts..., window..., C]
    order = [
        at for axis in range(axes) for at in ((1 + axes + axis, 1 + axis) if grid else (1 + axis, 1 + axes + axis))
    ]
    x = x.permute(0, 1 + 2 * axes, *order)
    for axis in range(axes):
        x = x.flatten(2 + axis, 3 + axis)
    if any(shift):
        x = x.roll(shift, tuple(range(2, 2 + axes)))
    x = x[(slice(None), slice(None), *(slice(side) for side in size))]
    return x.transpose(1, 2) if axes == 1 else x
