"""Arrows that leave their unit: between neighbors, and past whole units in lanes beside the columns. Must not move boxes."""

from __future__ import annotations

from archdsl.backends.render.layout.arrangement import LANE
from archdsl.backends.render.layout.chunks import Unit
from archdsl.backends.render.layout.curves import crosses, rounded
from archdsl.backends.render.layout.geometry import Path, Point, Rect, Tile
from archdsl.backends.render.layout.stacks import Arrangement
from archdsl.backends.render.scene.drawing import Drawing

_CLEAR = 9.0
_OVER = 14.0
"""From the lane of the flow to the column that it leads to."""
_ABOVE = 24.0
"""From the top of the columns to the first lane over them: the shapes of the flow are in between."""
_BEND = 7.0
_APART = 4.0
"""From the middle of a box's side: what comes in is higher, what goes out lower."""
_STRAIGHT = 0.5


class Router:
    """Draws the arrows that leave their unit."""

    def __init__(self, drawing: Drawing, units: list[Unit], arrangement: Arrangement, whole: Tile) -> None:
        self.drawing = drawing
        self.whole = whole
        self.style = arrangement.style
        self.columns = arrangement.columns
        self.unit_of = {box: position for position, unit in enumerate(units) for box in unit.boxes}
        column_of = {unit: number for number, column in enumerate(arrangement.columns) for unit in column.units}
        self.column_of = {box: column_of[unit] for box, unit in self.unit_of.items()}
        self.bounds = [Tile.joined([arrangement.tiles[unit] for unit in column.units]).bounds for column in arrangement.columns]
        self.top = max(rect.top for rect in self.bounds)
        self.ends: tuple[Rect, Rect] = (self.bounds[0], self.bounds[0])
        self.lanes: dict[int, int] = {}
        self.entered: dict[Rect, int] = {}
        self.over = 0

    def path(self, number: int) -> Path:
        """The path of the arrow with this number."""
        arrow = self.drawing.arrows[number]
        tail, head = self.whole.boxes[arrow.tail], self.whole.boxes[arrow.head]
        self.ends = (tail, head)
        tail = tail.part(*self.drawing.exit(number), self.columns[self.column_of[arrow.tail]].rises)
        start, end = self.column_of[arrow.tail], self.column_of[arrow.head]
        is_hop = self.unit_of[arrow.head] - self.unit_of[arrow.tail] > 1
        corners = self._corners(tail, head, start, end)
        if self.style == "columns" and (is_hop or self._free([corners]) is None):
            corners = self._around(tail, head, start, end)
        return rounded(corners, self.drawing.boxes[arrow.head].kind != "fork")

    def _corners(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        if start == end:
            return self._within(tail, head, self.columns[start].rises)
        if self.style == "row":
            return self._along(tail, head, start, end)
        if self.style == "valley":
            return self._across(tail, head, start, end) if end - start > 1 else self._step(tail, head, start, end)
        return self._over(tail, head, start, end)

    def _within(self, tail: Rect, head: Rect, rises: bool) -> list[Point]:
        """Straight down (or up) if one box is above the other."""
        start, end = (tail.centre[0], tail.top if rises else tail.bottom), (head.centre[0], head.bottom if rises else head.top)
        middle = (start[1] + end[1]) / 2
        jog = [] if abs(start[0] - end[0]) < _STRAIGHT else [(start[0], middle), (end[0], middle)]
        return [start, *jog, end]

    def _along(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """From side to side, level if the boxes are; between two rows to the start of the next."""
        y, target = tail.centre[1], head.centre[1]
        if head.left < tail.right:
            middle = (self.bounds[start].bottom + self.bounds[end].top) / 2
            out, into = tail.right + _OVER, head.left - _OVER
            return [(tail.right, y), (out, y), (out, middle), (into, middle), (into, target), (head.left, target)]
        between = (self.bounds[start].right + self.bounds[end].left) / 2
        middles = [] if abs(y - target) < _STRAIGHT else [(between, y), (between, target)]
        return [(tail.right, y), *middles, (head.left, target)]

    def _over(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """Out of the foot of one column, up between the two, into the top of the next."""
        below, above = self.bounds[start].bottom - _CLEAR, self.bounds[end].top + _CLEAR
        between = self.bounds[end].left - _OVER
        x, target = tail.centre[0], head.centre[0]
        return [(x, tail.bottom), (x, below), (between, below), (between, above), (target, above), (target, head.top)]

    def _around(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """Out to the lanes at the right of a column, over what is between, in from the lanes on either side of the other."""
        first, over = self._lane(start), self.top + _ABOVE + 2 * LANE * self.over
        apart = _APART if tail.height > 2 * _APART else 0.0  # A fork is a point.
        (x, y), (end_x, end_y) = (tail.centre[0], tail.centre[1] - apart), (head.centre[0], self._entry(head))
        below, above = tail.bottom - _BEND, head.top + _BEND
        outs: list[list[Point]] = [[(tail.right, y), (first, y)], [(x, tail.bottom), (x, below), (first, below)]]
        lasts = (first,) if start == end else (first if end == start + 1 else self._lane(end - 1), self._lane(end))
        ways = []
        for last in lasts:
            middle = [] if last == first else [(first, over), (last, over)]
            side = head.right if last > end_x else head.left
            ins: list[list[Point]] = [[(last, end_y), (side, end_y)], [(last, above), (end_x, above), (end_x, head.top)]]
            ways += [[*out, *middle, *into] for into in ins for out in outs]
        way = self._free(ways) or ways[0]
        self.over += any(height == over for _, height in way)
        if way[-1][1] == end_y:
            self.entered[head] = self.entered.get(head, 0) + 1
        for column in {start, end - 1, end}:
            self.lanes[column] = self.lanes.get(column, 0) + any(at == self._lane(column) for at, _ in way)
        return way

    def _entry(self, head: Rect) -> float:
        """The height at which the next arrow comes into the side of a box: over its middle, then under it, and so on."""
        entered, room = self.entered.get(head, 0), head.height / 2 - _APART
        rise = _APART * (1 + entered // 2) if entered % 2 == 0 else -_APART * (entered // 2)
        return head.centre[1] + (rise if abs(rise) <= room else _APART)

    def _lane(self, column: int) -> float:
        """The next free lane at the right of a column."""
        return self.bounds[column].right + _CLEAR + LANE * self.lanes.get(column, 0)

    def _free(self, ways: list[list[Point]]) -> list[Point] | None:
        """The first way that runs through no box but those at its ends."""
        others = [rect for rect in self.whole.boxes.values() if rect not in self.ends]
        return next((way for way in ways if not crosses(way, others)), None)

    def _step(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """Down (or up) a stair of the valley; at its bottom, and on its ridges, around the column."""
        x, target = tail.centre[0], head.centre[0]
        turns_up = self.columns[end].rises and not self.columns[start].rises
        if turns_up and self.bounds[end].bottom > tail.top and target > self.bounds[start].right:
            return [(tail.right, tail.centre[1]), (target, tail.centre[1]), (target, head.bottom)]
        falls, rises = not self.columns[start].rises, self.columns[end].rises
        out = self.bounds[start].bottom - _CLEAR if falls else self.bounds[start].top + _CLEAR
        into = self.bounds[end].bottom - _CLEAR if rises else self.bounds[end].top + _CLEAR
        ends = ((x, tail.bottom if falls else tail.top), (target, head.bottom if rises else head.top))
        if (falls and not rises and into < out) or (rises and not falls and into > out):
            return [ends[0], (x, out), (target, out), ends[1]]
        between = (self.bounds[start].right + self.bounds[end].left) / 2
        return [ends[0], (x, out), (between, out), (between, into), (target, into), ends[1]]

    def _across(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """Level, from the side of its box, to the side of the join."""
        y, target = tail.centre[1], head.centre[1]
        if abs(y - target) < 2 or head.bottom + _CLEAR <= y <= head.top - _CLEAR:
            return [(tail.right, y), (head.left, y)]
        used = self.lanes.get(end, 0)
        self.lanes[end] = used + 1
        late = self.bounds[end].left - _CLEAR - used * LANE
        early = self.bounds[start].right + _CLEAR + used * LANE
        ways: list[list[Point]] = [[(tail.right, y), (x, y), (x, target), (head.left, target)] for x in (late, early)]
        return self._free(ways) or ways[0]
