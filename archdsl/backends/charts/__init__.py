"""Charts of costs with matplotlib, which comes in when one is drawn. Must not compute costs or write files."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.backends.charts.bars import layer_bars
from archdsl.backends.charts.complexity import ACCURACIES, complexity_chart
from archdsl.backends.charts.figure import FORMATS
from archdsl.diagnostics import WrongUse

CHARTS = {
    "complexity": "accuracy against operations and per parameter",
    "layers": "memory, parameters and operations of two networks by layer",
}

__all__ = ["ACCURACIES", "CHARTS", "FORMATS", "chart", "complexity_chart", "layer_bars"]


def chart(costs: Sequence[Cost], kind: str, format: str, accuracy: str | None = None) -> bytes:
    """A chart of several architectures as a file's content.

    Args:
        kind: one of `CHARTS`.
        format: one of `FORMATS`.
        accuracy: for `complexity`: `top1` or `top5`; None takes the one that more of the architectures have.

    Raises:
        UnknownChoice: no such chart or accuracy.
        Refusal: no such format, or the architectures do not suit the chart.
        ModuleNotFoundError: matplotlib is not there.
    """
    if kind not in CHARTS:
        raise UnknownChoice("chart", kind, CHARTS)
    if accuracy not in (None, *ACCURACIES):
        raise UnknownChoice("accuracy", accuracy, ACCURACIES)
    if kind == "complexity":
        return complexity_chart(costs, format, accuracy)
    if len(costs) != 2:
        raise WrongUse(f"the chart `layers` shows two architectures side by side, not {len(costs)}")
    return layer_bars(costs[0], costs[1], format)
