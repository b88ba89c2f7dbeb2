"""Windows put back. Must not import anything but torch."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def folded(
    x: Tensor, size: tuple[int, ...], k: tuple[int, ...], stride: tuple[int, ...], pad: tuple[int, ...]
) -> Tensor:
    """[B, C * k..., places...] to [B, C, size...], sums where windows meet; tokens [B, places, D * k] to [B, T, D]."""
    if len(size) == 1:
        row = folded(x.transpose(1, 2)[:, :, None], (1, *size), (1, *k), (1, *stride), (0, 0, *pad))
        return row[:, :, 0].transpose(1, 2)
    height, width = (side + pad[2 * at] + pad[2 * at + 1] for at, side in enumerate(size))
    x = F.fold(x.flatten(2), (height, width), k, stride=stride)
    return x[:, :, pad[0] : height - pad[1], pad[2] : width - pad[3]]
