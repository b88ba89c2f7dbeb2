"""Self-attention over all positions of a map with cosines or talking heads. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor

from .general_attention import GeneralAttention


class GeneralMapAttention(GeneralAttention):
    """Multi-head self-attention over all positions of a map, [B, C, H, W] -> [B, C, H, W]; settings as in its base."""

    def forward(self, x: Tensor) -> Tensor:
        tokens = super().forward(x.flatten(2).transpose(1, 2))
        return tokens.transpose(1, 2).unflatten(2, x.shape[2:])
