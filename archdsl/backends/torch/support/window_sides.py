"""How far to pad for windows that `torch.nn` cannot pad for. Must not import anything but torch."""

from __future__ import annotations

from torch import Tensor


def window_sides(
    x: Tensor,
    pad: str | tuple[int, int, int, int],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...] = (1, 1),
) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) as given; for "tf" so that ceil(size / stride) windows fit, smaller half first."""
    if not isinstance(pad, str):
        return pad
    windows = zip(x.shape[-2:], kernel, stride, dilation, strict=True)
    height, width = (max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0) for size, k, s, d in windows)
    return (height // 2, height - height // 2, width // 2, width - width // 2)
