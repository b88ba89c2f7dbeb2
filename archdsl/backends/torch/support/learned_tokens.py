"""Learned tokens in place of an input. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LearnedTokens(nn.Module):
    """The same learned [T, D] for every sample; of the input only the batch counts."""

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.tokens = nn.Parameter(torch.empty(1, tokens, width))
        nn.init.trunc_normal_(self.tokens, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        return self.tokens.expand(x.shape[0], -1, -1)
