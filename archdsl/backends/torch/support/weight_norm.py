"""Weight normalisation. Must not import anything but torch.

Salimans, Kingma, "Weight Normalization", NeurIPS 2016; a gain a tap as in wav2vec 2.0.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


class WeightNorm(nn.Module):
    """Of a convolution: each filter, or each place of the window in all of them ("tap"), has a learned length."""

    weight: Tensor
    bias: Tensor | None
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
        norm_axis: str = "filter",
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        self.axes = (0, 1) if norm_axis == "tap" else tuple(range(1, self.weight.ndim))
        self.gain = nn.Parameter(self.lengths().detach().clone())

    def lengths(self) -> Tensor:
        return torch.linalg.vector_norm(self.weight, dim=self.axes, keepdim=True)

    def forward(self, x: Tensor) -> Tensor:
        return self._conv_forward(x, self.weight * (self.gain / self.lengths()), self.bias)
