"""How far to pad for windows that `torch.nn` cannot pad for. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def window_sides(
    x: Tensor,
    pad: str | tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...] | None = None,
) -> tuple[int, ...]:
    """(before, after) for each axis of [B, C, ...]: "tf" fits ceil(size / stride) windows, smaller half first."""
    if not isinstance(pad, str):
        return pad
    windows = zip(x.shape[2:], kernel, stride, dilation or (1,) * len(kernel), strict=True)
    totals = [max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0) for size, k, s, d in windows]
    return tuple(side for total in totals for side in (total // 2, total - total // 2))
