"""Attention to other tokens with cosine logits or talking heads. Must not import anything but torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .cross_attention import CrossAttention
from .general_product import general_product


class GeneralCrossAttention(CrossAttention):
    """Multi-head attention to other tokens: [B, T, D] and the context [B, S, E] -> [B, T, D].

    Args:
        cosine: the cosine of queries and keys, times a learned number per head (Swin V2); keys have no bias.
        talking: heads are mixed before and after the softmax (CaiT).
    """

    def __init__(
        self,
        width: int,
        context_width: int,
        heads: int,
        cosine: bool = False,
        talking: bool = False,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
        scale: float | None = None,
    ) -> None:
        super().__init__(width, context_width, heads, dim, bias, out_bias, scale)
        self.logit_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10))) if cosine else None
        if cosine:
            self.k.register_parameter("bias", None)
        self.proj_l = nn.Linear(heads, heads) if talking else None
        self.proj_w = nn.Linear(heads, heads) if talking else None

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k = self.k(context).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        v = self.v(context).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        x = general_product(q, k, v, None, self.scale, self.logit_scale, self.proj_l, self.proj_w)
        return self.proj(x.transpose(1, 2).flatten(2))
