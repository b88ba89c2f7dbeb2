"""A transposed convolution that takes away sides of their own. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class CroppedConvTranspose2d(nn.ConvTranspose2d):
    """Transposed convolution whose result loses `crop`: (top, bottom, left, right)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        crop: tuple[int, int, int, int] = (0, 0, 0, 0),
        output_padding: int | tuple[int, int] = 0,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, 0, output_padding, groups, bias)
        self.crop = crop

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        y = super().forward(x, output_size)
        top, bottom, left, right = self.crop
        return y[..., top : y.shape[-2] - bottom, left : y.shape[-1] - right]
