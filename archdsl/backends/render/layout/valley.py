"""The valley: a network that narrows and widens again, its long skips level across. Must not know DOT.

One column per resolution, the lower the coarser; where the resolution grows again, the flow runs upwards. Each column is a
little to the right of the one before it, and the two sides of a level face each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log, log2

from archdsl.backends.render.layout.chunks import Unit
from archdsl.backends.render.layout.geometry import Rect, Tile
from archdsl.backends.render.layout.page import Page
from archdsl.backends.render.layout.stacks import GUTTER, STACK, Stack, hops, links, stacked
from archdsl.backends.render.scene.drawing import Drawing

STEP = 30.0
_LIFT = 2 * STEP
_TALL = 420.0
_FEW = 2
_ACROSS = 70.0
"""At least so long is a skip: room for its shape."""
_JOG = 20.0
"""A bend smaller than this is made none."""
_SLOPES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def valley(units: Sequence[Unit], tiles: Sequence[Tile]) -> list[Stack]:
    """A column for each run of units of one resolution; more if they get too tall."""
    columns: list[Stack] = []
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
            columns.append(Stack((position,), level, rises))
            height = tiles[position].bounds.height
    return columns


def goes_down_and_up(drawing: Drawing, units: Sequence[Unit], columns: Sequence[Stack]) -> bool:
    """Whether a picture is a valley: two skips or more, and each crosses from the falling side to the rising one."""
    column_of = {unit: number for number, column in enumerate(columns) for unit in column.units}
    ways = {(column_of[start], column_of[end]) for _, start, end in hops(drawing, units)}
    turns = sum(a.rises != b.rises for a, b in pairwise(columns))
    return len(ways) >= _FEW and turns == 1 and all(not columns[a].rises and columns[b].rises for a, b in ways)


def stand_in_valley(
    drawing: Drawing, units: Sequence[Unit], tiles: list[Tile], columns: Sequence[Stack], page: Page
) -> list[Tile]:
    """The tiles in their places; the valley as steep as makes the picture largest on its page, and nearest to a square."""
    stacks = _on_levels([stacked(drawing, units, tiles, column) for column in columns], columns)
    sloped = [_sloped(drawing, units, stacks, columns, slope) for slope in _SLOPES]

    def fault(stacks: list[list[Tile]]) -> tuple[float, float]:
        bounds = Rect.around(tile.bounds for stack in stacks for tile in stack)
        return (round(page.over(bounds.width, bounds.height), 3), abs(log(bounds.width / bounds.height)))

    return _levelled(drawing, min(sloped, key=fault))


def _on_levels(stacks: list[list[Tile]], columns: Sequence[Stack]) -> list[list[Tile]]:
    """Every column moved up or down to its level."""
    bounds = [Tile.joined(stack).bounds for stack in stacks]
    heights: dict[int, float] = {}
    for column, rect in zip(columns, bounds, strict=True):
        heights[column.level] = max(heights.get(column.level, 0.0), rect.height)
    feet: dict[int, float] = {}
    foot = 0.0
    for level in sorted(heights):
        foot -= heights[level] + STEP
        feet[level] = foot
    moved = []
    for column, stack, rect in zip(columns, stacks, bounds, strict=True):
        moved.append([tile.moved(0, feet[column.level] - rect.bottom) for tile in stack])
    return moved


def _sloped(
    drawing: Drawing, units: Sequence[Unit], stacks: list[list[Tile]], columns: Sequence[Stack], slope: float
) -> list[list[Tile]]:
    """Columns from left to right; at slope 0 each right under (or over) the one before, at 1 wholly beside it."""
    placed: list[list[Tile]] = []
    rights: dict[int, float] = {}
    for number, (column, stack) in enumerate(zip(columns, stacks, strict=True)):
        rect = Tile.joined(stack).bounds
        left = rect.left
        if number:
            before = columns[number - 1]
            last = Tile.joined(placed[-1])
            left = last.bounds.right + GUTTER
            link = links(drawing, units[before.units[-1]], units[column.units[0]])
            if link and before.rises == column.rises and before.level != column.level:
                under = last.boxes[link[0]].centre[0] - Tile.joined(stack).boxes[link[1]].centre[0] + rect.left
                left = under + slope * max(0.0, left - under)
                left = under if left - under < _JOG else left
            left = max(left, rights.get(column.level, left - _ACROSS) + _ACROSS)
        placed.append([tile.moved(left - rect.left, 0) for tile in stack])
        rights[column.level] = left + rect.width
    return placed


def _headroom(stacks: list[list[Tile]], number: int) -> float:
    """How far a column may rise until it reaches the bottom of the one before."""
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
