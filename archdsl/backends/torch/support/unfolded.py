"""Windows in the channels. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor

from .pad_sides import pad_sides
from .window_sides import window_sides


def unfolded(x: Tensor, k: tuple[int, ...], stride: tuple[int, ...], pad: str | tuple[int, ...]) -> Tensor:
    """[B, C, ...] to [B, C * k..., places...]; of tokens [B, T, D] to [B, places, D * k]."""
    axes = len(k)
    if axes == 1:
        x = x.transpose(1, 2)
    x = pad_sides(x, window_sides(x, pad, k, stride, (1,) * axes))
    for axis in range(axes):
        x = x.unfold(2 + axis, k[axis], stride[axis])
    if axes == 1:
        return x.transpose(1, 2).flatten(2)
    places = range(2, 2 + axes)
    return x.permute(0, 1, *range(2 + axes, 2 + 2 * axes), *places).flatten(1, 1 + axes)
