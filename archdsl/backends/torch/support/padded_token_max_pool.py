"""Max pooling of tokens, [B, T, D] with padding that `torch.nn` lacks. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from .padded_max_pool import PaddedMaxPool


class PaddedTokenMaxPool(PaddedMaxPool):
    """Max pooling of tokens, [B, T, D] with sides of its own (`PaddedMaxPool`)."""

    pool = staticmethod(F.max_pool1d_with_indices)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        y = super().forward(x.transpose(1, 2))
        return y.transpose(1, 2) if isinstance(y, Tensor) else (y[0].transpose(1, 2), y[1].transpose(1, 2))
