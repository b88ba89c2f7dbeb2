"""Colours: by operator family, or by what a box costs. Must not know shapes of boxes or Graphviz.

The lines of families are the colors of Okabe and Ito ("Color Universal Design", 2008), which people with any kind of color
vision can distinguish. The fills are tints that they can distinguish too (a test computes how they see them); the captions
repeat what the colors show. Costs run from white to one dark blue.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from archdsl.backends.render.scene.drawing import Box, Drawing, RenderError
from archdsl.ir import Node, Region, Step, Use
from archdsl.ops.operator import Paint
from archdsl.records import NamedTuple
from archdsl.shapes import Dim

PaintBy = Literal["op", "params", "macs", "memory"]
PAINTS: tuple[PaintBy, ...] = ("op", "params", "macs", "memory")

Measure = Callable[[Node], Dim]


class Colours(NamedTuple):
    """A box: `fill` and `line`, `text` on the fill, and a figure under its captions (`2.36M`)."""

    fill: str
    line: str
    text: str = "#1a1a1a"
    figure: str = ""


class SymbolicCost(RenderError):
    """A cost that has free dimensions in it has no color."""


PLAIN = Colours("#ffffff", "#4d4d4d")
_CLOSED = Colours("#f2f2f2", "#6b6b6b")
ROLES = {
    "stem": Colours("#f4f6f1", "#93a07f"),
    "stage": Colours("#f3f5f8", "#869ab0"),
    "neck": Colours("#f6f3f8", "#a08cb2"),
    "head": Colours("#f8f4f1", "#b8977d"),
}
"""The tints of frames; boxes that represent a role have them too."""
FAMILIES: dict[Paint, Colours] = {
    "conv": Colours("#d0e3fd", "#0072b2"),
    "linear": Colours("#daa7c9", "#9c3f78"),
    "norm": Colours("#c7cbcd", "#6f7881"),
    "activation": Colours("#f7f586", "#a39300"),
    "pool": Colours("#f5bca0", "#d55e00"),
    "attention": Colours("#94f3c3", "#009e73"),
    "join": PLAIN,
    "reshape": Colours("#fafafa", "#9a9a9a"),
    "resize": Colours("#cbe5ea", "#2f93a8"),
    "regularise": Colours("#cfc1e6", "#7a68a6"),
    "learned": Colours("#fbeea9", "#c98500"),
}
_LIGHT_TEXT_FROM = 0.72
_WHITE, _DARK = (255, 255, 255), (8, 81, 156)
_UNITS = ((10**9, "G"), (10**6, "M"), (10**3, "K"))
_BYTES = ((1 << 30, " GB"), (1 << 20, " MB"), (1 << 10, " KB"))


def by_family(drawing: Drawing) -> list[Colours]:
    """Colors by the family of the operator."""
    return [_family(box) for box in drawing.boxes]


def by_cost(drawing: Drawing, by: PaintBy, measure: Measure) -> list[Colours]:
    """Colors by the cost of all runs of a box, darkest for the highest; the number is written in the box.

    Raises:
        SymbolicCost: a cost is a formula.
    """
    found = box_costs(drawing, measure)
    costs = [cost for cost in found if isinstance(cost, int)]
    if len(costs) < len(found):
        raise SymbolicCost(f"the {by} of this network depend on its free dimensions: give them numbers with `--input`")
    top = max(costs, default=0)
    return [
        _heat(cost, top, by) if box.kind in ("operator", "block") else _family(box)
        for box, cost in zip(drawing.boxes, costs, strict=True)
    ]


def scale(steps: int = 5) -> tuple[Colours, ...]:
    """Colours by cost from the least to the most."""
    return tuple(_heat(step, steps - 1, "params")._replace(figure="") for step in range(steps))


def box_costs(drawing: Drawing, measure: Measure) -> list[Dim]:
    """What each box costs, all its runs together."""
    known: dict[int, Dim] = {}
    return [sum(_cost(load.step, measure, known) * load.times for load in box.loads) for box in drawing.boxes]


def _family(box: Box) -> Colours:
    if box.kind == "block":
        return ROLES.get(box.role or "", _CLOSED)
    if box.paint is None:
        return PLAIN
    return FAMILIES[box.paint]


def _cost(step: Step, measure: Measure, known: dict[int, Dim]) -> Dim:
    if isinstance(step, Node):
        return measure(step) * step.count
    if isinstance(step, Use):
        return _region_cost(step.region, measure, known) * step.count
    return 0


def _region_cost(region: Region, measure: Measure, known: dict[int, Dim]) -> Dim:
    if id(region) not in known:
        known[id(region)] = sum(_cost(step, measure, known) for step in region.steps)
    return known[id(region)]


def _heat(cost: int, top: int, by: PaintBy) -> Colours:
    share = (cost / top) ** 0.7 if top else 0.0
    red, green, blue = (round(white + (dark - white) * share) for white, dark in zip(_WHITE, _DARK, strict=True))
    text = "#ffffff" if share > _LIGHT_TEXT_FROM else "#1a1a1a"
    return Colours(f"#{red:02x}{green:02x}{blue:02x}", "#44617f", text, figure(cost, by) if cost else "")


def figure(cost: int, by: PaintBy) -> str:
    """Three digits and a unit: `2.36M`, `98.1 KB`."""
    for size, unit in _BYTES if by == "memory" else _UNITS:
        if cost >= size:
            return f"{cost / size:.3g}{unit}" if cost / size < 999.5 else f"{cost / size:.0f}{unit}"
    return f"{cost} B" if by == "memory" else str(cost)
