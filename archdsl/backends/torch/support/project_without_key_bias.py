"""The in-projection of cosine attention. Must not import anything but torch."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def project_without_key_bias(x: Tensor, qkv: nn.Linear) -> Tensor:
    """qkv(x), its bias taken as 0 for the keys (Swin V2): [..., C] -> [..., 3 * dim]."""
    if qkv.bias is None:
        return qkv(x)
    q_bias, _, v_bias = qkv.bias.chunk(3)
    return F.linear(x, qkv.weight, torch.cat([q_bias, torch.zeros_like(q_bias), v_bias]))
