"""Log-spaced offsets between places, as in Swin V2. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def log_offsets(sides: tuple[int, ...], bounded: bool = True) -> Tensor:
    """Every offset between two of so many places along each axis, log-spaced: [offsets, axes].

    Bounded (Swin V2) they go from -8 to 8 before a logarithm of base 8; else it is the natural one of the offset.
    """
    axes = [torch.arange(1 - side, side) / (max(side - 1, 1) / 8 if bounded else 1) for side in sides]
    offsets = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1).flatten(0, -2)
    logs = torch.log2(offsets.abs() + 1) / 3 if bounded else torch.log(offsets.abs() + 1)
    return offsets.sign() * logs
