"""Scaled weight standardisation. Must not import anything but torch.

Brock et al., "Characterizing Signal Propagation to Close the Performance Gap in Unnormalized ResNets", 2021 (NFNet).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .standardized import Standardized


class ScaledStandardized(Standardized):
    """Of a convolution: its filters are brought to mean 0 and variance 1/fan-in at each use, times a gain."""

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
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        self.gain = nn.Parameter(torch.ones(out_channels, *[1] * (self.weight.ndim - 1)))

    def filters(self, gain: Tensor | None = None) -> Tensor:
        fan_in = self.weight[0].numel()
        return super().filters((self.gain * fan_in**-0.5).flatten())
