"""Layers of gated recurrent units. Must not import anything but torch."""

from __future__ import annotations

from typing import Any

from torch import nn


class GRU(nn.GRU):
    """Goes through tokens, [B, T, D] -> [B, T, d], and gives the state after each; [B, T, 2 * d] in both directions."""

    def __init__(self, width: int, d: int, num_layers: int = 1, bidirectional: bool = False) -> None:
        super().__init__(width, d, num_layers, batch_first=True, bidirectional=bidirectional)

    def forward(self, *values: Any, **named: Any) -> Any:
        return super().forward(*values, **named)[0]
