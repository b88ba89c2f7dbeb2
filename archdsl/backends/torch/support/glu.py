"""Gated linear units with other gates than the sigmoid. Shazeer, "GLU Variants Improve Transformer", 2020."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor


def glu(x: Tensor, act: Callable[[Tensor], Tensor], dim: int) -> Tensor:
    """`a * act(b)`, a and b the halves of x along `dim`."""
    a, b = x.chunk(2, dim)
    return a * act(b)
