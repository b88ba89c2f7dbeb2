"""Rotary positions. Must not import anything but torch."""

from __future__ import annotations

import torch
from torch import Tensor

from .turning_angles import turning_angles


def rotary(
    x: Tensor,
    heads: int,
    base: float,
    size: tuple[int, ...] | None = None,
    prefix: int = 0,
    pairs: str = "adjacent",
) -> Tensor:
    """Turns each pair of a head's numbers by the angle of its token's place: [B, T, D] -> [B, T, D].

    Args:
        size: the places along each axis, each with an equal part of the pairs; None is one row of all tokens.
        prefix: how many tokens in front are left alone.
        pairs: "adjacent" numbers are one, or the same number of both "halves" of an axis' part.
    """
    first, rest = x[:, :prefix], x[:, prefix:]
    size = size or (rest.shape[1],)
    angles = turning_angles(size, x.shape[2] // heads // len(size) // 2, base, x)
    cos, sin = angles.cos()[:, None].to(x.dtype), angles.sin()[:, None].to(x.dtype)
    # [B, T, heads, axes, pairs, 2], or with the two of a pair before the pairs.
    two = -1 if pairs == "adjacent" else -2
    parts = (heads, len(size), -1, 2) if pairs == "adjacent" else (heads, len(size), 2, -1)
    a, b = rest.unflatten(2, parts).unbind(two)
    turned = torch.stack((a * cos - b * sin, a * sin + b * cos), two).flatten(2)
    return turned if prefix == 0 else torch.cat((first, turned), dim=1)
