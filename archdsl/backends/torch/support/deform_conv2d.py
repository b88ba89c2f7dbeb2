"""Deformable convolution. Must not import anything but torch.

Dai et al., "Deformable Convolutional Networks", ICCV 2017; with a mask Zhu et al., CVPR 2019.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class DeformConv2d(nn.Module):
    """Convolution of [B, C, H, W] whose taps are moved by offsets [B, 2 * k * k, H', W'], dy and dx of each.

    Several times as many offsets are for slices of the channels. A mask, [B, k * k, H', W'], multiplies what is read.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple[int, int],
        stride: int | tuple[int, int] = 1,
        pad: tuple[int, int, int, int] = (0, 0, 0, 0),
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.stride = (stride, stride) if isinstance(stride, int) else stride
        self.pad = pad
        self.dilation = (dilation, dilation) if isinstance(dilation, int) else dilation
        self.groups = groups
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels // groups, *kernel_size))
        self.bias = nn.Parameter(torch.zeros(out_channels)) if bias else None
        nn.init.kaiming_normal_(self.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor, offsets: Tensor, mask: Tensor | None = None) -> Tensor:
        height, width = x.shape[2:]
        window = self.weight.shape[2:]
        taps = window.numel()
        slices = offsets.shape[1] // (2 * taps)
        moved = offsets.unflatten(1, (slices, *window, 2)).flatten(0, 1)  # [B * slices, k, k, (dy, dx), H', W']
        down, right = self.places(0, moved.shape[4], x), self.places(1, moved.shape[5], x)
        ys = (moved[:, :, :, 0] + down[:, None, :, None]) * (2 / max(height - 1, 1)) - 1
        xs = (moved[:, :, :, 1] + right[None, :, None, :]) * (2 / max(width - 1, 1)) - 1
        grid = torch.stack((xs, ys), dim=-1).flatten(1, 3)
        read = F.grid_sample(x.unflatten(1, (slices, -1)).flatten(0, 1), grid, align_corners=True)
        read = read.unflatten(2, (taps, -1))  # [B * slices, C / slices, k * k, H', W']
        if mask is not None:
            read = read * mask.unflatten(1, (slices, taps)).flatten(0, 1)[:, None]
        read = read.unflatten(0, (-1, slices)).flatten(1, 3)
        return F.conv2d(read, self.weight.flatten(1)[:, :, None, None], self.bias, groups=self.groups)

    def places(self, axis: int, count: int, like: Tensor) -> Tensor:
        """Where each tap is before it is moved: [k, places]."""
        taps = torch.arange(self.weight.shape[2 + axis], device=like.device) * self.dilation[axis] - self.pad[2 * axis]
        return (taps[:, None] + torch.arange(count, device=like.device) * self.stride[axis]).to(like.dtype)
