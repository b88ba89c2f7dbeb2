"""Self-attention over tokens with cosine logits or talking heads. Must not import anything but torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .attention import Attention
from .general_product import general_product
from .project_without_key_bias import project_without_key_bias


class GeneralAttention(Attention):
    """Multi-head self-attention over tokens, [B, T, D] -> [B, T, D].

    Args:
        cosine: the cosine of queries and keys, times a learned number per head (Swin V2); keys have no bias.
        talking: heads are mixed before and after the softmax (CaiT).
    """

    def __init__(
        self,
        width: int,
        heads: int,
        cosine: bool = False,
        talking: bool = False,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
        scale: float | None = None,
    ) -> None:
        super().__init__(width, heads, dim, bias, out_bias, scale)
        self.logit_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10))) if cosine else None
        self.proj_l = nn.Linear(heads, heads) if talking else None
        self.proj_w = nn.Linear(heads, heads) if talking else None

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(x) if self.logit_scale is None else project_without_key_bias(x, self.qkv)
        q, k, v = qkv.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        x = general_product(q, k, v, None, self.scale, self.logit_scale, self.proj_l, self.proj_w)
        return self.proj(x.transpose(1, 2).flatten(2))
