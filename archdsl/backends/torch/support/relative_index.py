"""Relative positions inside a window. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def relative_index(window: tuple[int, int]) -> Tensor:
    """The number, from 0, of the offset between every two positions of a window: [positions, positions]."""
    height, width = window
    rows = torch.arange(height).repeat_interleave(width)
    columns = torch.arange(width).repeat(height)
    down = rows[:, None] - rows + height - 1
    right = columns[:, None] - columns + width - 1
    return (2 * width - 1) * down + right
