"""Paths with straight pieces and round corners. Must not know why they run there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

from archdsl.backends.render.layout.geometry import Path, Point, Rect

RADIUS = 7.0
HEAD = 5.0
"""The length of an arrow head (arrowsize 0.5)."""


def rounded(corners: Sequence[Point], has_head: bool = True) -> Path:
    """A path through the corners, each but the ends rounded; the last piece ends in an arrow head."""
    points = _distinct(corners)
    tip = points[-1] if has_head else None
    if has_head:
        points[-1] = _towards(points[-1], points[-2], HEAD)
    curve = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(RADIUS, _distance(before, corner) / 2, _distance(corner, after) / 2)
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        _line(curve, start)
        curve += [_towards(start, corner, radius * 0.55), _towards(end, corner, radius * 0.55), end]
    _line(curve, points[-1])
    return Path(tuple(curve), tip)


def samples(path: Path, count: int = 16) -> list[Rect]:
    """Small rectangles along a path, as obstacles for labels."""
    found = []
    for position in range(count + 1):
        x, y = path.at(position / count)
        found.append(Rect(x - 0.8, y - 0.8, x + 0.8, y + 0.8))
    return found


def crosses(corners: Sequence[Point], rects: Iterable[Rect]) -> bool:
    """Whether a path of level and upright pieces runs through (or touches) one of the rectangles."""
    pieces = [Rect(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)).grown(1.5) for (ax, ay), (bx, by) in pairwise(corners)]
    return any(piece.meets(rect) for rect in rects for piece in pieces)


def _line(curve: list[Point], end: Point) -> None:
    (ax, ay), (bx, by) = curve[-1], end
    curve += [(ax + (bx - ax) / 3, ay + (by - ay) / 3), (ax + 2 * (bx - ax) / 3, ay + 2 * (by - ay) / 3), end]


def _distinct(corners: Sequence[Point]) -> list[Point]:
    points = [corners[0]]
    for corner in corners[1:]:
        if _distance(points[-1], corner) > 0.5:
            points.append(corner)
    return points if len(points) > 1 else [corners[0], corners[-1]]


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _towards(start: Point, end: Point, length: float) -> Point:
    whole = _distance(start, end) or 1.0
    return (start[0] + (end[0] - start[0]) * length / whole, start[1] + (end[1] - start[1]) * length / whole)
