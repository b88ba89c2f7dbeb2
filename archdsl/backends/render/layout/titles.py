"""Frames made even, and their titles put where no arrow runs through them. Must not know DOT."""

from __future__ import annotations

from archdsl.backends.render.layout.box_sizes import even
from archdsl.backends.render.layout.curves import samples
from archdsl.backends.render.layout.geometry import Path, Rect, Tile
from archdsl.backends.render.layout.letters import LINE, text_room, text_width
from archdsl.backends.render.scene.drawing import Cluster, Drawing

MARGIN = 7.0
_CLEAR = 3.0
_NARROW = 150.0


def even_frames(drawing: Drawing, tile: Tile) -> None:
    """Widen frames to the inside of the frame around them; those over and under a neighbor stay as narrow as it makes them."""
    for parent in sorted(tile.frames):
        inner = [number for number in sorted(tile.frames) if drawing.clusters[number].parent == parent]
        room = tile.frames[parent]
        left, right = room.left + MARGIN, room.right - MARGIN
        bound = [number for number in inner if has_neighbour(drawing, tile, number, _between(tile.frames[number], left, right))]
        for number in inner:
            rect = tile.frames[number]
            over = [tile.frames[other] for other in bound if _is_over(tile.frames[other], rect)]
            sides = (min([rect.left, *(one.left for one in over)]), max([rect.right, *(one.right for one in over)]))
            wide = _between(rect, *(sides if over else (left, right)))
            if number not in bound and not has_neighbour(drawing, tile, number, wide):
                tile.frames[number] = wide


def _between(rect: Rect, left: float, right: float) -> Rect:
    return rect._replace(left=left, right=right)


def _is_over(one: Rect, other: Rect) -> bool:
    """Whether one is above the other: the middle of one is in the width of the other."""
    return one.left < other.centre[0] < one.right


def has_neighbour(drawing: Drawing, tile: Tile, number: int, rect: Rect) -> bool:
    """Whether a frame as large as `rect` would touch something beside it: a frame, a box, an arrow that passes."""
    parent = drawing.clusters[number].parent
    siblings = [frame for frame in tile.frames if drawing.clusters[frame].parent == parent and frame != number]
    if any(rect.meets(tile.frames[frame]) for frame in siblings):
        return True
    if any(rect.meets(other) for box, other in tile.boxes.items() if drawing.boxes[box].cluster == parent):
        return True
    near = [arrow for arrow, path in tile.paths.items() if path.bounds.grown(1).meets(rect)]
    return any(_passes(drawing, arrow, number) and _touches(tile.paths[arrow], rect) for arrow in near)


def _passes(drawing: Drawing, arrow: int, frame: int) -> bool:
    """Whether an arrow has no end in a frame."""
    return not any(_inside(drawing, end, frame) for end in (drawing.arrows[arrow].tail, drawing.arrows[arrow].head))


def _touches(path: Path, rect: Rect) -> bool:
    return any(rect.meets(sample) for sample in samples(path))


def _inside(drawing: Drawing, box: int, frame: int) -> bool:
    at = drawing.boxes[box].cluster
    while at is not None and at != frame:
        at = drawing.clusters[at].parent
    return at == frame


class Heading(tuple[str, str, str]):
    """A title, a note and a badge (`×3`), each maybe empty."""

    __slots__ = ()

    def width(self, size: float, is_bold: bool) -> float:
        """The room of the whole line, in points."""
        title, note, badge = self
        gaps = 2 * text_width(" ", size) * (sum(bool(part) for part in self) - 1)
        return text_room(title, size, is_bold) + text_room(badge, size, True) + text_room(note, size) + max(0.0, gaps) + 2


def headings(cluster: Cluster) -> list[Heading]:
    """What may be written above a frame, from the longest to the shortest."""
    badge = f"×{cluster.times}" if cluster.times > 1 else ""
    titles = cluster.titles or ("",)
    longest = [Heading((title, note, badge)) for title in titles for note in cluster.notes]
    return longest + [Heading((title, "", badge)) for title in titles]


def narrow_heading(cluster: Cluster) -> Heading:
    """What a frame must have room for: the longest heading that makes it no wider than a box or two."""
    size, is_bold = title_style(cluster)
    narrow = [heading for heading in headings(cluster) if heading.width(size, is_bold) <= _NARROW]
    return narrow[0] if narrow else headings(cluster)[-1]


def title_room(cluster: Cluster) -> tuple[int, int]:
    """Width and height of what a frame must have room for at its top."""
    size, is_bold = title_style(cluster)
    return even(narrow_heading(cluster).width(size, is_bold)), even(LINE * size)


def title_style(cluster: Cluster) -> tuple[float, bool]:
    """Size in points, and whether it is bold."""
    if cluster.role in ("stem", "stage", "neck", "head"):
        return (10, True)
    return (9, cluster.aux)


def place_titles(drawing: Drawing, tile: Tile) -> None:
    """Put every title into the first room of its row; a frame without room for the shortest grows to the right."""
    runs = [rect for path in tile.paths.values() for rect in samples(path, 40)] + _passages(drawing, tile)
    for number in sorted(tile.titles):
        cluster = drawing.clusters[number]
        needed = narrow_heading(cluster).width(*title_style(cluster))
        lacking = needed - max(right - left for left, right in _rooms(tile.frames[number], tile.titles[number], runs))
        if lacking > 0:
            _grow(drawing, tile, number, lacking + 1)
    for number, row in list(tile.titles.items()):
        cluster = drawing.clusters[number]
        rooms = _rooms(tile.frames[number], row, runs)
        tile.headings[number], tile.titles[number] = _seated(headings(cluster), rooms, row, *title_style(cluster))


def _passages(drawing: Drawing, tile: Tile) -> list[Rect]:
    """Where arrows from and to other units will run: straight up over a box, straight down below one."""
    bounds = tile.bounds
    found = []
    for number, arrow in enumerate(drawing.arrows):
        if number in tile.paths:
            continue
        if arrow.head in tile.boxes:
            x, y = tile.boxes[arrow.head].centre
            found.append(Rect(x - 1, y, x + 1, bounds.top))
        if arrow.tail in tile.boxes:
            x, y = tile.boxes[arrow.tail].centre
            found.append(Rect(x - 1, bounds.bottom, x + 1, y))
    return found


def _grow(drawing: Drawing, tile: Tile, number: int, by: float) -> None:
    """Move the right side of a frame, and with it those of the frames around it, if there is room."""
    wide: dict[int, Rect] = {}
    right = tile.frames[number].right + by
    frame: int | None = number
    while frame in tile.frames and tile.frames[frame].right < right:
        wide[frame] = tile.frames[frame]._replace(right=right)
        right += MARGIN
        frame = drawing.clusters[frame].parent
    if not any(has_neighbour(drawing, tile, frame, rect) for frame, rect in wide.items()):
        tile.frames |= wide


def _rooms(frame: Rect, row: Rect, runs: list[Rect]) -> list[tuple[float, float]]:
    """The free stretches of a title's row, from left to right."""
    left, right = frame.left + MARGIN, frame.right - MARGIN
    here = row._replace(left=left, right=right).grown(_CLEAR)
    rooms = []
    for start, end in sorted((run.left, run.right) for run in runs if run.meets(here)):
        if start - _CLEAR > left:
            rooms.append((left, start - _CLEAR))
        left = max(left, end + _CLEAR)
    return [*rooms, (left, right)] if left < right else rooms or [(frame.left + MARGIN, right)]


def _seated(
    options: list[Heading], rooms: list[tuple[float, float]], row: Rect, size: float, is_bold: bool
) -> tuple[Heading, Rect]:
    for heading in options:
        width = heading.width(size, is_bold)
        for left, right in rooms:
            if width <= right - left:
                return heading, Rect(left, row.bottom, left + width, row.top)
    heading = options[-1]
    left, right = max(rooms, key=lambda room: room[1] - room[0])
    return heading, Rect(left, row.bottom, left + heading.width(size, is_bold), row.top)
