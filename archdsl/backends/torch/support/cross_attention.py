"""Attention of tokens to other tokens. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class CrossAttention(nn.Module):
    """Multi-head attention to other tokens: [B, T, D] and the context [B, S, E] -> [B, T, D]."""

    def __init__(
        self,
        width: int,
        context_width: int,
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
        self.q = nn.Linear(width, dim, bias=bias)
        self.k = nn.Linear(context_width, dim, bias=bias)
        self.v = nn.Linear(context_width, dim, bias=bias)
        self.proj = nn.Linear(dim, width, bias=out_bias)
        for linear in (self.q, self.k, self.v):
            nn.init.xavier_uniform_(linear.weight)
        for linear in (self.q, self.k, self.v, self.proj):
            if linear.bias is not None:
                nn.init.zeros_(linear.bias)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k = self.k(context).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        v = self.v(context).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        x = F.scaled_dot_product_attention(q, k, v, scale=self.scale)
        return self.proj(x.transpose(1, 2).flatten(2))
