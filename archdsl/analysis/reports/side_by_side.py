"""Several architectures side by side, column by column. Must not print or draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.named import NAMES, Metric
from archdsl.analysis.questions.condition import read_metric
from archdsl.analysis.target import measured, resolve
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import ArchError, Diagnostic, Refusal
from archdsl.records import NamedTuple
from archdsl.shapes import Formula, Number

if TYPE_CHECKING:
    from archdsl.analysis.rows import Plain

COLUMNS: dict[str, Callable[[Cost], object]] = {
    "name": lambda cost: cost.name,
    "input": lambda cost: cost.network.inputs[0][1] if cost.network.inputs else None,
    **{name: methodcaller("metric", name) for name in ("out", *NAMES)},
    "accuracy": lambda cost: _accuracy(cost),
}
"""Columns that every architecture has; further ones are the names in `meta` (`year`, `top1_error` …), and what contracts
may name (`stage3.memory`, `memory(conv)`, `out.boxes`)."""

USUAL = ("name", "year", "input", "params", "macs", "flops", "memory", "peak", "depth", "top1_error", "top5_error")


class SideBySide(NamedTuple):
    """One row per architecture; a value that one does not have is None."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, object], ...]
    batch: int
    dtype: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        from archdsl.analysis.rows import plain

        rows = [{name: _plain(value, plain) for name, value in row.items()} for row in self.rows]
        facts = {"schema": "archdsl.compare/1", "batch": self.batch, "dtype": self.dtype}
        return {**facts, "columns": list(self.columns), "rows": rows}


def compare(costs: Sequence[Cost], columns: Sequence[str] | None = None, sort: str | None = None) -> SideBySide:
    """The columns asked for (else the usual ones that one has), sorted by any column; `-params` puts the largest first.

    Raises:
        UnknownChoice: no architecture has such a column.
        Refusal: there are no architectures.
    """
    if not costs:
        raise Refusal("there is nothing to compare: give at least one architecture")
    known = [*COLUMNS, *dict.fromkeys(key for cost in costs for key in cost.network.meta if key not in COLUMNS)]
    for name in (*(columns or ()), *([sort.removeprefix("-")] if sort else [])):
        if name not in known and all(_measured(cost, name) is None for cost in costs):
            raise UnknownChoice("column", name, known)
    chosen = tuple(columns) if columns else tuple(name for name in USUAL if name in known and name != _rarer_error(costs))
    ordered = list(costs)
    if sort:
        ordered = _sorted(ordered, sort.removeprefix("-"), downwards=sort.startswith("-"))
    rows = tuple({name: value_of(cost, name) for name in chosen} for cost in ordered)
    return SideBySide(chosen, rows, costs[0].batch, costs[0].dtype)


def value_of(cost: Cost, name: str) -> object:
    """What an architecture has in a column; None where it has nothing."""
    if name in COLUMNS:
        value = COLUMNS[name](cost)
    elif name in cost.network.meta:
        value = cost.network.meta[name]
    else:
        value = _measured(cost, name)
    return None if isinstance(value, Unavailable) else value


def _measured(cost: Cost, name: str) -> Metric | None:
    """What the left side of a contract names, for one sample in float32; None where the architecture has no such part."""
    if not any(sign in name for sign in ".("):
        return None
    try:
        asked = resolve(cost.network, read_metric(name))
    except (ArchError, Refusal):
        return None
    return None if isinstance(asked, Diagnostic) else measured(cost.measures, asked)


def _sorted(costs: list[Cost], name: str, downwards: bool) -> list[Cost]:
    """By the column; what has no value, or a formula, comes last."""

    def is_sortable(value: object) -> bool:
        return isinstance(value, (int, float, Fraction, str)) or (isinstance(value, tuple) and all(map(is_sortable, value)))

    values = [(value_of(cost, name), cost) for cost in costs]
    with_value = [pair for pair in values if is_sortable(pair[0])]
    kinds = {isinstance(value, str) for value, _ in with_value}
    key: Callable[[Any], Any] = (lambda pair: str(pair[0])) if len(kinds) > 1 else (lambda pair: pair[0])
    with_value.sort(key=key, reverse=downwards)
    return [cost for _, cost in with_value] + [cost for value, cost in values if not is_sortable(value)]


def _rarer_error(costs: Sequence[Cost]) -> str:
    """Of the two errors that papers state, the one that fewer of the architectures have: one of them is enough to see."""
    top1, top5 = (sum(name in cost.network.meta for cost in costs) for name in ("top1_error", "top5_error"))
    return "top1_error" if top5 > top1 else "top5_error"


def _accuracy(cost: Cost) -> Number | None:
    """Top-1 accuracy in percent, from the error in `meta`."""
    error = cost.network.meta.get("top1_error")
    return 100 - error if isinstance(error, (int, float, Fraction, Formula)) else None


def _plain(value: object, plain: Callable[[object], Plain]) -> Plain:
    return float(value) if isinstance(value, Fraction) else plain(value)
