"""A part of a map. Must not import anything but torch."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def crop(x: Tensor, size: Sequence[int], offset: tuple[int, int] | None = None) -> Tensor:
    """The part of [B, C, H, W] that is (height, width) large and starts at (top, left); with no offset the middle."""
    height, width = size
    top, left = offset or ((x.shape[2] - height) // 2, (x.shape[3] - width) // 2)
    return x[:, :, top : top + height, left : left + width]
