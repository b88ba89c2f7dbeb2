"""Padding with sides of their own. Must not import anything but torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor


def pad_sides(x: Tensor, sides: Sequence[int], value: float = 0.0, border: str = "zeros") -> Tensor:
    """Pads [B, C, ...] by (before, after) for each axis; PyTorch wants the last axis first."""
    if not any(sides):
        return x
    around = [side for at in range(len(sides) - 2, -1, -2) for side in sides[at : at + 2]]
    return F.pad(x, around, value=value) if border == "zeros" else F.pad(x, around, border)
