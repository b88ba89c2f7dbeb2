"""Masked convolutions. Must not import anything but torch.

van den Oord et al., "Pixel Recurrent Neural Networks", ICML 2016.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


class Masked(nn.Module):
    """Of a convolution: a window sees what comes before its middle, row by row, and the middle itself if inclusive."""

    weight: Tensor
    bias: Tensor | None
    mask: Tensor
    _conv_forward: Callable[..., Tensor]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        padding: int | tuple[int, ...] = 0,
        dilation: int | tuple[int, ...] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        inclusive: bool = False,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        window = self.weight.shape[2:]
        seen = window.numel() // 2 + inclusive
        mask = (torch.arange(window.numel()) < seen).reshape(window).to(self.weight.dtype)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return self._conv_forward(x, self.weight * self.mask, self.bias)
