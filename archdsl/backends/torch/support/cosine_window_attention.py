"""Cosine attention inside windows, as in Swin V2. Must not import anything but torch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .log_offsets import log_offsets
from .project_without_key_bias import project_without_key_bias
from .relative_index import relative_index
from .window_attention import WindowAttention


class CosineWindowAttention(WindowAttention):
    """Window attention by the cosine of queries and keys, with a bias that an MLP gives for each offset.

    The cosines are scaled by a learned number per head, up to 100. Keys have no bias: a third of `qkv.bias` is unused.
    """

    relative_coords_table: Tensor

    def __init__(
        self,
        width: int,
        heads: int,
        window: tuple[int, int],
        shift: tuple[int, int] = (0, 0),
        grid: bool = False,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
    ) -> None:
        super().__init__(width, heads, window, shift, grid, False, dim, bias, out_bias)
        self.logit_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10)))
        self.cpb_mlp = nn.Sequential(nn.Linear(2, 512), nn.ReLU(inplace=True), nn.Linear(512, heads, bias=False))
        self.register_buffer("relative_coords_table", log_offsets(window), persistent=False)
        self.register_buffer("relative_position_index", relative_index(window), persistent=False)

    def position_bias(self) -> Tensor:
        biases = 16 * self.cpb_mlp(self.relative_coords_table).sigmoid()
        return biases[self.relative_position_index].movedim(-1, 0)

    def project(self, x: Tensor) -> Tensor:
        return project_without_key_bias(x, self.qkv)

    def product(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        scale = self.logit_scale.clamp(max=math.log(100)).exp().repeat(q.shape[1] // self.heads, 1, 1)
        return F.scaled_dot_product_attention(
            F.normalize(q, dim=-1) * scale, F.normalize(k, dim=-1), v, bias, scale=1.0
        )
