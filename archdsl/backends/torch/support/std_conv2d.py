"""Weight standardisation. Must not import anything but torch.

Qiao et al., "Micro-Batch Training with Batch-Channel Normalization and Weight Standardization", 2019; as in BiT.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class StdConv2d(nn.Conv2d):
    """Convolution whose filters are brought to mean 0 and variance 1 at each use."""

    eps = 1e-6

    def filters(self, gain: Tensor | None = None) -> Tensor:
        flat = self.weight.reshape(1, self.out_channels, -1)
        flat = F.batch_norm(flat, None, None, weight=gain, training=True, eps=self.eps)
        return flat.reshape_as(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.filters(), self.bias, self.stride, self.padding, self.dilation, self.groups)
