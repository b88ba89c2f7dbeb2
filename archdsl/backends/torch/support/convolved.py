"""Convolutions whose weights the network makes. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from .pad_sides import pad_sides
from .window_sides import window_sides


def convolved(
    x: Tensor,
    weights: Tensor,
    k: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    groups: int,
    pad: str | tuple[int, ...] = (),
    border: str = "zeros",
) -> Tensor:
    """[B, C, ...] with filters of its own for each sample, [B, c, C / groups * k ...]; over tokens [B, T, D].

    All samples are one convolution, the groups of each beside those of the others.
    """
    if len(k) == 1:
        x = x.transpose(1, 2)
    batch = x.shape[0]
    if pad:
        x = pad_sides(x, window_sides(x, pad, k, stride, dilation), border=border)
    filters = weights.flatten(0, 1).unflatten(1, (x.shape[1] // groups, *k))
    convolve = (F.conv1d, F.conv2d, F.conv3d)[len(k) - 1]
    x = convolve(x.flatten(0, 1)[None], filters, None, stride, padding, dilation, batch * groups)
    x = x[0].unflatten(0, (batch, -1))
    return x.transpose(1, 2) if len(k) == 1 else x
