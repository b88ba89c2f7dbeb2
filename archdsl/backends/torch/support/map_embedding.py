"""An embedding of a map of indices. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class MapEmbedding(nn.Embedding):
    """A learned vector for each index: [B, H, W] -> [B, D, H, W]."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).movedim(-1, 1)
