"""Shapes without the batch: `[C, H, W]`, `[T, D]` or `[D]`. Must not know operators."""

from __future__ import annotations

from math import prod

from archdsl.shapes.dimension import Dim

Shape = tuple[Dim, ...]


def channels(shape: Shape) -> Dim:
    """C of `[C, H, W]`, D of `[T, D]` and `[D]`."""
    return shape[0] if len(shape) == 3 else shape[-1]


def numel(shape: Shape) -> Dim:
    """How many numbers a value of this shape has."""
    return prod(shape)


def shape_text(shape: Shape) -> str:
    """As the language writes it: `[256, 56, 56]`."""
    return "[" + ", ".join(str(axis) for axis in shape) + "]"
