"""Correlation of two maps. Must not import anything but torch.

Dosovitskiy et al., "FlowNet: Learning Optical Flow with Convolutional Networks", ICCV 2015; the factor as in RAFT.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def correlated(x: Tensor, other: Tensor, radius: int) -> Tensor:
    """Dot products of [B, C, H, W] with the other, moved by up to radius: [B, (2 * radius + 1) ** 2, H, W]."""
    side = 2 * radius + 1
    around = F.pad(other, [radius] * 4).unfold(2, side, 1).unfold(3, side, 1)  # [B, C, H, W, side, side]
    return torch.einsum("bchw,bchwij->bijhw", x, around).flatten(1, 2) / x.shape[1] ** 0.5
