"""Max pooling with padding that `nn.MaxPool2d` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .window_sides import window_sides


class PaddedMaxPool2d(nn.Module):
    """Max pooling that pads by (top, bottom, left, right), or as TensorFlow's SAME ("tf") at the input's own size.

    With `return_indices` it also gives the place of each maximum in the unpadded plane, counted row by row.
    """

    def __init__(
        self,
        kernel_size: tuple[int, int],
        stride: tuple[int, int],
        pad: str | tuple[int, int, int, int],
        dilation: tuple[int, int] = (1, 1),
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.pad = pad
        self.dilation = dilation
        self.ceil_mode = ceil_mode
        self.return_indices = return_indices

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        h, w = x.shape[-2:]
        top, bottom, left, right = window_sides(x, self.pad, self.kernel_size, self.stride, self.dilation)
        if top or bottom or left or right:
            x = F.pad(x, (left, right, top, bottom), value=float("-inf"))
        y, indices = F.max_pool2d_with_indices(x, self.kernel_size, self.stride, (0, 0), self.dilation, self.ceil_mode)
        # No window starts in the bottom or right padding.
        rows, columns = -(-(h + top) // self.stride[0]), -(-(w + left) // self.stride[1])
        y, indices = y[..., :rows, :columns], indices[..., :rows, :columns]
        if not self.return_indices:
            return y
        row = (indices // x.shape[-1] - top).clamp(0, h - 1)
        column = (indices % x.shape[-1] - left).clamp(0, w - 1)
        return y, row * w + column
