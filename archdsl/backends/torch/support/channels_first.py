"""Layers of `torch.nn` for tokens. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor, nn


class ChannelsFirst(nn.Module):
    """Of a layer of [B, D, T]: takes and gives [B, T, D]. The transposed tensors are views."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2)).transpose(1, 2)
