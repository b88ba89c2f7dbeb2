"""Average pooling with padding that `torch.nn` lacks. Must not import anything but torch."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from .pad_sides import pad_sides
from .starts_inside import starts_inside
from .window_sides import window_sides


class PaddedAvgPool(nn.Module):
    """Average pooling that pads by (before, after) for each axis, or as TensorFlow's SAME ("tf")."""

    pool: Callable[..., Tensor]

    def __init__(
        self,
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...],
        pad: str | tuple[int, ...],
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
        return y / self.average(x.new_ones(1, 1, *x.shape[2:]), sides)

    def average(self, x: Tensor, sides: tuple[int, ...]) -> Tensor:
        y = self.pool(pad_sides(x, sides), self.kernel_size, self.stride, 0, self.ceil_mode)
        return starts_inside(y, x.shape[2:], sides, self.stride)
