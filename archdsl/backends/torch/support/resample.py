"""A map enlarged by a fraction. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def resample(x: Tensor, times: int, over: int, mode: str = "nearest", align_corners: bool | None = None) -> Tensor:
    """[B, C, H, W] -> [B, C, H * times // over, W * times // over]."""
    size = (x.shape[2] * times // over, x.shape[3] * times // over)
    return F.interpolate(x, size=size, mode=mode, align_corners=align_corners)
