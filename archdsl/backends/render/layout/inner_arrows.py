"""Arrows inside a unit, redrawn straight with round corners where nothing is in the way. Must not move boxes.

A branch leaves its fork sideways and turns down over its first box; it turns into the side of its join. A skip runs in a
lane beside what it goes around. If that would run through a box, it takes the nearest free channel; if there is none,
Graphviz's own curve stays.
"""

from __future__ import annotations

from archdsl.backends.render.layout.curves import crosses, rounded
from archdsl.backends.render.layout.geometry import Path, Point, Rect, Tile
from archdsl.backends.render.layout.titles import MARGIN, has_neighbour
from archdsl.backends.render.scene.drawing import Drawing

_STRAIGHT = 1.0
_LANE_CORNERS = 4
_BEND = 7.0
_SHOULDER = 12.0
"""From the corner of a box to where a further arrow may enter its top."""
_LANE_ROOM = 58.0
"""From the middle of a box to the lane beside it: room for a shape."""


def straighten(drawing: Drawing, tile: Tile) -> None:
    """Redraw the arrows of a tile."""
    for number, path in list(tile.paths.items()):
        corners = _corners(drawing, tile, number, path)
        arrow = drawing.arrows[number]
        others = [rect for box, rect in tile.boxes.items() if box not in (arrow.tail, arrow.head)]
        if corners is not None and arrow.kind == "skip" and len(corners) == _LANE_CORNERS:
            corners = _with_room(drawing, tile, number, corners, others)
        if corners is None or crosses(corners, others):
            corners = _detour(drawing, tile, number, others)
        if corners is not None:
            tile.paths[number] = rounded(corners, drawing.boxes[arrow.head].kind != "fork")


def _ends(drawing: Drawing, tile: Tile, number: int) -> tuple[Rect, Rect]:
    """The boxes at the ends of an arrow, or the parts of them where it leaves and comes in beside others."""
    arrow = drawing.arrows[number]
    return tile.boxes[arrow.tail].part(*drawing.exit(number)), tile.boxes[arrow.head].part(*drawing.entry(number), True)


def _detour(drawing: Drawing, tile: Tile, number: int, others: list[Rect]) -> list[Point] | None:
    """Down beside what is in the way, through the nearest free upright channel; None if there is none."""
    arrow = drawing.arrows[number]
    tail, head = _ends(drawing, tile, number)
    if tail.bottom < head.top + 2 * _BEND:
        return None
    (x, y), (end_x, end_y) = tail.centre, head.centre
    is_fork, is_join = drawing.boxes[arrow.tail].kind == "fork", drawing.boxes[arrow.head].kind == "join"
    bounds = tile.bounds.grown(2 * _BEND)
    steps = [sign * step * _BEND for step in range(int(bounds.width / _BEND)) for sign in (1, -1)]
    channels = [between for middle in (x, end_x) for step in steps if bounds.left < (between := middle + step) < bounds.right]
    for between in sorted(dict.fromkeys(channels), key=lambda at: abs(at - x) + abs(at - end_x)):
        below, above = tail.bottom - _BEND, head.top + _BEND
        out = [(x, y), (between, y)] if is_fork else [(x, tail.bottom), (x, below), (between, below)]
        entry = end_x if is_join else min(max(between, head.left + _SHOULDER), head.right - _SHOULDER)
        ways = [[*out, (between, above), (entry, above), (entry, head.top)]]
        if is_join and not head.left <= between <= head.right:
            ways.insert(0, [*out, (between, end_y), (head.right if between > end_x else head.left, end_y)])
        for way in ways:
            if not crosses(way, others) and _stays_inside(drawing, tile, number, way):
                return way
    return None


def _stays_inside(drawing: Drawing, tile: Tile, number: int, corners: list[Point]) -> bool:
    """Whether a path stays in the innermost frame around both of its ends."""
    arrow = drawing.arrows[number]
    shared = [frame for frame in drawing.frames_around(arrow.tail) if frame in drawing.frames_around(arrow.head)]
    frame = tile.frames.get(shared[0]) if shared else None
    return frame is None or all(frame.left + 2 < x < frame.right - 2 for x, _ in corners)


def _corners(drawing: Drawing, tile: Tile, number: int, path: Path) -> list[Point] | None:
    arrow = drawing.arrows[number]
    tail, head = _ends(drawing, tile, number)
    tail_kind, head_kind = drawing.boxes[arrow.tail].kind, drawing.boxes[arrow.head].kind
    (x, y), (end_x, end_y) = tail.centre, head.centre
    if tail.bottom < head.top:
        return None
    if tail_kind == "fork" and head_kind == "join" and arrow.kind == "skip":
        return _lane(path, tail, head)
    if abs(x - end_x) < _STRAIGHT:
        return [(x, tail.bottom), (x, head.top)]
    if tail_kind == "fork":
        return [(x, y), (end_x, y), (end_x, head.top)]
    if head_kind == "join":
        side = head.right if x > end_x else head.left
        return [(x, tail.bottom), (x, end_y), (side, end_y)] if not head.left <= x <= head.right else None
    if number not in drawing.main and drawing.entry(number)[1] == 1:
        end_x = min(max(x, head.left + _SHOULDER), head.right - _SHOULDER)
    port, ports = drawing.exit(number)
    # Of several values the outermost turns off first, so that none crosses another.
    turn = (port + 1 if end_x < x else ports - port) / (ports + 1)
    middle = tail.bottom + (head.top - tail.bottom) * turn
    return [(x, tail.bottom), (x, middle), (end_x, middle), (end_x, head.top)]


def _lane(path: Path, tail: Rect, head: Rect) -> list[Point] | None:
    """Out sideways, along where Graphviz left room, and back."""
    x = tail.centre[0]
    passing = [path.at(share / 20)[0] for share in range(3, 18)]
    is_right = path.at(0.5)[0] > x
    lane = max(passing) if is_right else min(passing)
    side = head.right if is_right else head.left
    if abs(lane - x) < 6 or (lane - side) * (1 if is_right else -1) < 6:
        return None
    return [(x, tail.centre[1]), (lane, tail.centre[1]), (lane, head.centre[1]), (side, head.centre[1])]


def _with_room(drawing: Drawing, tile: Tile, number: int, corners: list[Point], others: list[Rect]) -> list[Point]:
    """The lane moved out so far that a shape fits inside, and its frame with it, if there is room."""
    start, out, back, end = corners
    frame = drawing.boxes[drawing.arrows[number].head].cluster
    x = max(out[0], start[0] + _LANE_ROOM)
    moved = [start, (x, out[1]), (x, back[1]), end]
    if out[0] < start[0] or x == out[0] or crosses(moved, others):
        return corners
    if frame is None or frame not in tile.frames:
        return moved
    rect = tile.frames[frame]
    wide = rect._replace(right=max(rect.right, x + MARGIN))
    parent = drawing.clusters[frame].parent
    if wide != rect and (has_neighbour(drawing, tile, frame, wide) or wide.right + MARGIN > _right(tile, parent)):
        return corners
    tile.frames[frame] = wide
    return moved


def _right(tile: Tile, frame: int | None) -> float:
    return tile.frames[frame].right if frame in tile.frames else float("inf")
