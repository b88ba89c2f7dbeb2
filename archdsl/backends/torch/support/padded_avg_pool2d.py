"""Average pooling with padding that `nn.AvgPool2d` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .window_sides import window_sides


class PaddedAvgPool2d(nn.Module):
    """Average pooling, pads by (top, bottom, left, right), or as TensorFlow's SAME ("tf") at the input's own size."""

    def __init__(
        self,
        kernel_size: tuple[int, int],
        stride: tuple[int, int],
        pad: str | tuple[int, int, int, int],
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.pad = pad
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, x: Tensor) -> Tensor:
        sides = window_sides(x, self.pad, self.kernel_size, self.stride)
        y = self.average(x, sides)
        if self.count_include_pad:
            return y
        return y / self.average(x.new_ones(1, 1, *x.shape[-2:]), sides)

    def average(self, x: Tensor, sides: tuple[int, int, int, int]) -> Tensor:
        h, w = x.shape[-2:]
        top, bottom, left, right = sides
        if top or bottom or left or right:
            x = F.pad(x, (left, right, top, bottom))
        y = F.avg_pool2d(x, self.kernel_size, self.stride, 0, self.ceil_mode)
        # No window starts in the bottom or right padding.
        return y[..., : -(-(h + top) // self.stride[0]), : -(-(w + left) // self.stride[1])]
