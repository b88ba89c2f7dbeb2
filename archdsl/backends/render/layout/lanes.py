"""Networks of several resolutions at once: a lane a resolution, the flow downwards in each. Must not know DOT.

The boxes are in layers, by the longest path that leads to them, and in the lane of the value that they give. A box that gives
values of several resolutions (an exchange of HRNet), or takes three or more, covers their lanes. A value goes down in its own
lane, past the boxes of the layers between, and changes lanes only between two layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from archdsl.backends.render.layout.chunks import Unit, units
from archdsl.backends.render.layout.curves import rounded
from archdsl.backends.render.layout.geometry import Placed, Point, Rect, Tile
from archdsl.backends.render.layout.labels import BESIDE, place_labels
from archdsl.backends.render.layout.stacks import hops
from archdsl.backends.render.scene.drawing import Drawing, resolution
from archdsl.records import NamedTuple

_BETWEEN, _LANE_GAP, _LAYER_GAP, _TRACK = 16.0, 30.0, 20.0, 6.0
_WIRE = 10.0
"""The room of a value that passes by a layer."""
_MANY_HOPS, _MANY_LANES = 4, 3
_SWEEPS = 4
_INSET = 9.0


class _Item(NamedTuple):
    """A box in its layer, or an arrow that passes by one."""

    box: int | None
    arrow: int | None
    lanes: tuple[int, int]
    width: float


def has_lanes(drawing: Drawing) -> bool:
    """Whether values of several resolutions go side by side: boxes give several, or many values pass by others."""
    if drawing.level != "stage" or drawing.clusters:
        return False
    gives = [{resolution(shape) for shape in box.shapes} - {None} for box in drawing.boxes if not box.aux]
    if any(len(some) >= 2 for some in gives):
        return True
    cut = units(drawing)
    passing = {drawing.arrows[number].tail for number, _, _ in hops(drawing, cut) if _is_flow(drawing, number)}
    sizes = {resolution(drawing.boxes[tail].shape) for tail in passing} - {None}
    return len(passing) >= _MANY_HOPS and len(sizes) >= _MANY_LANES and _turns(cut) > 1


def _turns(cut: Sequence[Unit]) -> int:
    """How often the flow begins to enlarge or to reduce: a U-Net turns once, and is a valley."""
    sizes = [unit.size for unit in cut if unit.size is not None]
    rises = [after > before for before, after in pairwise(sizes) if after != before]
    return sum(a != b for a, b in pairwise(rises))


def _is_flow(drawing: Drawing, number: int) -> bool:
    return drawing.arrows[number].kind in ("flow", "skip")


def in_lanes(drawing: Drawing, sizes: Sequence[tuple[int, int]]) -> Placed:
    """A drawing without frames in its places."""
    loom = _Loom(drawing, sizes)
    tile = loom.woven()
    place_labels(tile, {number: drawing.arrows[number].label for number in tile.paths}, BESIDE)
    return Placed(tile, {number: drawing.arrows[number].label for number in tile.labels})


class _Loom:
    """Layers, lanes and what is in them."""

    def __init__(self, drawing: Drawing, sizes: Sequence[tuple[int, int]]) -> None:
        self.drawing, self.sizes = drawing, sizes
        self.layer = self._layers()
        self.lane_of_value = self._lanes()
        self.items = self._items()
        self.x: dict[_Item, float] = {}
        self.lefts: list[float] = []

    def woven(self) -> Tile:
        self._stand_side_by_side()
        tile = Tile()
        ways = {number: self._crossings(number) for number in range(len(self.drawing.arrows))}
        tracks = self._tracks(ways)
        top = 0.0
        tops: list[float] = []
        for layer, items in enumerate(self.items):
            height = max((self.sizes[item.box][1] for item in items if item.box is not None), default=0)
            for item in items:
                if item.box is not None:
                    tile.boxes[item.box] = self._rect(item, top - height / 2)
            tops.append(top)
            top -= height + _LAYER_GAP + _TRACK * max((track + 1 for gap, track in tracks.values() if gap == layer), default=0)
        for number, way in ways.items():
            tile.paths[number] = rounded(self._corners(tile, number, way, tracks, tops), self._has_head(number))
        return tile

    def _has_head(self, number: int) -> bool:
        return self.drawing.boxes[self.drawing.arrows[number].head].kind != "fork"

    # Layers and lanes.

    def _layers(self) -> list[int]:
        found = [0] * len(self.drawing.boxes)
        for arrow in sorted(self.drawing.arrows, key=lambda arrow: arrow.head):
            found[arrow.head] = max(found[arrow.head], found[arrow.tail] + 1)
        return found

    def _lanes(self) -> dict[tuple[int, int], int]:
        """For each value its lane: that of its resolution, the finest first; a value without one stays where it comes from."""
        boxes, lane_of = self.drawing.boxes, self._lane_of_size()
        lanes: dict[tuple[int, int], int] = {}
        for number, box in enumerate(boxes):
            came = next((arrow for arrow in self.drawing.arrows if arrow.head == number), None)
            before = 0 if came is None else lanes[came.tail, came.port]
            for port, shape in enumerate(box.shapes):
                size = resolution(shape)
                lanes[number, port] = before if size is None or box.kind == "output" else lane_of[size]
        return lanes

    def _lane_of_size(self) -> dict[int, int]:
        """Resolutions by lane. At the start those that end before the next one begins share its lane."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for arrow in self.drawing.arrows:
            size = resolution(arrow.shape)
            if size is not None:
                first[size] = min(first.get(size, self.layer[arrow.tail]), self.layer[arrow.tail])
                last[size] = max(last.get(size, 0), self.layer[arrow.head])
        sizes = sorted(first, reverse=True)
        alone = 0
        while alone + 1 < len(sizes) and last[sizes[alone]] <= first[sizes[alone + 1]]:
            alone += 1
        return {size: max(0, position - alone) for position, size in enumerate(sizes)}

    def _items(self) -> list[list[_Item]]:
        """What is in each layer, in the order of lanes."""
        layers: list[list[_Item]] = [[] for _ in range(max(self.layer) + 1)]
        for number in range(len(self.drawing.boxes)):
            layers[self.layer[number]].append(_Item(number, None, self._reach(number), self.sizes[number][0]))
        for number, arrow in enumerate(self.drawing.arrows):
            lane = self.lane_of_value[arrow.tail, arrow.port]
            for layer in range(self.layer[arrow.tail] + 1, self.layer[arrow.head]):
                layers[layer].append(_Item(None, number, (lane, lane), _WIRE))
        return [sorted(items, key=lambda item: item.lanes) for items in layers]

    def _reach(self, number: int) -> tuple[int, int]:
        """The first and the last lane over which a box reaches."""
        box = self.drawing.boxes[number]
        gives = [self.lane_of_value[number, port] for port in range(len(box.shapes))]
        takes = {self.lane_of_value[arrow.tail, arrow.port] for arrow in self.drawing.arrows if arrow.head == number}
        if box.kind == "block" and len(takes) >= _MANY_LANES:
            gives += takes
        return min(gives), max(gives)

    # Sideways.

    def _stand_side_by_side(self) -> None:
        """Order what shares a lane by its neighbors in other layers, then give everything its place."""
        widths = [0.0] * (max(self.lane_of_value.values(), default=0) + 1)
        for items in self.items:
            for lane in range(len(widths)):
                here = [item for item in items if item.lanes == (lane, lane)]
                widths[lane] = max(widths[lane], sum(item.width for item in here) + _BETWEEN * max(0, len(here) - 1))
        left = 0.0
        for width in widths:
            self.lefts.append(left)
            left += max(width, 60.0) + _LANE_GAP
        self.lefts.append(left)
        for sweep in range(_SWEEPS):
            for items in self.items if sweep % 2 == 0 else reversed(self.items):
                self._place(items)

    def _place(self, items: list[_Item]) -> None:
        for lane in range(len(self.lefts) - 1):
            here = [item for item in items if item.lanes == (lane, lane)]
            self._spread(sorted(here, key=self._wish), lane)
        for item in items:
            if item.lanes[0] != item.lanes[1]:
                self.x[item] = (self._middle(item.lanes[0]) + self._middle(item.lanes[1])) / 2

    def _middle(self, lane: int) -> float:
        return (self.lefts[lane] + self.lefts[lane + 1] - _LANE_GAP) / 2

    def _spread(self, items: list[_Item], lane: int) -> None:
        """As near to their wishes as the others and the lane allow."""
        left, right = self.lefts[lane], self.lefts[lane + 1] - _LANE_GAP
        edges: list[float] = []
        at = left
        for item in items:
            at = max(at, self._wish(item) - item.width / 2)
            edges.append(at)
            at += item.width + _BETWEEN
        limit = right
        for position in reversed(range(len(items))):
            edges[position] = min(edges[position], limit - items[position].width)
            limit = edges[position] - _BETWEEN
            self.x[items[position]] = edges[position] + items[position].width / 2

    def _wish(self, item: _Item) -> float:
        """The mean of the places of its neighbors in other layers."""
        near = [self.x[other] for other in self._neighbours(item) if other in self.x and other.lanes == item.lanes]
        return sum(near) / len(near) if near else self._middle(item.lanes[0])

    def _neighbours(self, item: _Item) -> list[_Item]:
        if item.arrow is not None:
            layers = [layer for layer, items in enumerate(self.items) if item in items]
            arrow = self.drawing.arrows[item.arrow]
            return [self._of(arrow.tail), self._of(arrow.head)] if layers else []
        ends = [arrow.head for arrow in self.drawing.arrows if arrow.tail == item.box]
        ends += [arrow.tail for arrow in self.drawing.arrows if arrow.head == item.box]
        return [self._of(box) for box in ends]

    def _of(self, box: int) -> _Item:
        return next(item for item in self.items[self.layer[box]] if item.box == box)

    def _rect(self, item: _Item, middle: float) -> Rect:
        assert item.box is not None
        width, height = self.sizes[item.box]
        x = self.x[item]
        if item.lanes[0] != item.lanes[1]:
            reach = self._middle(item.lanes[1]) - self._middle(item.lanes[0]) + 2 * _BETWEEN
            width = max(width, round(reach))
        return Rect(x - width / 2, middle - height / 2, x + width / 2, middle + height / 2)

    # Arrows.

    def _crossings(self, number: int) -> list[float]:
        """Where an arrow is in each layer, from its tail's to its head's."""
        arrow = self.drawing.arrows[number]
        tail, head = self._of(arrow.tail), self._of(arrow.head)
        lane = self.lane_of_value[arrow.tail, arrow.port]
        between = []
        for layer in range(self.layer[arrow.tail] + 1, self.layer[arrow.head]):
            between.append(next(self.x[item] for item in self.items[layer] if item.arrow == number))
        start = self._middle(lane) if tail.lanes[0] != tail.lanes[1] else self._exit(number, tail)
        last = between[-1] if between else start
        return [start, *between, self._entry(number, head, last)]

    def _exit(self, number: int, tail: _Item) -> float:
        port, ports = self.drawing.exit(number)
        return self.x[tail] + tail.width * ((port + 1) / (ports + 1) - 0.5)

    def _entry(self, number: int, head: _Item, last: float) -> float:
        """Straight down if that meets the head, else its middle; apart from other arrows that come in."""
        assert head.box is not None
        rect = self._rect(head, 0.0)
        coming = [other for other, arrow in enumerate(self.drawing.arrows) if arrow.head == head.box]
        if len(coming) == 1 or self.drawing.boxes[head.box].kind == "fork":
            return last if rect.left + _INSET <= last <= rect.right - _INSET else self.x[head]
        if head.lanes[0] != head.lanes[1] and rect.left + _INSET <= last <= rect.right - _INSET:
            return last
        coming.sort(key=lambda other: (self._start_of(other), other))
        return rect.left + rect.width * (coming.index(number) + 1) / (len(coming) + 1)

    def _start_of(self, number: int) -> float:
        arrow = self.drawing.arrows[number]
        return self._middle(self.lane_of_value[arrow.tail, arrow.port]) + self.x[self._of(arrow.tail)] / 1000

    def _tracks(self, ways: dict[int, list[float]]) -> dict[tuple[int, int], tuple[int, int]]:
        """For each arrow and gap that it crosses sideways the gap under a layer, and a height in it that is its own."""
        jogs: dict[int, list[tuple[float, float, int]]] = {}
        for number, way in ways.items():
            for step in range(len(way) - 1):
                if abs(way[step] - way[step + 1]) > 0.5:
                    gap = self.layer[self.drawing.arrows[number].tail] + step
                    here, there = way[step], way[step + 1]
                    jogs.setdefault(gap, []).append((min(here, there), max(here, there), number))
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for gap, some in jogs.items():
            taken: list[list[tuple[float, float]]] = []
            for left, right, number in sorted(some, key=lambda jog: jog[1] - jog[0]):
                free = (n for n, track in enumerate(taken) if all(right + 4 < a or b + 4 < left for a, b in track))
                track = next(free, len(taken))
                if track == len(taken):
                    taken.append([])
                taken[track].append((left, right))
                found[number, gap] = (gap, track)
        return found

    def _corners(
        self, tile: Tile, number: int, way: list[float], tracks: dict[tuple[int, int], tuple[int, int]], tops: list[float]
    ) -> list[Point]:
        arrow = self.drawing.arrows[number]
        tail, head = tile.boxes[arrow.tail], tile.boxes[arrow.head]
        corners = [(way[0], tail.bottom)]
        for step in range(len(way) - 1):
            gap = self.layer[arrow.tail] + step
            if (number, gap) in tracks:
                y = tops[gap + 1] + _LAYER_GAP / 2 + _TRACK * tracks[number, gap][1]
                corners += [(way[step], y), (way[step + 1], y)]
        return [*corners, (way[-1], head.top)]
