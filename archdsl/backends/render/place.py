"""From units laid out one by one to a whole picture: tiles arranged, arrows drawn, labels and titles placed."""

from __future__ import annotations

from archdsl.backends.render.align import align
from archdsl.backends.render.captions import axes_text
from archdsl.backends.render.columns import Arrangement, arrange
from archdsl.backends.render.drawing import Drawing
from archdsl.backends.render.geometry import Path, Placed, Point, Rect, Tile
from archdsl.backends.render.labels import ABOVE, BESIDE, MIDDLE, hold_labels, place_labels
from archdsl.backends.render.route import crosses, rounded
from archdsl.backends.render.titles import even_frames, place_titles
from archdsl.backends.render.units import Unit
from archdsl.backends.render.wires import straighten

_CLEAR = 9.0
_LANE = 5.0
_STRAIGHT = 0.5


def place(drawing: Drawing, units: list[Unit], tiles: list[Tile]) -> Placed:
    """Positions of everything in a drawing whose units are laid out."""
    for tile in tiles:
        align(drawing, tile)
        even_frames(drawing, tile)
        straighten(drawing, tile)
        place_titles(drawing, tile)
        place_labels(tile, {number: drawing.arrows[number].label for number in tile.paths}, BESIDE)
        hold_labels(drawing, tile)
        even_frames(drawing, tile)
    arrangement = arrange(drawing, units, tiles)
    whole = Tile.joined(arrangement.tiles)
    inner = set(whole.paths)
    router = _Router(drawing, units, arrangement, whole)
    for number in range(len(drawing.arrows)):
        if number not in inner:
            whole.paths[number] = router.path(number)
    outer = {number: axes_text(arrow.shape) for number, arrow in enumerate(drawing.arrows) if number not in inner}
    place_labels(whole, outer, MIDDLE if arrangement.style == "row" else ABOVE)
    texts = {number: outer.get(number, drawing.arrows[number].label) for number in whole.labels}
    return Placed(whole, texts)


class _Router:
    """Draws the arrows that leave their unit."""

    def __init__(self, drawing: Drawing, units: list[Unit], arrangement: Arrangement, whole: Tile) -> None:
        self.drawing = drawing
        self.whole = whole
        self.style = arrangement.style
        self.columns = arrangement.columns
        unit_of = {box: position for position, unit in enumerate(units) for box in unit.boxes}
        column_of = {unit: number for number, column in enumerate(arrangement.columns) for unit in column.units}
        self.column_of = {box: column_of[unit] for box, unit in unit_of.items()}
        self.bounds = [Tile.joined([arrangement.tiles[unit] for unit in column.units]).bounds for column in arrangement.columns]
        self.lanes: dict[int, int] = {}

    def path(self, number: int) -> Path:
        arrow = self.drawing.arrows[number]
        tail, head = self.whole.boxes[arrow.tail], self.whole.boxes[arrow.head]
        start, end = self.column_of[arrow.tail], self.column_of[arrow.head]
        has_head = self.drawing.boxes[arrow.head].kind != "fork"
        if start == end:
            return self._within(tail, head, self.columns[start].rises, has_head)
        return rounded(self._corners(tail, head, start, end), has_head)

    def _within(self, tail: Rect, head: Rect, rises: bool, has_head: bool) -> Path:
        """Straight down (or up) where boxes stand over each other."""
        start, end = (tail.centre[0], tail.top if rises else tail.bottom), (head.centre[0], head.bottom if rises else head.top)
        middle = (start[1] + end[1]) / 2
        jog = [] if abs(start[0] - end[0]) < _STRAIGHT else [(start[0], middle), (end[0], middle)]
        return rounded([start, *jog, end], has_head)

    def _corners(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        if self.style == "row":
            return self._along(tail, head, start, end)
        if end - start > 1:
            return self._long_skip(tail, head, start, end)
        if self.style == "valley":
            return self._step(tail, head, start, end)
        return self._over(tail, head, start, end)

    def _along(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """From side to side; level where the boxes are."""
        y, target = tail.centre[1], head.centre[1]
        between = (self.bounds[start].right + self.bounds[end].left) / 2
        middle = [] if abs(y - target) < 0.5 else [(between, y), (between, target)]
        return [(tail.right, y), *middle, (head.left, target)]

    def _over(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """Out of the foot of one column, up between the two, into the top of the next."""
        below, above = self.bounds[start].bottom - _CLEAR, self.bounds[end].top + _CLEAR
        between = (self.bounds[start].right + self.bounds[end].left) / 2
        x, target = tail.centre[0], head.centre[0]
        return [(x, tail.bottom), (x, below), (between, below), (between, above), (target, above), (target, head.top)]

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

    def _long_skip(self, tail: Rect, head: Rect, start: int, end: int) -> list[Point]:
        """Level, from the side of its box, to the side of the join."""
        y, target = tail.centre[1], head.centre[1]
        if abs(y - target) < 2:
            return [(tail.right, target), (head.left, target)]
        lane = self.lanes.get(end, 0)
        self.lanes[end] = lane + 1
        late = self.bounds[end].left - _CLEAR - lane * _LANE
        early = self.bounds[start].right + _CLEAR + lane * _LANE
        ways = [[(tail.right, y), (x, y), (x, target), (head.left, target)] for x in (late, early)]
        others = [rect for rect in self.whole.boxes.values() if rect not in (tail, head)]
        return next((way for way in ways if not crosses(way, others)), ways[0])
