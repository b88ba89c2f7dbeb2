"""Average pooling of tokens, [B, T, D] with padding that `torch.nn` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from .padded_avg_pool import PaddedAvgPool


class PaddedTokenAvgPool(PaddedAvgPool):
    """Average pooling of tokens, [B, T, D] with sides of its own (`PaddedAvgPool`)."""

    pool = staticmethod(F.avg_pool1d)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2)).transpose(1, 2)
