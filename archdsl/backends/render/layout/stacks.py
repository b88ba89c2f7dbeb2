"""Columns of units, and the arrows between units, as the styles of arrangement share them. Must not know DOT."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.render.layout.chunks import Unit
from archdsl.backends.render.layout.geometry import Tile
from archdsl.backends.render.scene.drawing import Drawing
from archdsl.records import NamedTuple

GUTTER = 28.0
STACK = 22.0


class Stack(NamedTuple):
    """Units on top of each other, by their positions in the sequence. `rises`: its flow runs upwards."""

    units: tuple[int, ...]
    level: int = 0
    rises: bool = False


class Arrangement(NamedTuple):
    """Tiles in their places, one per unit, and the columns that they are in."""

    tiles: list[Tile]
    columns: list[Stack]
    style: str


def hops(drawing: Drawing, units: Sequence[Unit]) -> list[tuple[int, int, int]]:
    """The arrows that pass by whole units: their numbers, and the units where they start and end."""
    where = {box: position for position, unit in enumerate(units) for box in unit.boxes}
    ways = [(number, where[arrow.tail], where[arrow.head]) for number, arrow in enumerate(drawing.arrows)]
    return [way for way in ways if way[2] - way[1] > 1]


def links(drawing: Drawing, unit: Unit, following: Unit) -> tuple[int, int] | None:
    """The boxes that an arrow from one unit to the next joins; the main one, if there are several."""
    found = [arrow for arrow in drawing.arrows if arrow.tail in unit.boxes and arrow.head in following.boxes]
    found.sort(key=lambda arrow: arrow.kind != "flow")
    return (found[0].tail, found[0].head) if found else None


def stacked(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile], column: Stack) -> list[Tile]:
    """The tiles of one column in the order of the flow, each right under (or over) the one before, arrows straight."""
    sign = 1 if column.rises else -1
    placed: list[Tile] = []
    for position in column.units:
        tile = tiles[position].flipped() if column.rises else tiles[position]
        if not placed:
            placed.append(tile)
            continue
        before = placed[-1].bounds
        link = links(drawing, units[column.units[len(placed) - 1]], units[position])
        dx = placed[-1].boxes[link[0]].centre[0] - tile.boxes[link[1]].centre[0] if link else 0.0
        edge = before.top + STACK - tile.bounds.bottom if sign > 0 else before.bottom - STACK - tile.bounds.top
        placed.append(tile.moved(dx, edge))
    return placed
