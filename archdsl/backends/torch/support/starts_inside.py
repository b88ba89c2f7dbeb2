"""Windows that start on the input. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def starts_inside(y: Tensor, sizes: tuple[int, ...], sides: tuple[int, ...], stride: tuple[int, ...]) -> Tensor:
    """The results of a pool over [B, C, ...] whose windows do not start in the padding after the last position.

    sizes: of the input without its padding; sides: (before, after) for each axis.
    """
    for axis, (size, before, step) in enumerate(zip(sizes, sides[::2], stride, strict=True), start=2):
        y = y.narrow(axis, 0, min(y.shape[axis], -(-(size + before) // step)))
    return y
