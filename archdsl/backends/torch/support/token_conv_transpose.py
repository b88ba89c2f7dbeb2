"""A transposed convolution over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class TokenConvTranspose(nn.ConvTranspose1d):
    """Transposed convolution over tokens, [B, T, D]."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        return super().forward(x.transpose(1, 2), output_size).transpose(1, 2)
