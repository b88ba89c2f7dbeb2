"""Max pooling with padding that `torch.nn` lacks. Must not import anything but torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .pad_sides import pad_sides
from .starts_inside import starts_inside
from .window_sides import window_sides


class PaddedMaxPool(nn.Module):
    """Max pooling that pads by (before, after) for each axis, or as TensorFlow's SAME ("tf") at the input's own size.

    With `return_indices` it also gives the place of each maximum in the unpadded input, counted row by row.
    """

    pool: Callable[..., Any]

    def __init__(
        self,
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...],
        pad: str | tuple[int, ...],
        dilation: tuple[int, ...] | None = None,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.pad = pad
        self.dilation = dilation or (1,) * len(kernel_size)
        self.ceil_mode = ceil_mode
        self.return_indices = return_indices

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        sizes = x.shape[2:]
        sides = window_sides(x, self.pad, self.kernel_size, self.stride, self.dilation)
        x = pad_sides(x, sides, float("-inf"))
        pooled = self.pool(x, self.kernel_size, self.stride, 0, self.dilation, self.ceil_mode)
        y, indices = (starts_inside(one, sizes, sides, self.stride) for one in pooled)
        if not self.return_indices:
            return y
        return y, self.unpadded(indices, x.shape[2:], sizes, sides[::2])

    @staticmethod
    def unpadded(indices: Tensor, padded: torch.Size, sizes: torch.Size, before: tuple[int, ...]) -> Tensor:
        """Places counted in the padded input to places in the input itself."""
        places, factor = torch.zeros_like(indices), 1
        for wide, size, start in zip(padded[::-1], sizes[::-1], before[::-1], strict=True):
            places = places + factor * (indices % wide - start).clamp(0, size - 1)
            indices, factor = indices // wide, factor * size
        return places
