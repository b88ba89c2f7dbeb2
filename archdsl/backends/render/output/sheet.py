"""A drawing in its places, under its title and legend: what is written as svg or DOT. Must not write or place anything."""

from __future__ import annotations

from archdsl.backends.render.layout.geometry import Placed, Rect
from archdsl.backends.render.output.legend import LegendMark
from archdsl.backends.render.scene.drawing import Drawing
from archdsl.backends.render.scene.paint import Colours
from archdsl.records import NamedTuple


class Sheet(NamedTuple):
    """A drawing in its places.

    Attributes:
        area: around all of it.
        text: the size in points of the text in its boxes, after it was made small enough for the page.
        has_blocks: each block is drawn once under the stages.
    """

    drawing: Drawing
    colours: list[Colours]
    placed: Placed
    marks: list[LegendMark]
    area: Rect
    text: float
    has_blocks: bool = False
