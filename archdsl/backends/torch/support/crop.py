"""A part of a map or volume. Must not import anything but torch."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def crop(x: Tensor, size: Sequence[int], offset: Sequence[int] | None = None) -> Tensor:
    """The part of [B, C, ...] that is so large along each axis and starts at the offset; with none the middle."""
    for axis, length in enumerate(size, start=2):
        start = offset[axis - 2] if offset else (x.shape[axis] - length) // 2
        x = x.narrow(axis, start, length)
    return x
