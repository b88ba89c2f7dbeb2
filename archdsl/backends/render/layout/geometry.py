"""Rectangles, paths and placed pieces, in points, y upwards. Must not know why something is where it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from archdsl.records import NamedTuple

Point = tuple[float, float]


class Rect(NamedTuple):
    """A rectangle, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def centre(self) -> Point:
        """The point in the middle."""
        return ((self.left + self.right) / 2, (self.bottom + self.top) / 2)

    def moved(self, dx: float, dy: float) -> Rect:
        """The same rectangle elsewhere."""
        return Rect(self.left + dx, self.bottom + dy, self.right + dx, self.top + dy)

    def grown(self, by: float) -> Rect:
        """The rectangle with a margin of `by` on every side."""
        return Rect(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def meets(self, other: Rect) -> bool:
        """Whether the two overlap; common edges do not count."""
        apart = self.right <= other.left or other.right <= self.left or self.top <= other.bottom or other.top <= self.bottom
        return not apart

    def part(self, number: int, count: int, keeps_top: bool = False) -> Rect:
        """A rectangle in the same right and lower (or upper) side, the middle at one of `count` places along each."""
        x = self.left + self.width * (number + 1) / (count + 1)
        y = self.top - self.height * (number + 1) / (count + 1)
        wide = self._replace(left=2 * x - self.right)
        return wide._replace(bottom=2 * y - self.top) if keeps_top else wide._replace(top=2 * y - self.bottom)

    @staticmethod
    def around(rects: Iterable[Rect]) -> Rect:
        """The smallest rectangle that holds them all."""
        lefts, bottoms, rights, tops = zip(*rects, strict=True)
        return Rect(min(lefts), min(bottoms), max(rights), max(tops))


class Path(NamedTuple):
    """A chain of cubic curves (1 + 3n points) and the tip of its arrow head, if it has one."""

    points: tuple[Point, ...]
    tip: Point | None = None

    def mapped(self, sx: float, sy: float, dx: float, dy: float) -> Path:
        """The path scaled, then moved."""
        points = tuple((x * sx + dx, y * sy + dy) for x, y in self.points)
        return Path(points, None if self.tip is None else (self.tip[0] * sx + dx, self.tip[1] * sy + dy))

    def at(self, share: float) -> Point:
        """The point at a share of the way, counted in curves."""
        curves = (len(self.points) - 1) // 3
        position = min(int(share * curves), curves - 1)
        t = share * curves - position
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.points[3 * position : 3 * position + 4]
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        return (a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy)

    @property
    def bounds(self) -> Rect:
        """A rectangle around it: a curve stays inside its points."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Rect(min(xs), min(ys), max(xs), max(ys))

    @property
    def text(self) -> str:
        """As DOT's `pos` writes it."""
        tip = [] if self.tip is None else [f"e,{_pair(self.tip)}"]
        return " ".join(tip + [_pair(point) for point in self.points])


class Tile:
    """Boxes, frames, their titles (`headings`: title, note, badge), paths and the room of their labels, by their numbers."""

    def __init__(self) -> None:
        self.boxes: dict[int, Rect] = {}
        self.frames: dict[int, Rect] = {}
        self.titles: dict[int, Rect] = {}
        self.paths: dict[int, Path] = {}
        self.labels: dict[int, Rect] = {}
        self.headings: dict[int, tuple[str, str, str]] = {}

    @property
    def bounds(self) -> Rect:
        """The smallest rectangle around everything in the tile."""
        runs = [path.bounds for path in self.paths.values()]
        return Rect.around([*self.boxes.values(), *self.frames.values(), *self.labels.values(), *runs])

    def moved(self, dx: float, dy: float) -> Tile:
        """The tile elsewhere."""
        tile = Tile()
        tile.boxes = {number: rect.moved(dx, dy) for number, rect in self.boxes.items()}
        tile.frames = {number: rect.moved(dx, dy) for number, rect in self.frames.items()}
        tile.titles = {number: rect.moved(dx, dy) for number, rect in self.titles.items()}
        tile.paths = {number: path.mapped(1, 1, dx, dy) for number, path in self.paths.items()}
        tile.labels = {number: rect.moved(dx, dy) for number, rect in self.labels.items()}
        tile.headings = self.headings
        return tile

    def renumbered(self, boxes: int, arrows: int, frames: int) -> Tile:
        """Every number larger by so much."""
        tile = Tile()
        tile.boxes = {number + boxes: rect for number, rect in self.boxes.items()}
        tile.frames = {number + frames: rect for number, rect in self.frames.items()}
        tile.titles = {number + frames: rect for number, rect in self.titles.items()}
        tile.paths = {number + arrows: path for number, path in self.paths.items()}
        tile.labels = {number + arrows: rect for number, rect in self.labels.items()}
        tile.headings = {number + frames: heading for number, heading in self.headings.items()}
        return tile

    def flipped(self) -> Tile:
        """Upside down, so that the flow runs upwards; titles go to the foot of their frames."""
        tile = Tile()
        tile.boxes = {number: _upside_down(rect) for number, rect in self.boxes.items()}
        tile.frames = {number: _upside_down(rect) for number, rect in self.frames.items()}
        tile.titles = {number: _upside_down(rect) for number, rect in self.titles.items()}
        tile.paths = {number: path.mapped(1, -1, 0, 0) for number, path in self.paths.items()}
        tile.labels = {number: _upside_down(rect) for number, rect in self.labels.items()}
        tile.headings = self.headings
        return tile

    def mirrored(self) -> Tile:
        """Left and right exchanged."""
        tile = Tile()
        tile.boxes = {number: _left_to_right(rect) for number, rect in self.boxes.items()}
        tile.frames = {number: _left_to_right(rect) for number, rect in self.frames.items()}
        tile.titles = {number: _left_to_right(rect) for number, rect in self.titles.items()}
        tile.paths = {number: path.mapped(-1, 1, 0, 0) for number, path in self.paths.items()}
        tile.labels = {number: _left_to_right(rect) for number, rect in self.labels.items()}
        tile.headings = self.headings
        return tile

    @staticmethod
    def joined(tiles: Sequence[Tile]) -> Tile:
        """Several tiles as one."""
        whole = Tile()
        for tile in tiles:
            whole.boxes |= tile.boxes
            whole.frames |= tile.frames
            whole.titles |= tile.titles
            whole.paths |= tile.paths
            whole.labels |= tile.labels
            whole.headings |= tile.headings
        return whole


class Placed(NamedTuple):
    """Where everything is, and the texts of the arrows' labels."""

    tile: Tile
    texts: dict[int, str]

    @property
    def bounds(self) -> Rect:
        """Around all of it."""
        tile = self.tile
        points = [Rect(x, y, x, y) for path in tile.paths.values() for x, y in path.points]
        return Rect.around([tile.bounds, *points, *tile.labels.values()])

    def label(self, number: int) -> str:
        """The text at the arrow; empty if it has none."""
        return self.texts.get(number, "")

    def side(self, number: int) -> Literal["left", "right", "center"]:
        """At which side a label begins: at the left where its arrow passes at the left of it."""
        label = self.tile.labels[number]
        path = self.tile.paths[number]
        near = [path.at(step / 40) for step in range(41)]
        beside = [x for x, y in near if label.bottom <= y <= label.top]
        if beside and max(beside) <= label.left:
            return "left"
        return "right" if beside and min(beside) >= label.right else "center"

    def box_attributes(self, number: int) -> dict[str, str]:
        """The box as DOT has it: position in points, size in inches."""
        rect = self.tile.boxes[number]
        return {
            "pos": _pair(rect.centre),
            "width": f"{rect.width / 72:.4f}",
            "height": f"{rect.height / 72:.4f}",
            "fixedsize": "true",
        }

    def frame_attributes(self, number: int) -> dict[str, str]:
        """The frame as DOT has it: its sides and the middle of its title, in points."""
        rect, title = self.tile.frames[number], self.tile.titles.get(number)
        return {"bb": ",".join(f"{side:.2f}" for side in rect)} | ({} if title is None else {"lp": _pair(title.centre)})

    def arrow_attributes(self, number: int) -> dict[str, str]:
        """The path, and where its label is."""
        label = self.tile.labels.get(number)
        return {"pos": self.tile.paths[number].text} | ({} if label is None else {"lp": _pair(label.centre)})


def read_tile(laid: dict[str, Any], sizes: Sequence[tuple[int, int]]) -> Tile:
    """A unit as Graphviz's JSON has it: boxes `b3`, frames `cluster_2`, arrows with the id `a7`; `sizes` are those of boxes.

    Places are rounded to half points, so that versions of Graphviz that print them differently agree.
    """
    tile = Tile()
    for item in laid.get("objects", ()):
        name = str(item["name"])
        if name.startswith("cluster_"):
            number = int(name[len("cluster_") :])
            tile.frames[number] = Rect(*map(_half_points, item["bb"].split(",")))
            if "lp" in item:
                half, rise = _half_points(float(item["lwidth"]) * 36), _half_points(float(item["lheight"]) * 36)
                x, y = map(_half_points, item["lp"].split(","))
                tile.titles[number] = Rect(x - half, y - rise, x + half, y + rise)
        else:
            number = int(name[1:])
            (x, y), (width, height) = map(_half_points, item["pos"].split(",")), sizes[number]
            tile.boxes[number] = Rect(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    for item in laid.get("edges", ()):
        tile.paths[int(str(item["id"])[1:])] = _read_path(item["pos"])
    return tile


def _half_points(text: str | float) -> float:
    return round(2 * float(text)) / 2


def _read_path(text: str) -> Path:
    tip, points = None, []
    for word in text.split():
        kind, _, rest = word.partition(",") if word[0] in "es" else ("", "", word)
        x, y = map(_half_points, rest.split(","))
        if kind == "e":
            tip = (x, y)
        else:
            points.append((x, y))
    return Path(tuple(points), tip)


def _left_to_right(rect: Rect) -> Rect:
    return Rect(-rect.right, rect.bottom, -rect.left, rect.top)


def _upside_down(rect: Rect) -> Rect:
    return Rect(rect.left, -rect.top, rect.right, -rect.bottom)


def _pair(point: Point) -> str:
    return f"{point[0]:.2f},{point[1]:.2f}"
