"""Transposed convolutions that take away sides of their own. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class Cropped(nn.Module):
    """Of a transposed convolution: its result loses `crop`, (before, after) for each axis."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        crop: tuple[int, ...] = (),
        output_padding: int | tuple[int, ...] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | tuple[int, ...] = 1,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, 0, output_padding, groups, bias, dilation)
        self.crop = crop

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        y = super().forward(x, output_size)
        for axis in range(2, y.ndim):
            before, after = self.crop[2 * axis - 4 : 2 * axis - 2]
            y = y.narrow(axis, before, y.shape[axis] - before - after)
        return y
