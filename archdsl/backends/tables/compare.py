"""Comparisons and differences of architectures as tables. Must not compute them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.totals import Totals
from archdsl.analysis.reports.changes import Change
from archdsl.analysis.reports.side_by_side import SideBySide
from archdsl.backends.tables import words
from archdsl.backends.tables.grid import RULE, WIDTH, TableColumn, comma_separated, markup, plain_markdown, terminal
from archdsl.shapes import Dim

FORMATS = ("table", "csv", "json", "markdown", "html", "latex")
DIFFERENCES = ("table", "json", "markdown", "latex")
_FLOAT_BYTES = 4
_BYTES = ("memory", "peak")
_LAST = ("input", "memory", "peak", "depth", "year")
"""Where a terminal is too narrow, these columns go, from the last one on."""
_TITLES = {"macs": "MACs", "flops": "FLOPs", "receptive_field": "receptive field", "receptive_field.windows": "windows' field"}


def comparison(table: SideBySide, format: str = "table", width: int | None = WIDTH) -> str:
    """Architectures side by side.

    Args:
        width: of the terminal, for `table`; None keeps every column.

    Raises:
        UnknownChoice: no such format.
    """
    if format not in FORMATS:
        raise UnknownChoice("format", format, FORMATS)
    if format == "json":
        from json import dumps

        return dumps(table.to_dict(), indent=2)
    if format == "csv":
        return _csv(table)
    head, body = f"batch {table.batch}, {table.dtype}", listing(table, format, width)
    if format == "latex":
        return f"% {head}\n{body}"
    return f"<p>{head}</p>\n{body}" if format == "html" else f"{head}\n\n{body}"


def listing(table: SideBySide, format: str, width: int | None = WIDTH) -> str:
    """The rows alone, without what they were counted with: `table`, `csv`, `markdown`, `html` or `latex`."""
    if format == "csv":
        return _csv(table)
    numeric = {name for name in table.columns if any(isinstance(row[name], (int, float, Fraction)) for row in table.rows)}
    columns = [_column(name, right=name in numeric - {"year"}) for name in table.columns]
    rows = [[_cell(name, row[name]) for name in table.columns] for row in table.rows]
    if format == "table":
        return terminal(columns, rows, width)
    return markup(columns, rows, "github" if format == "markdown" else format)


def _column(name: str, right: bool) -> TableColumn:
    return TableColumn(_TITLES.get(name, name.replace("_", " ")), right, _LAST.index(name) + 1 if name in _LAST else 0)


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name.partition("(")[0].rpartition(".")[2] in _BYTES:
        return words.size(value)
    if name == "year":
        return str(value)
    if name.endswith(("receptive_field", "receptive_field.windows", "stride")):
        return words.each_axis(value)
    if isinstance(value, tuple):
        return words.shape(value)
    return _decimal(value) if isinstance(value, (float, Fraction)) else words.number(value)


def _decimal(value: float | Fraction) -> str:
    return f"{float(value):.10g}"


def _csv(table: SideBySide) -> str:
    return comma_separated(table.columns, ([_field(row[name]) for name in table.columns] for row in table.rows))


def _field(value: object) -> object:
    if isinstance(value, tuple):
        return words.shape(value)
    return _decimal(value) if isinstance(value, Fraction) else "" if value is None else value


def difference(
    changes: Sequence[Change], whole: Totals, names: tuple[str, str], width: int = WIDTH, format: str = "table"
) -> str:
    """What changed from the first to the second network, a line a change; changes alike in several places are one line.

    `names` are what they are called; `format` is one of `DIFFERENCES`.

    Raises:
        UnknownChoice: there is no such format.
    """
    if format not in DIFFERENCES:
        raise UnknownChoice("format", format, DIFFERENCES)
    if format == "json":
        from json import dumps

        return dumps(difference_document(changes, whole, names), indent=2)
    title, told = " -> ".join(names), _told(changes)
    if not told:
        return f"{title}: no difference in what they compute"
    columns = (
        TableColumn("where"),
        TableColumn("change"),
        *(TableColumn(name, right=True) for name in ("params", "MACs", "memory")),
    )
    rows: list[list[str] | None] = [_row(_where(change), change.text, change.more) for change in told]
    rows += [RULE, _row("total", "", whole)]
    if format == "markdown":
        return f"**{plain_markdown(title)}**, batch 1, float32\n\n{markup(columns, rows, 'github')}"
    if format == "latex":
        return markup(columns, rows, format)
    return "\n".join([f"{title}, batch 1, float32", "", terminal(columns, rows, width)])


def difference_document(changes: Sequence[Change], whole: Totals, names: tuple[str, str]) -> dict[str, Any]:
    """Amounts are integers, or formulas as text; `memory` is bytes."""
    rows = [
        {"where": one.name, "kind": one.kind, "change": one.text, "places": one.places, **_amounts(one.more)}
        for one in _told(changes)
    ]
    found = {"schema": "archdsl.diff/1", "from": names[0], "to": names[1], "batch": 1, "dtype": "float32"}
    return {**found, "changes": rows, "total": _amounts(whole)}


def _told(changes: Sequence[Change]) -> list[Change]:
    """Without those that only follow from another one and cost nothing."""
    return [change for change in changes if change.kind != "follows" or _weighs(change.more)]


def _amounts(more: Totals) -> dict[str, int | str]:
    amounts = {"params": more.params, "macs": more.macs, "memory": more.outputs * _FLOAT_BYTES}
    return {name: amount if isinstance(amount, int) else str(amount) for name, amount in amounts.items()}


def _weighs(more: Totals) -> bool:
    return any(amount != 0 for amount in (more.params, more.macs, more.outputs))


def _where(change: Change) -> str:
    return change.name + (f" and {change.places - 1:,} more" if change.places > 1 else "")


def _row(where: str, text: str, more: Totals) -> list[str]:
    return [where, text, _signed(more.params), _signed(more.macs), _signed_size(more.outputs * _FLOAT_BYTES)]


def _signed(value: Dim) -> str:
    if not value:
        return ""
    return _plus(words.number(value))


def _signed_size(value: Dim) -> str:
    if not isinstance(value, int):
        return _signed(value)
    return _plus(("-" if value < 0 else "") + words.size(abs(value))) if value else ""


def _plus(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"
