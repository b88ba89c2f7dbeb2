"""Self-attention inside windows, as in Swin and MaxViT. Must not import anything but torch."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .cut_windows import cut_windows
from .join_windows import join_windows
from .relative_index import relative_index
from .shift_mask import shift_mask


class WindowAttention(nn.Module):
    """Multi-head self-attention inside the windows of a map, [B, C, H, W] -> [B, C, H, W].

    The map is padded with zeros, at the bottom and on the right, to a multiple of the window; the padding takes part.

    Args:
        window: height and width of a window; 0 is the whole axis.
        shift: how far the windows are shifted (Swin); not along an axis that one window covers.
        grid: a window's positions are spread evenly over the map (MaxViT).
        relpos: whether a learned bias is added for each offset between two positions of a window.
    """

    relative_position_index: Tensor

    def __init__(
        self,
        width: int,
        heads: int,
        window: tuple[int, int],
        shift: tuple[int, int] = (0, 0),
        grid: bool = False,
        relpos: bool = False,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
        scale: float | None = None,
    ) -> None:
        super().__init__()
        dim = dim or width
        self.heads = heads
        self.window = window
        self.shift = shift
        self.grid = grid
        self.scale = scale  # of the logits; None is 1 / sqrt(dim / heads)
        if relpos:
            self.relative_position_bias_table = nn.Parameter(
                torch.empty((2 * window[0] - 1) * (2 * window[1] - 1), heads)
            )
            self.register_buffer("relative_position_index", relative_index(window), persistent=False)
            nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)
        else:
            self.register_parameter("relative_position_bias_table", None)
        self.qkv = nn.Linear(width, 3 * dim, bias=bias)
        self.proj = nn.Linear(dim, width, bias=out_bias)
        for linear in (self.qkv, self.proj):
            nn.init.trunc_normal_(linear.weight, std=0.02)
            if linear.bias is not None:
                nn.init.zeros_(linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[2:]
        window = (self.window[0] or height, self.window[1] or width)
        bottom, edge = -height % window[0], -width % window[1]
        if bottom or edge:
            x = F.pad(x, (0, edge, 0, bottom))
        x = x.movedim(1, -1)
        size = (x.shape[1], x.shape[2])
        down = self.shift[0] if window[0] < size[0] else 0
        right = self.shift[1] if window[1] < size[1] else 0
        bias = self.position_bias()
        if down or right:
            x = x.roll((-down, -right), (1, 2))
            mask = shift_mask(size, window, (down, right), x)[:, None]
            bias = mask if bias is None else mask + bias
        x = self.attend(cut_windows(x, window, self.grid), bias)
        x = join_windows(x, window, size, self.grid)
        if down or right:
            x = x.roll((down, right), (1, 2))
        return x[:, :height, :width].movedim(-1, 1)

    def position_bias(self) -> Tensor | None:
        """The bias for every two positions of a window, [heads, positions, positions]."""
        if self.relative_position_bias_table is None:
            return None
        return self.relative_position_bias_table[self.relative_position_index].movedim(-1, 0)

    def attend(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """Attention inside each window, [B, windows, positions, C]; to PyTorch every window has heads of its own."""
        windows = x.shape[1]
        q, k, v = self.project(x).unflatten(-1, (3, self.heads, -1)).permute(3, 0, 1, 4, 2, 5).flatten(2, 3)
        if bias is not None:
            bias = bias.expand(windows, self.heads, -1, -1).flatten(0, 1)[None]
        x = self.product(q, k, v, bias)
        return self.proj(x.unflatten(1, (windows, -1)).transpose(2, 3).flatten(3))

    def project(self, x: Tensor) -> Tensor:
        return self.qkv(x)

    def product(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        """[B, windows * heads, positions, C / heads]."""
        return F.scaled_dot_product_attention(q, k, v, attn_mask=bias, scale=self.scale)
