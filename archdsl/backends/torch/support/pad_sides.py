"""Padding with sides of their own. Must not import anything but torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor


def pad_sides(x: Tensor, sides: Sequence[int], value: float = 0.0) -> Tensor:
    """Pads [B, C, ...] by (before, after) for each axis; PyTorch wants the last axis first."""
    if not any(sides):
        return x
    return F.pad(x, [side for at in range(len(sides) - 2, -1, -2) for side in sides[at : at + 2]], value=value)
