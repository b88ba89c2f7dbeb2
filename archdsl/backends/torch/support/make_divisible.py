"""Widths that hardware likes. Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018."""

from __future__ import annotations

import math


def make_divisible(value: float, divisor: int) -> int:
    """The multiple of `divisor` nearest `value`, at least one; one more where that takes away over a tenth."""
    nearest = max(divisor, math.floor(value / divisor + 0.5) * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest
