"""Shapes without the batch: `[C, T, H, W]`, `[C, H, W]`, `[T, D]` or `[D]`. Must not know operators.

Axes are channels and *spatial* ones, along which positions lie: three of a video or volume, two of a map, one of tokens, none
of a vector. Channels come first where there are several spatial axes, else last.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from archdsl.shapes.dimension import Dim

Shape = tuple[Dim, ...]


class Indices(Shape):
    """The shape of whole numbers from 0 to below `below`: of a row `[T]` or a map `[H, W]`, without channels."""

    below: int

    def __new__(cls, sizes: Iterable[Dim], below: int) -> Indices:
        """Indices so many along each axis."""
        made = super().__new__(cls, sizes)
        made.below = below
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Indices) and self.below == other.below and super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.below, tuple(self)))

    def __reduce__(self) -> tuple[type[Indices], tuple[tuple[Dim, ...], int]]:
        return Indices, (tuple(self), self.below)


AXIS_NAMES = {
    1: ("channels",),
    2: ("tokens", "channels"),
    3: ("channels", "height", "width"),
    4: ("channels", "frames", "height", "width"),
}
"""The axes of a value, by how many it has."""

MOST_AXES = max(AXIS_NAMES)


def numbers_below(shapes: Iterable[tuple[str, Shape]]) -> dict[str, int]:
    """For each name whose shape is one of indices, below what they are."""
    return {name: shape.below for name, shape in shapes if isinstance(shape, Indices)}


INDEX_AXES = {1: ("tokens",), 2: ("height", "width")}
"""The axes of indices."""


def axis_names(shape: Shape) -> tuple[str, ...]:
    """What the axes of a value are called, in their order."""
    return (INDEX_AXES if isinstance(shape, Indices) else AXIS_NAMES)[len(shape)]


def channel_axis(shape: Shape) -> int:
    """The position of the channels in a shape of at least one axis."""
    return 0 if len(shape) > 2 else len(shape) - 1


def channels(shape: Shape) -> Dim:
    """C of `[C, H, W]` and `[C, T, H, W]`, D of `[T, D]` and `[D]`."""
    return shape[channel_axis(shape)]


def spatial(shape: Shape) -> Shape:
    """The sizes of the spatial axes: `(T, H, W)`, `(H, W)`, `(T,)` or nothing."""
    if isinstance(shape, Indices):
        return tuple(shape)
    return shape[1:] if len(shape) > 2 else shape[:-1]


def spatial_axes(shape: Shape) -> range:
    """The positions of the spatial axes in a shape."""
    if isinstance(shape, Indices):
        return range(len(shape))
    return range(1, len(shape)) if len(shape) > 2 else range(len(shape) - 1)


def shape_of(channels: Dim, sizes: Iterable[Dim]) -> Shape:
    """The shape with these channels and these sizes of its spatial axes."""
    sizes = tuple(sizes)
    return (channels, *sizes) if len(sizes) > 1 else (*sizes, channels)


def numel(shape: Shape) -> Dim:
    """How many numbers a value of this shape has."""
    return prod(shape)


def shape_text(shape: Shape) -> str:
    """As the language writes it: `[256, 56, 56]`, `[128] of 30522`."""
    text = "[" + ", ".join(str(axis) for axis in shape) + "]"
    return f"{text} of {shape.below}" if isinstance(shape, Indices) else text
