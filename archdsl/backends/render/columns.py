"""Units beside each other: columns for a flow that only narrows, a valley for one that widens again. Must not know DOT.

Columns: units stand on top of each other, columns from left to right, as many as bring the picture's width near twice its
height. Valley (a network whose long skips bridge a lower resolution): a column a resolution, the lower the coarser; where
the resolution grows again the flow runs upwards, so that skips are level. Row (level `stage`): one unit beside the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log2
from typing import NamedTuple

from archdsl.backends.render.drawing import Drawing
from archdsl.backends.render.geometry import Tile
from archdsl.backends.render.units import Unit

GUTTER = 28.0
STACK = 22.0
ROW_GAP = 70.0
STEP = 30.0
_LIFT = 2 * STEP
_TALL = 420.0
_IDEAL = 2.2
_FEW_ROLES = 2
_MOST_COLUMNS = 16
_SLACKS = (1.0, 1.1, 1.25)


class Column(NamedTuple):
    """Units on top of each other, by their positions in the sequence. `rises`: its flow runs upwards."""

    units: tuple[int, ...]
    level: int = 0
    rises: bool = False


class Arrangement(NamedTuple):
    """Tiles in their places, a tile a unit, and the columns that they stand in."""

    tiles: list[Tile]
    columns: list[Column]
    style: str


def arrange(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile]) -> Arrangement:
    """Give every tile its place."""
    if has_long_skips(drawing, units):
        columns = _valley(units, tiles)
        return Arrangement(_stand_in_valley(drawing, units, list(tiles), columns), columns, "valley")
    if drawing.level == "stage":
        columns = [Column((position,)) for position in range(len(units))]
        return Arrangement(_stand_in_row(drawing, units, tiles), columns, "row")
    columns = _packed(units, tiles)
    return Arrangement(_stand_in_columns(drawing, units, tiles, columns), columns, "columns")


def has_long_skips(drawing: Drawing, units: Sequence[Unit]) -> bool:
    where = {box: position for position, unit in enumerate(units) for box in unit.boxes}
    return any(where[arrow.head] - where[arrow.tail] > 1 for arrow in drawing.arrows)


def _packed(units: Sequence[Unit], tiles: Sequence[Tile]) -> list[Column]:
    """Columns in the order of the flow, broken before stages where there are any."""
    roles = [position for position, unit in enumerate(units) if unit.starts_role]
    free = len(roles) < _FEW_ROLES
    may_break = [position in roles[1:] or (free and not unit.is_end and position > 1) for position, unit in enumerate(units)]
    chunks: list[list[int]] = []
    for position in range(len(units)):
        if not chunks or may_break[position]:
            chunks.append([position])
        else:
            chunks[-1].append(position)
    heights = [sum(tiles[position].bounds.height + STACK for position in chunk) for chunk in chunks]
    limits = {max(heights), *(sum(heights) / count * slack for count in range(1, _MOST_COLUMNS + 1) for slack in _SLACKS)}
    best: list[list[int]] = []
    best_fault = float("inf")
    for limit in sorted(limit for limit in limits if limit >= max(heights)):
        packed = _filled(chunks, heights, limit)
        width = sum(max(tiles[position].bounds.width for position in column) + GUTTER for column in packed)
        height = max(sum(tiles[position].bounds.height + STACK for position in column) for column in packed)
        empty = 1 - sum(tile.bounds.width * tile.bounds.height for tile in tiles) / (width * height)
        fault = abs(log(width / height / _IDEAL)) + empty
        if fault < best_fault:
            best, best_fault = packed, fault
    return [Column(tuple(column)) for column in best]


def _filled(chunks: Sequence[list[int]], heights: Sequence[float], limit: float) -> list[list[int]]:
    columns: list[list[int]] = [[]]
    room = limit
    for chunk, height in zip(chunks, heights, strict=True):
        if columns[-1] and height > room + 0.01:
            columns.append([])
            room = limit
        columns[-1] += chunk
        room -= height
    return columns


def _stacked(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile], column: Column) -> list[Tile]:
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


def links(drawing: Drawing, unit: Unit, following: Unit) -> tuple[int, int] | None:
    """The boxes that an arrow from one unit to the next joins; the main one, where there are several."""
    found = [arrow for arrow in drawing.arrows if arrow.tail in unit.boxes and arrow.head in following.boxes]
    found.sort(key=lambda arrow: arrow.kind != "flow")
    return (found[0].tail, found[0].head) if found else None


def _stand_in_columns(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile], columns: Sequence[Column]) -> list[Tile]:
    left = 0.0
    placed: list[Tile] = []
    for column in columns:
        stack = _stacked(drawing, units, tiles, column)
        bounds = Tile.joined(stack).bounds
        placed += [tile.moved(left - bounds.left, -bounds.top) for tile in stack]
        left += bounds.width + GUTTER
    return placed


def _stand_in_row(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile]) -> list[Tile]:
    left = 0.0
    placed: list[Tile] = []
    for position, tile in enumerate(tiles):
        bounds = tile.bounds
        link = links(drawing, units[position - 1], units[position]) if position else None
        rise = placed[-1].boxes[link[0]].centre[1] - tile.boxes[link[1]].centre[1] if link else -bounds.centre[1]
        placed.append(tile.moved(left - bounds.left, rise))
        left += bounds.width + ROW_GAP
    return placed


def _valley(units: Sequence[Unit], tiles: Sequence[Tile]) -> list[Column]:
    """A column for each run of units of one resolution; more where they get too tall."""
    columns: list[Column] = []
    most = max([_TALL, *(tile.bounds.height for tile in tiles)])
    level, before, height = 0, None, 0.0
    for position, unit in enumerate(units):
        if before is not None and unit.size is not None:
            level += round(log2(before / unit.size))
        before = unit.size or before
        height += tiles[position].bounds.height + STACK
        if columns and columns[-1].level == level and height <= most:
            columns[-1] = columns[-1]._replace(units=(*columns[-1].units, position))
        else:
            is_same = bool(columns) and level == columns[-1].level
            rises = bool(columns) and (columns[-1].rises if is_same else level < columns[-1].level)
            columns.append(Column((position,), level, rises))
            height = tiles[position].bounds.height
    return columns


def _stand_in_valley(drawing: Drawing, units: Sequence[Unit], tiles: list[Tile], columns: Sequence[Column]) -> list[Tile]:
    stacks = [_stacked(drawing, units, tiles, column) for column in columns]
    bounds = [Tile.joined(stack).bounds for stack in stacks]
    heights: dict[int, float] = {}
    for column, rect in zip(columns, bounds, strict=True):
        heights[column.level] = max(heights.get(column.level, 0.0), rect.height)
    feet: dict[int, float] = {}
    foot = 0.0
    for level in sorted(heights):
        foot -= heights[level] + STEP
        feet[level] = foot
    left = 0.0
    moved: list[list[Tile]] = []
    for column, stack, rect in zip(columns, stacks, bounds, strict=True):
        moved.append([tile.moved(left - rect.left, feet[column.level] - rect.bottom) for tile in stack])
        left += rect.width + GUTTER
    return _levelled(drawing, moved)


def _headroom(stacks: list[list[Tile]], number: int) -> float:
    """How far a column may rise until it meets the foot of the one before."""
    if number == 0:
        return _LIFT
    return Tile.joined(stacks[number - 1]).bounds.bottom - STACK - Tile.joined(stacks[number]).bounds.top


def _levelled(drawing: Drawing, stacks: list[list[Tile]]) -> list[Tile]:
    """Lift columns a little so that the skips that leave them are level."""
    column_of = {box: number for number, stack in enumerate(stacks) for tile in stack for box in tile.boxes}
    for arrow in drawing.arrows:
        start, end = column_of[arrow.tail], column_of[arrow.head]
        if end - start > 1:
            head, tail = Tile.joined(stacks[end]).boxes[arrow.head], Tile.joined(stacks[start]).boxes[arrow.tail]
            lift = head.centre[1] - tail.centre[1]
            if 0 < lift <= min(_LIFT, _headroom(stacks, start)):
                stacks[start] = [tile.moved(0, lift) for tile in stacks[start]]
    return [tile for stack in stacks for tile in stack]
