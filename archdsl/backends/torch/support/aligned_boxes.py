"""A map inside boxes. Must not import anything but torch.

He et al., "Mask R-CNN", ICCV 2017: RoIAlign, as torchvision has it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .places_of_bins import places_of_bins


def aligned_boxes(x: Tensor, boxes: Tensor, size: tuple[int, int], scale: float, ratio: int, aligned: bool) -> Tensor:
    """[B, C, H, W] inside boxes [B, N, 4], corners x, y, x, y: [B, C, N, h, w]. Boxes get no gradient."""
    with torch.no_grad():
        corners = boxes.to(x.dtype) * scale - (0.5 if aligned else 0.0)
        x1, y1, x2, y2 = corners.unbind(-1)
        least = 0.0 if aligned else 1.0
        ys, row_counts = places_of_bins(y1, (y2 - y1).clamp(min=least), size[0], ratio, x.shape[2])
        xs, column_counts = places_of_bins(x1, (x2 - x1).clamp(min=least), size[1], ratio, x.shape[3])
        grid = torch.stack(torch.broadcast_tensors(xs[:, :, None], ys[:, :, :, None]), dim=-1)
    many = (row_counts * column_counts)[:, None, :, None, None]
    read = F.grid_sample(x, grid.flatten(1, 2), align_corners=True)  # [B, C, N * h * places, w * places]
    read = read.unflatten(3, (size[1], -1)).sum(4).unflatten(2, (boxes.shape[1], size[0], -1)).sum(4)
    return read / many
