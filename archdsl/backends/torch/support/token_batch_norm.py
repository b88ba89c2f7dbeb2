"""Batch norm of tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class TokenBatchNorm(nn.BatchNorm1d):
    """Batch norm over D of [B, T, D]."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2)).transpose(1, 2)
