"""Sines and cosines of a number. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def number_sines(x: Tensor, d: int, base: float, pairs: str = "adjacent") -> Tensor:
    """A number for each sample, [B, 1], as d/2 sines and cosines of wavelengths up to base: [B, d]."""
    half = d // 2
    speeds = base ** -(torch.arange(half, device=x.device, dtype=x.dtype) / half)
    angles = x * speeds
    waves = (angles.sin(), angles.cos())
    return torch.stack(waves, dim=-1).flatten(1) if pairs == "adjacent" else torch.cat(waves, dim=1)
