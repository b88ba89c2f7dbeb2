"""Dimensions and shapes: exact integers or formulas of free dimensions. Must not know operators or texts."""

from archdsl.shapes.dimension import Dim, Exact, Formula, Number, Undecided, decide, floor_divide, is_symbolic
from archdsl.shapes.shape import (
    AXIS_NAMES,
    MOST_AXES,
    Indices,
    Shape,
    axis_names,
    channel_axis,
    channels,
    numbers_below,
    numel,
    shape_of,
    shape_text,
    spatial,
    spatial_axes,
)

__all__ = [
    "AXIS_NAMES",
    "MOST_AXES",
    "Dim",
    "Exact",
    "Formula",
    "Indices",
    "Number",
    "Shape",
    "Undecided",
    "axis_names",
    "channel_axis",
    "channels",
    "decide",
    "floor_divide",
    "is_symbolic",
    "numbers_below",
    "numel",
    "shape_of",
    "shape_text",
    "spatial",
    "spatial_axes",
]
