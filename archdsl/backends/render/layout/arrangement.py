"""Units put beside each other, in one of three styles. Must not know DOT.

Columns: units are on top of each other, columns go from left to right, as many as make the picture largest on its
page. Valley (`valley.py`): a network that narrows and widens again goes down and up. Row (level `stage`, where nothing
passes by): one unit beside the other, in several rows if one would be too long to read.
"""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.render.layout.box_sizes import TEXT_SIZE
from archdsl.backends.render.layout.chunks import Unit
from archdsl.backends.render.layout.geometry import Tile
from archdsl.backends.render.layout.labels import label_size
from archdsl.backends.render.layout.page import HALF_PAGE, LEAST_TEXT, Page
from archdsl.backends.render.layout.stacks import GUTTER, STACK, Arrangement, Stack, hops, links, stacked
from archdsl.backends.render.layout.valley import goes_down_and_up, stand_in_valley, valley
from archdsl.backends.render.scene.captions import axes_text
from archdsl.backends.render.scene.drawing import Drawing

LANE = 6.0
"""Between two arrows that run side by side."""
_ROW_GAP, _BETWEEN_ROWS = 24.0, 40.0
_LONGEST_ROW = 640.0
_TURNS = 36.0
"""What rows need at both sides for the way from one to the next."""
_CRUMB = 0.25
_FEW_ROLES = 2
_MOST_COLUMNS = 16
_SLACKS = (1.0, 1.05, 1.1, 1.25)


def arrange(
    drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile], page: Page = HALF_PAGE, may_sink: bool = True
) -> Arrangement:
    """Give every tile its place; in a valley only if it may."""
    columns = valley(units, tiles)
    if may_sink and goes_down_and_up(drawing, units, columns):
        return Arrangement(stand_in_valley(drawing, units, list(tiles), columns, page), columns, "valley")
    if drawing.level == "stage" and not hops(drawing, units):
        columns = [Stack((position,)) for position in range(len(units))]
        return Arrangement(_stand_in_rows(drawing, units, tiles, page), columns, "row")
    columns = _packed(units, tiles, page)
    return Arrangement(_stand_in_columns(drawing, units, tiles, columns), columns, "columns")


def _packed(units: Sequence[Unit], tiles: Sequence[Tile], page: Page) -> list[Stack]:
    """Columns in the order of the flow, broken before stages, and in runs of units that are in no stage."""
    roles = [position for position, unit in enumerate(units) if unit.starts_role]
    bare = [not unit.starts_role and not unit.is_end for unit in units]
    has_few = len(roles) < _FEW_ROLES
    free = [position for position in range(2, len(units)) if bare[position] and (has_few or bare[position - 1])]
    may_break = [position in roles[1:] or position in free for position in range(len(units))]
    chunks: list[list[int]] = []
    for position in range(len(units)):
        if not chunks or may_break[position]:
            chunks.append([position])
        else:
            chunks[-1].append(position)
    heights = [sum(tiles[position].bounds.height + STACK for position in chunk) for chunk in chunks]
    packings = [_filled(chunks, heights, limit) for limit in _limits(heights)]
    packings = [packed for packed in packings if not _leaves_crumbs(tiles, packed, roles)]
    return [Stack(tuple(column)) for column in min(packings, key=lambda packed: _fault(tiles, packed, page))]


def _leaves_crumbs(tiles: Sequence[Tile], packed: Sequence[Sequence[int]], roles: Sequence[int]) -> bool:
    """Whether a column that begins no stage is much shorter than the tallest. One column alone never is."""
    heights = [sum(tiles[position].bounds.height + STACK for position in column) for column in packed]
    least = max(heights) * _CRUMB
    return any(height < least and column[0] not in roles for height, column in zip(heights, packed, strict=True))


def _fault(tiles: Sequence[Tile], packed: Sequence[Sequence[int]], page: Page) -> float:
    """How many pages wide or high the columns are; more if room stays empty."""
    width = sum(max(tiles[position].bounds.width for position in column) + GUTTER for column in packed)
    height = max(sum(tiles[position].bounds.height + STACK for position in column) for column in packed)
    filled = sum(tile.bounds.width * tile.bounds.height for tile in tiles) / (width * height)
    return page.over(width, height) * (2 - filled)


def _limits(sizes: Sequence[float]) -> list[float]:
    """How long a column (or row) may be, from the shortest that holds the largest piece."""
    shares = (sum(sizes) / count * slack for count in range(1, _MOST_COLUMNS + 1) for slack in _SLACKS)
    return sorted(limit for limit in {max(sizes), *shares} if limit >= max(sizes))


def _filled(chunks: Sequence[list[int]], sizes: Sequence[float], limit: float) -> list[list[int]]:
    columns: list[list[int]] = [[]]
    room = limit
    for chunk, size in zip(chunks, sizes, strict=True):
        if columns[-1] and size > room + 0.01:
            columns.append([])
            room = limit
        columns[-1] += chunk
        room -= size
    return columns


def _stand_in_columns(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile], columns: Sequence[Stack]) -> list[Tile]:
    lanes = _lanes(drawing, units, columns)
    left = 0.0
    placed: list[Tile] = []
    for number, column in enumerate(columns):
        stack = stacked(drawing, units, tiles, column)
        bounds = Tile.joined(stack).bounds
        placed += [tile.moved(left - bounds.left, -bounds.top) for tile in stack]
        left += bounds.width + GUTTER + LANE * lanes[number]
    return placed


def _lanes(drawing: Drawing, units: Sequence[Unit], columns: Sequence[Stack]) -> list[int]:
    """For each column how many arrows that pass by other units will need the room at its right."""
    column_of = {unit: number for number, column in enumerate(columns) for unit in column.units}
    lanes = [0] * len(columns)
    for _, start, end in hops(drawing, units):
        first, last = column_of[start], column_of[end]
        lanes[first] += 1
        if last > first + 1:
            lanes[last - 1] += 1
    return lanes


def _stand_in_rows(drawing: Drawing, units: Sequence[Unit], tiles: Sequence[Tile], page: Page) -> list[Tile]:
    """Rows of about one length; the boxes of a row on one line."""
    gaps = [_ROW_GAP + _label_width(drawing, units[position - 1], units[position]) for position in range(1, len(units))]
    widths = [tile.bounds.width + gap for tile, gap in zip(tiles, [0.0, *gaps], strict=True)]
    longest = min(_LONGEST_ROW, page.width * TEXT_SIZE / LEAST_TEXT - _TURNS)
    count = -int(-sum(widths) // longest)
    chunks = [[position] for position in range(len(units))]
    splits = [_filled(chunks, widths, limit) for limit in _limits(widths)]
    fitting = [rows for rows in splits if max(sum(widths[position] for position in row) for row in rows) <= longest]
    rows = min(fitting or splits, key=lambda rows: (abs(len(rows) - count), splits.index(rows)))
    top = 0.0
    placed: list[Tile] = []
    for row in rows:
        left = 0.0
        line: list[Tile] = []
        for position in row:
            tile = tiles[position]
            link = links(drawing, units[position - 1], units[position]) if line else None
            rise = line[-1].boxes[link[0]].centre[1] - tile.boxes[link[1]].centre[1] if link else -tile.bounds.centre[1]
            left += gaps[position - 1] if line else 0.0
            line.append(tile.moved(left - tile.bounds.left, rise))
            left += tile.bounds.width
        bounds = Tile.joined(line).bounds
        placed += [tile.moved(0, top - bounds.top) for tile in line]
        top -= bounds.height + _BETWEEN_ROWS
    return placed


def _label_width(drawing: Drawing, unit: Unit, following: Unit) -> float:
    """Room for the shapes on the arrows from one unit to the next."""
    shapes = [arrow.shape for arrow in drawing.arrows if arrow.tail in unit.boxes and arrow.head in following.boxes]
    return max((label_size(axes_text(shape))[0] for shape in shapes), default=0.0)
