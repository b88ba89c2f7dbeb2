"""Which positions of a shifted window may see each other. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor

from .cut_windows import cut_windows


def shift_mask(size: tuple[int, int], window: tuple[int, int], shift: tuple[int, int], like: Tensor) -> Tensor:
    """-100 between positions that only the shift brought into one window, else 0: [windows, positions, positions]."""
    wrapped_rows = torch.arange(size[0], device=like.device) >= size[0] - shift[0]
    wrapped_columns = torch.arange(size[1], device=like.device) >= size[1] - shift[1]
    part = 2 * wrapped_rows[:, None] + wrapped_columns.long()
    parts = cut_windows(part[None, :, :, None], window)[0, :, :, 0]
    apart = parts[:, :, None] != parts[:, None, :]
    return like.new_zeros(apart.shape).masked_fill(apart, -100.0)
