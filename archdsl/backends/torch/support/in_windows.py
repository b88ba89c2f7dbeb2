"""A map in windows. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def in_windows(x: Tensor, window: tuple[int, ...], shift: tuple[int, ...] = (), grid: bool = False) -> Tensor:
    """[B, C, ...] (tokens: [B, T, C]) -> [B * windows, positions, C], padded at the end to whole windows.

    Windows of a grid are spread over the map (MaxViT); a shift moves the map back before it is cut (Swin).
    """
    axes = len(window)
    x = x.transpose(1, 2) if axes == 1 else x
    missing = [-size % side for size, side in zip(x.shape[2:], window, strict=True)]
    if any(missing):
        x = F.pad(x, [end for side in reversed(missing) for end in (0, side)])
    if any(shift):
        x = x.roll([-step for step in shift], tuple(range(2, 2 + axes)))
    for axis in reversed(range(axes)):
        x = x.unflatten(2 + axis, (window[axis], -1) if grid else (-1, window[axis]))
    of_windows = range(3, 3 + 2 * axes, 2) if grid else range(2, 2 + 2 * axes, 2)
    inside = range(2, 2 + 2 * axes, 2) if grid else range(3, 3 + 2 * axes, 2)
    return x.permute(0, *of_windows, *inside, 1).flatten(1 + axes, 2 * axes).flatten(0, axes)
