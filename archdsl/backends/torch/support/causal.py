"""The mask of what comes later. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def causal(logits: Tensor) -> Tensor:
    """Logits [..., T, T] with -inf where the key comes after its query."""
    later = torch.ones(logits.shape[-2:], dtype=torch.bool, device=logits.device).triu(1)
    return logits.masked_fill(later, -torch.inf)
