"""Boxes moved sideways so that the main line of a unit is one straight line. Must not draw arrows."""

from __future__ import annotations

from archdsl.backends.render.layout.geometry import Rect, Tile
from archdsl.backends.render.layout.titles import MARGIN
from archdsl.backends.render.scene.drawing import Drawing

NEAR = 24.0
"""What is further off its line than this stays: it belongs there."""
_INSET = 5.0


def align(drawing: Drawing, tile: Tile) -> None:
    """Put the boxes of each line over one another, then forks at an entry over what they lead to."""
    lines = _lines(drawing, tile)
    for line in sorted(lines, key=len, reverse=True):
        here = [box for box in line if box in tile.boxes]
        best = max(_targets(drawing, tile, here), key=lambda x: len(_movable(drawing, tile, here, x)))
        for box in _movable(drawing, tile, here, best):
            tile.boxes[box] = _over(tile.boxes[box], best)
            tile.frames |= _widened(drawing, tile, box, tile.boxes[box])
    _align_entries(drawing, tile)


def _lines(drawing: Drawing, tile: Tile) -> list[list[int]]:
    """The boxes of a tile in lines: along the arrows that go straight on."""
    following: dict[int, int] = {}
    for number in drawing.main:
        if number in tile.paths:
            following[drawing.arrows[number].tail] = drawing.arrows[number].head
    starts = [box for box in tile.boxes if box not in following.values()]
    lines = []
    for box in starts:
        line = [box]
        while line[-1] in following:
            line.append(following[line[-1]])
        lines.append(line)
    return lines


def _targets(drawing: Drawing, tile: Tile, line: list[int]) -> list[float]:
    """Where a line may be: at the join or fork at its end, at its widest box, at its middle one."""
    ends = []
    for number in tile.paths:
        arrow = drawing.arrows[number]
        if arrow.tail == line[-1] and drawing.boxes[arrow.head].kind == "join":
            ends.append(tile.boxes[arrow.head].centre[0])
        elif arrow.head == line[0] and drawing.boxes[arrow.tail].kind == "fork":
            ends.append(tile.boxes[arrow.tail].centre[0])
    widest = max((tile.boxes[box] for box in line), key=lambda rect: rect.width).centre[0]
    middle = sorted(tile.boxes[box].centre[0] for box in line)[len(line) // 2]
    near = [x for x in ends if abs(x - widest) <= NEAR] if len(line) > 1 or drawing.boxes[line[0]].kind == "operator" else []
    return [*near, widest, middle]


def _movable(drawing: Drawing, tile: Tile, line: list[int], x: float) -> list[int]:
    """The boxes of a line that are near `x` and have room there."""
    found = []
    for box in line:
        rect = tile.boxes[box]
        if abs(rect.centre[0] - x) <= NEAR and _has_room(drawing, tile, box, _over(rect, x), line):
            found.append(box)
    return found


def _over(rect: Rect, x: float) -> Rect:
    return rect.moved(x - rect.centre[0], 0)


def _has_room(drawing: Drawing, tile: Tile, box: int, rect: Rect, line: list[int]) -> bool:
    """Whether a box may be at `rect`: neither the box nor the frames that must grow with it touch anything else."""
    room = rect.grown(_INSET)
    around = drawing.frames_around(box)
    if any(room.meets(other) for number, other in tile.boxes.items() if number not in line):
        return False
    if any(room.meets(other) for number, other in tile.frames.items() if number not in around):
        return False
    wide = _widened(drawing, tile, box, rect)
    return not any(wide[frame] != tile.frames[frame] and _is_met(drawing, tile, frame, wide[frame]) for frame in wide)


def _is_met(drawing: Drawing, tile: Tile, frame: int, rect: Rect) -> bool:
    """Whether a frame would touch boxes or frames outside it."""
    boxes = any(rect.meets(other) for number, other in tile.boxes.items() if frame not in drawing.frames_around(number))
    parent = drawing.clusters[frame].parent
    siblings = [number for number in tile.frames if drawing.clusters[number].parent == parent and number != frame]
    return boxes or any(rect.meets(tile.frames[number]) for number in siblings)


def _widened(drawing: Drawing, tile: Tile, box: int, rect: Rect) -> dict[int, Rect]:
    """The frames around a box, as they must be if the box is at `rect`."""
    wide: dict[int, Rect] = {}
    inner = rect.grown(MARGIN)
    for frame in drawing.frames_around(box):
        if frame in tile.frames:
            old = tile.frames[frame]
            wide[frame] = old._replace(left=min(old.left, inner.left), right=max(old.right, inner.right))
            inner = wide[frame].grown(MARGIN)
    return wide


def _align_entries(drawing: Drawing, tile: Tile) -> None:
    """Move a fork into which nothing runs here over the box below it."""
    heads: dict[int, list[int]] = {}
    fed = set()
    for number in tile.paths:
        arrow = drawing.arrows[number]
        fed.add(arrow.head)
        if not drawing.boxes[arrow.head].aux or drawing.boxes[arrow.tail].aux:
            heads.setdefault(arrow.tail, []).append(arrow.head)
    for fork, flows in heads.items():
        if drawing.boxes[fork].kind != "fork" or fork in fed:
            continue
        distances = [tile.boxes[head].centre[0] - tile.boxes[fork].centre[0] for head in flows]
        dx = min(distances, key=abs)
        moved = tile.boxes[fork].moved(dx, 0)
        if abs(dx) <= NEAR or (len(flows) == 1 and _has_room(drawing, tile, fork, moved, [fork])):
            tile.boxes[fork] = moved
