"""Names beside bubbles so that none covers another. Must not know what the bubbles mean."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import TYPE_CHECKING

from archdsl.backends.charts.figure import INK, QUIET
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ANGLES = tuple(pi * step / 8 for step in (0, 8, 4, 12, 2, 14, 6, 10, 1, 15, 7, 9, 3, 13, 5, 11))
_GAPS = (3, 8, 16, 28, 44, 64, 90, 120, 160)
_BETWEEN = 5
"""Pixels between two names, so that each is read with its own bubble."""


class LabelBox(NamedTuple):
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: LabelBox) -> float:
        """The area that both cover, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0

    def widened(self, by: float) -> LabelBox:
        """The box with a margin of `by` pixels on every side."""
        return LabelBox(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def outside(self, frame: LabelBox) -> float:
        """The part of the area that is not in the frame."""
        inside = self.overlap(frame)
        return (self.right - self.left) * (self.top - self.bottom) - inside


class Bubble(NamedTuple):
    """A circle in data coordinates, its radius in pixels, and the name to put beside it."""

    x: float
    y: float
    radius: float
    name: str


def place(axes: Axes, bubbles: Sequence[Bubble], size: float = 8.5) -> list[LabelBox]:
    """Write every name next to its bubble, at a place where it covers no name or bubble, with a line if it is far away.

    The largest bubbles come last: a name may lie on the edge of its own large bubble's neighbors sooner than on a small one.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = axes.figure
    # The lines to names that are far off must not move what the names were placed by.
    axes.autoscale(False)
    figure.canvas.draw()
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    renderer = canvas.get_renderer()
    extent = axes.get_window_extent(renderer)
    frame = LabelBox(extent.x0, extent.y0, extent.x1, extent.y1)
    centres = [tuple(axes.transData.transform((bubble.x, bubble.y))) for bubble in bubbles]
    discs = [_disc(centre, bubble.radius) for centre, bubble in zip(centres, bubbles, strict=True)]
    placed: list[LabelBox] = []
    apart: list[LabelBox] = []
    for index in sorted(range(len(bubbles)), key=lambda one: bubbles[one].radius):
        bubble, (x, y) = bubbles[index], centres[index]
        text = axes.text(0, 0, bubble.name, fontsize=size, color=INK, transform=None, zorder=4)
        measured = text.get_window_extent(renderer)
        box, gap = _best((x, y), bubble.radius, measured.width, measured.height, frame, [*apart, *discs])
        text.set_position((box.left, box.bottom - (measured.y0 - text.get_position()[1])))
        placed.append(box)
        apart.append(box.widened(_BETWEEN))
        if gap > _GAPS[1]:
            nearest = (min(max(x, box.left), box.right), min(max(y, box.bottom), box.top))
            ends = axes.transData.inverted().transform([(x, y), nearest])
            axes.plot(ends[:, 0], ends[:, 1], color=QUIET, linewidth=0.6, zorder=2)
    return placed


def _disc(centre: tuple[float, ...], radius: float) -> LabelBox:
    # The square inside the circle: a name may touch a bubble's edge.
    side = radius * 0.7
    return LabelBox(centre[0] - side, centre[1] - side, centre[0] + side, centre[1] + side)


def _best(
    centre: tuple[float, float], radius: float, width: float, height: float, frame: LabelBox, taken: Sequence[LabelBox]
) -> tuple[LabelBox, float]:
    """The nearest place that is free, else the one that covers least."""
    best: tuple[float, LabelBox, float] | None = None
    for gap in _GAPS:
        for angle in _ANGLES:
            x = centre[0] + cos(angle) * (radius + gap + width / 2)
            y = centre[1] + sin(angle) * (radius + gap + height / 2)
            box = LabelBox(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            cost = sum(box.overlap(other) for other in taken) + 4 * box.outside(frame)
            if cost == 0:
                return box, gap
            if best is None or cost < best[0]:
                best = (cost, box, gap)
    assert best is not None
    return best[1], best[2]
