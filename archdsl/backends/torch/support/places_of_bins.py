"""Where the bins of a box are read. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def places_of_bins(start: Tensor, length: Tensor, bins: int, ratio: int, size: int) -> tuple[Tensor, Tensor]:
    """Places from -1 to 1, beyond where nothing is read, [B, N, bins * places], and how many a bin has."""
    counts = torch.full_like(length, ratio) if ratio else (length / bins).ceil().clamp(min=1)
    most = int(counts.max()) if ratio == 0 else ratio
    place = torch.arange(most, device=start.device)
    width = (length / bins)[..., None, None]
    inside = (place + 0.5) * width / counts[..., None, None]
    at = start[..., None, None] + torch.arange(bins, device=start.device)[:, None] * width + inside
    is_read = (at >= -1) & (at <= size) & (place < counts[..., None, None])
    at = 2 * at.clamp(0, size - 1) / max(size - 1, 1) - 1
    return torch.where(is_read, at, torch.full_like(at, 9.0)).flatten(2), counts
