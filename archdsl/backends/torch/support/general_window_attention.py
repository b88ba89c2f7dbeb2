"""Self-attention inside windows, with every setting. Must not import anything but torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .general_product import general_product
from .log_offsets import log_offsets
from .project_without_key_bias import project_without_key_bias
from .relative_index import relative_index
from .window_attention import WindowAttention


class GeneralWindowAttention(WindowAttention):
    """Multi-head self-attention inside the windows of a map, [B, C, H, W] -> [B, C, H, W].

    Args:
        window, shift, grid: as in `WindowAttention`.
        relpos: "bias" adds a learned bias for each offset of a window, "mlp" one that an MLP gives (Swin V2).
        cosine: the cosine of queries and keys, times a learned number per head (Swin V2); keys have no bias.
        talking: heads are mixed before and after the softmax (CaiT).
    """

    relative_coords_table: Tensor

    def __init__(
        self,
        width: int,
        heads: int,
        window: tuple[int, int],
        shift: tuple[int, int] = (0, 0),
        grid: bool = False,
        relpos: str | None = None,
        cosine: bool = False,
        talking: bool = False,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
        scale: float | None = None,
    ) -> None:
        super().__init__(width, heads, window, shift, grid, relpos == "bias", dim, bias, out_bias, scale)
        self.logit_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10))) if cosine else None
        self.proj_l = nn.Linear(heads, heads) if talking else None
        self.proj_w = nn.Linear(heads, heads) if talking else None
        self.cpb_mlp = None
        if relpos == "mlp":
            self.cpb_mlp = nn.Sequential(nn.Linear(2, 512), nn.ReLU(inplace=True), nn.Linear(512, heads, bias=False))
            self.register_buffer("relative_coords_table", log_offsets(window), persistent=False)
            self.register_buffer("relative_position_index", relative_index(window), persistent=False)

    def position_bias(self) -> Tensor | None:
        if self.cpb_mlp is None:
            return super().position_bias()
        biases = 16 * self.cpb_mlp(self.relative_coords_table).sigmoid()
        return biases[self.relative_position_index].movedim(-1, 0)

    def attend(self, x: Tensor, bias: Tensor | None) -> Tensor:
        qkv = self.qkv(x) if self.logit_scale is None else project_without_key_bias(x, self.qkv)
        q, k, v = qkv.unflatten(-1, (3, self.heads, -1)).permute(3, 0, 1, 4, 2, 5)
        x = general_product(q, k, v, bias, self.scale, self.logit_scale, self.proj_l, self.proj_w)
        return self.proj(x.transpose(2, 3).flatten(3))
