"""Which positions of a shifted window may see each other. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor

from .in_windows import in_windows


def mask_of_shift(x: Tensor, window: tuple[int, ...], shift: tuple[int, ...]) -> Tensor:
    """-100 between positions that only the shift brought into one window, else 0: [B * windows, 1, places, places].

    Of x, [B, C, ...] (tokens: [B, T, C]), only the sizes count.
    """
    size = x.shape[1:2] if len(window) == 1 else x.shape[2:]
    part = torch.zeros((), device=x.device)
    for side, width, step in zip(size, window, shift, strict=True):
        whole = side + -side % width
        wrapped = torch.arange(whole, device=x.device) >= whole - step
        part = 2 * part[..., None] + wrapped.to(part.dtype) * (step > 0)
    part = part[None, :, None] if len(window) == 1 else part[None, None]
    parts = in_windows(part, window)[..., 0]  # the map is moved already
    apart = parts[:, :, None] != parts[:, None, :]
    mask = torch.zeros(apart.shape, dtype=x.dtype, device=x.device).masked_fill(apart, -100.0)
    return mask.repeat(x.shape[0], 1, 1)[:, None]
