"""A convolution with padding that `nn.Conv2d` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .window_sides import window_sides


class PaddedConv2d(nn.Conv2d):
    """Convolution that pads by (top, bottom, left, right), or as TensorFlow's SAME ("tf") at the input's own size."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        pad: str | tuple[int, int, int, int] = "tf",
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, 0, dilation, groups, bias)
        self.pad = pad

    def forward(self, x: Tensor) -> Tensor:
        top, bottom, left, right = window_sides(x, self.pad, self.kernel_size, self.stride, self.dilation)
        if top or bottom or left or right:
            x = F.pad(x, (left, right, top, bottom))
        return super().forward(x)
