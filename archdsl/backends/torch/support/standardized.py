"""Weight standardisation. Must not import anything but torch.

Qiao et al., "Micro-Batch Training with Batch-Channel Normalization and Weight Standardization", 2019; as in BiT.
"""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor, nn


class Standardized(nn.Module):
    """Of a convolution: its filters are brought to mean 0 and variance 1 at each use."""

    weight: Tensor
    bias: Tensor | None
    out_channels: int
    _conv_forward: Callable[..., Tensor]
    eps = 1e-6

    def filters(self, gain: Tensor | None = None) -> Tensor:
        flat = self.weight.reshape(1, self.out_channels, -1)
        flat = F.batch_norm(flat, None, None, weight=gain, training=True, eps=self.eps)
        return flat.reshape_as(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return self._conv_forward(x, self.filters(), self.bias)
