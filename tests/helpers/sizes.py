"""Shapes in which nothing is free, as PyTorch takes them. Must not need torch."""

from __future__ import annotations

from archdsl.shapes import Shape


def numbers(shape: Shape) -> tuple[int, ...]:
    """The axes of a shape in which nothing is free."""
    axes = tuple(axis for axis in shape if isinstance(axis, int))
    assert len(axes) == len(shape), f"free dimensions in {shape}"
    return axes
