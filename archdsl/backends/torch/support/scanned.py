"""One module token after token. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def scanned(
    body: nn.Module, tokens: tuple[Tensor, ...], states: tuple[Tensor, ...], *others: Tensor
) -> tuple[Tensor, ...]:
    """Applies the body to a token of each sequence, [B, D] of [B, T, D], and to the states that it gave before.

    Gives the tokens that come out, [B, T, D'], and the states after the last one.
    """
    found = []
    for token in zip(*(sequence.unbind(1) for sequence in tokens), strict=True):
        result, *states = body(*token, *states, *others)
        found.append(result)
    return torch.stack(found, dim=1), *states
