"""The complexity chart: accuracy against operations, with parameters as areas of bubbles; beside it accuracy per parameter.

After Canziani, Paszke, Culurciello, "An Analysis of Deep Neural Network Models for Practical Applications", 2017. Must not
guess: an architecture without a sourced accuracy is listed below the chart, not placed in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import pi, sqrt
from typing import TYPE_CHECKING

from archdsl.analysis.cost import Cost
from archdsl.backends.charts.figure import INK, PALETTE, QUIET, new_figure, quiet_axes, to_bytes
from archdsl.backends.charts.labels import Bubble, place
from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACCURACIES = ("top1", "top5")
LARGEST = 34.0
"""Radius in pixels of the bubble with most parameters."""
ROOMY = 24
"""This many names fit beside their bubbles; for more the chart grows."""
WIDE = 100
"""If the operations of the networks differ by more than this factor, their axis is logarithmic."""


class Point(NamedTuple):
    """An architecture in the chart: giga multiply-accumulates, millions of parameters, accuracy in percent."""

    name: str
    family: str
    operations: float
    params: float
    accuracy: float


def complexity_chart(costs: Sequence[Cost], format: str = "svg", by: str | None = None) -> bytes:
    """The chart as a file's content.

    Args:
        format: `svg`, `png` or `pdf`.
        by: `top1` or `top5`; else the one that more of the architectures have.

    Raises:
        ModuleNotFoundError: matplotlib is not there.
        Refusal: no such format; or none of the architectures has an accuracy, so there is nothing to draw.
    """
    key = f"{by}_error" if by else _common(costs)
    points = [point for cost in costs if (point := _point(cost, key)) is not None]
    if not points:
        nothing = f"none of the architectures has a `{key}` in its `meta`, so there is nothing to plot"
        raise Refusal(f"{nothing}; the chart `layers` of two architectures needs no accuracy")
    placed = {point.name for point in points}
    left_out = [cost.name for cost in costs if cost.name not in placed]
    crowd = max(1.0, sqrt(len(points) / ROOMY))
    figure = new_figure(11.5 * crowd, 6.2 * crowd)
    bubbles, bars = figure.subplots(1, 2, width_ratios=(2.6, 1))
    figure.subplots_adjust(left=0.07, right=0.98, top=0.92, bottom=0.17, wspace=0.32)
    title = "Top-1" if key == "top1_error" else "Top-5"
    _draw_bubbles(bubbles, points, title)
    _draw_bars(bars, points, title)
    if left_out:
        figure.text(0.07, 0.03, f"no sourced accuracy: {_listed(left_out)}", fontsize=8, color=QUIET)
    return to_bytes(figure, format)


def _listed(names: Sequence[str]) -> str:
    """As many names as one line holds, and how many more there are."""
    shown = len(names)
    while len(", ".join(names[:shown])) > 120:
        shown -= 1
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more else "")


def _common(costs: Sequence[Cost]) -> str:
    def many(key: str) -> int:
        return sum(key in cost.network.meta for cost in costs)

    return "top5_error" if many("top5_error") > many("top1_error") else "top1_error"


def _point(cost: Cost, key: str) -> Point | None:
    error, macs, params = cost.network.meta.get(key), cost.macs, cost.params
    if not isinstance(error, (int, float, Fraction, str)) or not isinstance(macs, int) or not isinstance(params, int):
        return None
    family = str(cost.network.meta.get("family", ""))
    return Point(cost.name, family, macs / 1e9, params / 1e6, 100 - float(error))


def _draw_bubbles(axes: Axes, points: Sequence[Point], title: str) -> None:
    quiet_axes(axes)
    largest = max(point.params for point in points)
    colours = _colours(points)
    radii = [LARGEST * sqrt(point.params / largest) for point in points]
    for point, radius in zip(points, radii, strict=True):
        # An area in points squared: 72 points an inch, 100 pixels an inch.
        area = pi * (radius * 0.72) ** 2
        axes.scatter(
            point.operations, point.accuracy, s=area, color=colours[point.family], alpha=0.55, edgecolors="white", zorder=3
        )
    axes.set_xlabel("operations (G multiply-accumulates)", fontsize=10, color=INK)
    axes.set_ylabel(f"{title} accuracy (%)", fontsize=10, color=INK)
    axes.set_title("accuracy against operations; area: parameters", fontsize=11, color=INK, loc="left")
    axes.margins(0.12, 0.14)
    most, least = (bound(point.operations for point in points) for bound in (max, min))
    if len(points) > ROOMY and most > WIDE * least > 0:
        axes.set_xscale("log")
    else:
        axes.set_xlim(left=max(axes.get_xlim()[0], -0.04 * most))
    names = [Bubble(point.operations, point.accuracy, radius, point.name) for point, radius in zip(points, radii, strict=True)]
    place(axes, names)
    _draw_scale(axes, largest)


def _draw_scale(axes: Axes, largest: float) -> None:
    """Bubbles of round sizes, so that an area can be read."""
    sizes = [size for size in (1, 5, 10, 50, 100, 500, 1000) if size <= largest][-3:]
    handles = [
        axes.scatter([], [], s=pi * (LARGEST * sqrt(size / largest) * 0.72) ** 2, color=QUIET, alpha=0.35, label=f"{size}M")
        for size in sizes
    ]
    if handles:
        axes.legend(
            handles=handles, loc="lower right", frameon=False, fontsize=8, labelspacing=3.4, borderpad=2.4, handletextpad=2
        )


def _draw_bars(axes: Axes, points: Sequence[Point], title: str) -> None:
    quiet_axes(axes)
    axes.grid(visible=False, axis="y")
    ordered = sorted(points, key=lambda point: point.accuracy / point.params)
    colours = _colours(points)
    values = [point.accuracy / point.params for point in ordered]
    axes.barh([point.name for point in ordered], values, color=[colours[point.family] for point in ordered], alpha=0.75)
    size = min(8.0, 12 * sqrt(ROOMY / len(points)))
    for row, value in enumerate(values):
        axes.text(value, row, f" {value:.2g}", va="center", fontsize=size, color=INK)
    axes.margins(x=0.16)
    axes.tick_params(axis="y", labelsize=size)
    axes.set_ylim(-0.8, len(points) - 0.2)
    axes.set_xlabel("% per million parameters", fontsize=10, color=INK)
    axes.set_title(f"{title} accuracy per parameter", fontsize=11, color=INK, loc="left")


def _colours(points: Sequence[Point]) -> dict[str, str]:
    families = list(dict.fromkeys(point.family for point in points))
    return {family: PALETTE[number % len(PALETTE)] for number, family in enumerate(families)}
