"""One number everywhere. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor


def constant(x: Tensor, value: float, axes: tuple[int, ...]) -> Tensor:
    """A value of these axes for each sample of x, of which only the batch counts."""
    dtype = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    return torch.full((1, *axes), value, dtype=dtype, device=x.device).expand(x.shape[0], *(-1 for _ in axes))
