"""Self-attention over tokens, as in ViT. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class Attention(nn.Module):
    """Multi-head self-attention over tokens, [B, T, D] -> [B, T, D]."""

    def __init__(
        self,
        width: int,
        heads: int,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
        scale: float | None = None,
    ) -> None:
        super().__init__()
        dim = dim or width
        self.heads = heads
        self.scale = scale  # of the logits; None is 1 / sqrt(dim / heads)
        self.qkv = nn.Linear(width, 3 * dim, bias=bias)
        self.proj = nn.Linear(dim, width, bias=out_bias)
        nn.init.xavier_uniform_(self.qkv.weight)
        for linear in (self.qkv, self.proj):
            if linear.bias is not None:
                nn.init.zeros_(linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        x = F.scaled_dot_product_attention(q, k, v, scale=self.scale)
        return self.proj(x.transpose(1, 2).flatten(2))
