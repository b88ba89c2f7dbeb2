"""Log-spaced offsets inside a window, as in Swin V2. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def log_offsets(window: tuple[int, int]) -> Tensor:
    """Every offset (down, right) between two places of a window, log-spaced from -8 to 8: [(2h - 1) * (2w - 1), 2]."""
    axes = [torch.arange(1 - side, side) / max(side - 1, 1) * 8 for side in window]
    offsets = torch.cartesian_prod(*axes)
    return offsets.sign() * torch.log2(offsets.abs() + 1) / 3
