"""The lecture's bar charts: memory, parameters and operations of two networks by layer, side by side. Must not compute."""

from __future__ import annotations

from collections.abc import Callable

from archdsl.analysis.cost import Cost
from archdsl.analysis.rows import Layer
from archdsl.backends.charts.figure import INK, PALETTE, new_figure, quiet_axes, to_bytes
from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple
from archdsl.shapes import Dim

MOST = 40
"""With more layers than this a chart has a bar a stage."""


class Measure(NamedTuple):
    """A quantity of layers: the title of its axis, and its value for a layer."""

    title: str
    of: Callable[[Layer], float]


MEASURES = (
    Measure("memory (KB)", lambda layer: _number(layer.memory) / 1024),
    Measure("parameters (K)", lambda layer: _number(layer.params) / 1000),
    Measure("MFLOP (multiply-accumulates)", lambda layer: _number(layer.macs) / 1e6),
)


def layer_bars(first: Cost, second: Cost, format: str = "svg") -> bytes:
    """Three rows of bars, a column a network, each row on one scale.

    Raises:
        ModuleNotFoundError: matplotlib is not there.
        Refusal: no such format; or dimensions are free.
    """
    figure = new_figure(11.5, 7.5)
    grid = figure.subplots(len(MEASURES), 2, sharey="row")
    figure.subplots_adjust(left=0.08, right=0.98, top=0.94, bottom=0.15, hspace=0.3, wspace=0.08)
    for column, cost in enumerate((first, second)):
        bars = _bars(cost)
        for row, measure in enumerate(MEASURES):
            axes = grid[row][column]
            quiet_axes(axes)
            axes.grid(visible=False, axis="x")
            axes.bar(range(len(bars)), [sum(map(measure.of, layers)) for _, layers in bars], color=PALETTE[column], alpha=0.8)
            names = [name for name, _ in bars] if row == len(MEASURES) - 1 else [""] * len(bars)
            axes.set_xticks(range(len(bars)), names, rotation=90, fontsize=7.5)
            title = f"{cost.name}: {measure.title}" if row == 0 else measure.title
            axes.set_title(title, fontsize=10, color=INK, loc="left")
    return to_bytes(figure, format)


def _bars(cost: Cost) -> list[tuple[str, list[Layer]]]:
    """One bar for each layer that computes or holds memory; one for each stage if there are too many layers."""
    layers = [layer for layer in cost.rows if not layer.aux and (layer.memory or layer.params)]
    if len(layers) <= MOST:
        return list(zip(_numbered([layer.op for layer in layers]), ([layer] for layer in layers), strict=True))
    stages: dict[str, list[Layer]] = {}
    for layer in layers:
        stages.setdefault(layer.stage, []).append(layer)
    return list(stages.items())


def _numbered(names: list[str]) -> list[str]:
    """`conv1`, `conv2`, `gap`: a number if there are several."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(f"{name}{seen[name]}" if names.count(name) > 1 else name)
    return found


def _number(value: Dim) -> float:
    if not isinstance(value, int):
        raise Refusal("a chart needs numbers: give the free dimensions sizes with `--input`")
    return float(value)
