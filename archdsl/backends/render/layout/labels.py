"""Where an arrow's label finds room. Must not move boxes or arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archdsl.backends.render.layout.curves import samples
from archdsl.backends.render.layout.geometry import Path, Rect, Tile
from archdsl.backends.render.layout.letters import text_room
from archdsl.backends.render.layout.titles import MARGIN, has_neighbour
from archdsl.backends.render.scene.drawing import Drawing

BESIDE = tuple((share, is_level) for is_level in (False, True) for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9))
"""Inside a unit: beside the upright pieces first, the middle first."""
ABOVE = tuple((share / 40, is_level) for is_level in (True, False) for share in range(38, 1, -1))
"""Between units: over the level pieces first, the last one first."""
MIDDLE = tuple((0.5 + sign * share / 40, is_level) for is_level in (True, False) for share in range(1, 18) for sign in (-1, 1))
"""Between units in a row: over the middle."""

_SIZE, _HEIGHT = 8.0, 9.0
_AIR = 4.0
_HARD = 4
"""How much worse it is to touch an arrow, or a frame's top or bottom, than a side of a frame, which can be moved."""


def label_size(text: str) -> tuple[float, float]:
    """Room for a label in any font that the reader has."""
    return (text_room(text, _SIZE), _HEIGHT)


def place_labels(tile: Tile, texts: Mapping[int, str], order: Sequence[tuple[float, bool]]) -> None:
    """Find room for the labels of some arrows, each away from boxes, titles, frames, arrows and other labels."""
    solid = [*tile.boxes.values(), *tile.titles.values()]
    edges = [side for frame in tile.frames.values() for side in _levels(frame)]
    yielding = [side for frame in tile.frames.values() for side in _sides(frame)]
    runs = [(path.bounds.grown(1), samples(path, 30)) for path in tile.paths.values()]
    for number, text in texts.items():
        if text:
            path = tile.paths[number]
            area = Rect.around(Rect(x, y, x, y) for x, y in path.points).grown(max(label_size(text)) + 8)
            texts_and_boxes = [rect for rect in (*solid, *tile.labels.values()) if rect.meets(area)]
            thin = [rect for bounds, run in runs if bounds.meets(area) for rect in run if rect.meets(area)]
            thin += [rect for rect in edges if rect.meets(area)]
            room = _room(path, text, texts_and_boxes, [*thin * _HARD, *(rect for rect in yielding if rect.meets(area))], order)
            if room is not None:
                tile.labels[number] = room


def _room(
    path: Path, text: str, solid: Sequence[Rect], thin: Sequence[Rect], order: Sequence[tuple[float, bool]]
) -> Rect | None:
    """The first place that touches nothing, else the one that touches the fewest lines; None if all are taken."""
    width, height = label_size(text)
    best: tuple[int, Rect] | None = None
    for share, wants_level in order:
        if _is_level(path, share) != wants_level:
            continue
        x, y = path.at(share)
        sides = ((0, 2 + height / 2), (0, -2 - height / 2)) if wants_level else ((_AIR + width / 2, 0), (-_AIR - width / 2, 0))
        for dx, dy in sides:
            place = Rect(x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2)
            if any(place.meets(obstacle) for obstacle in solid):
                continue
            met = sum(place.meets(line) for line in thin)
            if met == 0:
                return place
            if best is None or met < best[0]:
                best = (met, place)
    return None if best is None else best[1]


def _is_level(path: Path, share: float) -> bool:
    (ax, ay), (bx, by) = path.at(max(0.0, share - 0.02)), path.at(min(1.0, share + 0.02))
    return abs(bx - ax) > 2 * abs(by - ay)


def hold_labels(drawing: Drawing, tile: Tile) -> None:
    """Widen frames over whose side a label would stick out; drop the label if there is no room for that."""
    for number, label in list(tile.labels.items()):
        wide: dict[int, Rect] = {}
        room = label.grown(_AIR)
        for frame in _held_by(drawing, tile, number, label):
            rect = tile.frames[frame]
            wide[frame] = rect._replace(left=min(rect.left, room.left), right=max(rect.right, room.right))
            room = wide[frame].grown(MARGIN)
        if any(wide[frame] != tile.frames[frame] and has_neighbour(drawing, tile, frame, wide[frame]) for frame in wide):
            del tile.labels[number]
        else:
            tile.frames |= wide


def _held_by(drawing: Drawing, tile: Tile, arrow: int, label: Rect) -> list[int]:
    """The frames around a label, the innermost first: those around an end of its arrow, at its height."""
    ends = (drawing.arrows[arrow].tail, drawing.arrows[arrow].head)
    around = {frame for end in ends for frame in drawing.frames_around(end) if frame in tile.frames}
    return sorted((frame for frame in around if _is_between(label, tile.frames[frame])), reverse=True)


def _is_between(label: Rect, frame: Rect) -> bool:
    return frame.bottom < label.centre[1] < frame.top


def _levels(frame: Rect) -> tuple[Rect, Rect]:
    """The foot and the top of a frame."""
    return frame._replace(top=frame.bottom), frame._replace(bottom=frame.top)


def _sides(frame: Rect) -> tuple[Rect, Rect]:
    return frame._replace(right=frame.left), frame._replace(left=frame.right)
