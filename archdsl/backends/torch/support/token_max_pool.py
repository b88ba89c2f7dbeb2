"""Max pooling over tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class TokenMaxPool(nn.MaxPool1d):
    """Max pooling over tokens, [B, T, D]; with `return_indices` also the token that each maximum comes from."""

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        y = super().forward(x.transpose(1, 2))
        return y.transpose(1, 2) if isinstance(y, Tensor) else (y[0].transpose(1, 2), y[1].transpose(1, 2))
