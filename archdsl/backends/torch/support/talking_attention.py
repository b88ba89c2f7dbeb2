"""Self-attention with talking heads, as in CaiT. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn

from .attention import Attention


class TalkingAttention(Attention):
    """Self-attention whose heads are mixed before and after the softmax, [B, T, D] -> [B, T, D]."""

    def __init__(
        self,
        width: int,
        heads: int,
        dim: int | None = None,
        bias: bool = True,
        out_bias: bool = True,
        scale: float | None = None,
    ) -> None:
        super().__init__(width, heads, dim, bias, out_bias, scale or ((dim or width) // heads) ** -0.5)
        self.proj_l = nn.Linear(heads, heads)
        self.proj_w = nn.Linear(heads, heads)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        logits = (q * self.scale) @ k.transpose(-2, -1)  # [B, heads, T, T]
        logits = self.proj_l(logits.movedim(1, -1)).movedim(-1, 1)
        weights = self.proj_w(logits.softmax(-1).movedim(1, -1)).movedim(-1, 1)
        return self.proj((weights @ v).transpose(1, 2).flatten(2))
