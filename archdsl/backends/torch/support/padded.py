"""Convolutions with padding that those of `torch.nn` lack. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn

from .pad_sides import pad_sides
from .window_sides import window_sides


class Padded(nn.Module):
    """Of a convolution: pads by (before, after) for each axis, or as TensorFlow's SAME ("tf") at the input's size."""

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        pad: str | tuple[int, ...] = "tf",
        dilation: int | tuple[int, ...] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        **more: str,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, 0, dilation, groups, bias, **more)
        self.pad = pad
        self.border = padding_mode

    def forward(self, x: Tensor) -> Tensor:
        sides = window_sides(x, self.pad, self.kernel_size, self.stride, self.dilation)
        return super().forward(pad_sides(x, sides, border=self.border))
