"""The reports of `archdsl cost`: one table in several formats. Must not compute costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.reports.conventions import Convention
from archdsl.analysis.reports.conventions import convention as find_convention
from archdsl.analysis.reports.rollup import Subtotal, rollup
from archdsl.analysis.unavailable import Unavailable
from archdsl.backends.tables import words
from archdsl.backends.tables.grid import RULE, WIDTH, TableColumn, comma_separated, markup, terminal, wrapped
from archdsl.backends.tables.summary import heading
from archdsl.ir import Network
from archdsl.shapes import Dim, Formula

if TYPE_CHECKING:
    from sympy import Basic

    from archdsl.analysis.questions.devices import Device
    from archdsl.analysis.questions.roofline import Roofline
    from archdsl.backends.tables.further import Section

HEAVIEST = 3


def report(
    network: Network,
    cost: Cost,
    by: str = "layer",
    format: str = "table",
    convention: str = "macs",
    width: int = WIDTH,
    device: Device | None = None,
    symbolic: bool = False,
) -> str:
    """The costs by layer, block, stage, op or role; those of a training step have its memory part by part.

    Args:
        format: one of `FORMATS`.
        convention: what the share and the ranking go by (`archdsl.analysis.reports.conventions`).
        width: of the terminal, for `table`.
        device: also the time on this device, by the roofline (`archdsl.analysis.questions.devices.find_device`).
        symbolic: also every metric as a formula of what is free.

    Raises:
        UnknownChoice: no such roll-up, format or convention; the device has no figure for the dtype.
        Refusal: a time is asked for and dimensions are free.
        ModuleNotFoundError: formulas are asked for, and sympy is not there.
    """
    if format not in FORMATS:
        raise UnknownChoice("format", format, FORMATS)
    counted = find_convention(convention)
    if format == "lecture":
        from archdsl.backends.tables.lecture import lecture

        return lecture(network, cost, width)
    groups = rollup(cost, by, counted)
    times = None
    if device is not None:
        from archdsl.analysis.questions.roofline import roofline

        times = roofline(cost, device)
    formulas = None
    if symbolic:
        from archdsl.analysis.formula import formulas as find_formulas

        formulas = find_formulas(network)
    return FORMATS[format](_Report(network, cost, by, counted, groups, width, times, formulas))


class _Report:
    def __init__(
        self,
        network: Network,
        cost: Cost,
        by: str,
        counted: Convention,
        groups: list[Subtotal],
        width: int,
        times: Roofline | None,
        formulas: dict[str, Basic | Unavailable] | None,
    ) -> None:
        self.network, self.cost, self.by, self.counted, self.groups, self.width = network, cost, by, counted, groups, width
        self.training, self.times, self.formulas = cost.step, times, formulas
        self.whole = _sum(group.operations for group in groups if not group.aux)

    @property
    def columns(self) -> list[TableColumn]:
        first = {"layer": "layer", "block": "block", "stage": "stage", "op": "operator", "role": "role"}[self.by]
        columns = [TableColumn(first), TableColumn("what", rank=3), TableColumn("output", rank=1)]
        # Formulas are long, and the last lines have the FLOPs as well.
        last = 6 if isinstance(self.whole, Formula) else 0
        columns += [
            TableColumn("params", right=True),
            TableColumn("MACs", right=True),
            TableColumn("FLOPs", right=True, rank=last),
        ]
        if self.counted.unit not in ("MACs", "FLOPs"):
            columns.append(TableColumn(self.counted.unit, right=True))
        share = TableColumn(f"of {self.counted.unit}", right=True, rank=2)
        return [*columns, share, TableColumn("memory", right=True, rank=4), TableColumn("sees", right=True, rank=5)]

    def cells(self, group: Subtotal) -> list[str]:
        name = f"{group.name} x{group.times:,}" if group.times != 1 else group.name
        return [
            name + (" (aux)" if group.aux else ""),
            group.caption,
            words.shape(group.output) if group.output else "",
            *self._numbers(group.params, group.macs, group.flops, group.operations),
            words.share(group.operations, self.whole) if not group.aux else "",
            words.size(group.memory) if group.memory else "",
            words.each_axis(group.seen.size) if group.seen else "",
        ]

    def _numbers(self, params: Dim, macs: Dim, flops: Dim, operations: Dim) -> list[str]:
        extra = [operations] if self.counted.unit not in ("MACs", "FLOPs") else []
        return [words.number(value) for value in (params, macs, flops, *extra)]

    def total(self) -> list[str]:
        cost = self.cost
        numbers = self._numbers(cost.params, cost.macs, cost.flops, self.whole)
        memory = words.size(cost.memory)
        return ["total", "", words.shape(cost.out), *numbers, "", memory, words.each_axis(cost.receptive_field)]

    def rows(self) -> list[list[str] | None]:
        return [*(self.cells(group) for group in self.groups), RULE, self.total()]

    def head(self) -> list[str]:
        return [heading(self.network, self.cost), f"counted as {self.counted.name}: {self.counted.says}"]

    def foot(self) -> list[str]:
        cost = self.cost
        lines = [
            f"{words.number(cost.params)} params, {words.number(cost.macs)} MACs, {words.number(cost.flops)} FLOPs",
            f"memory {words.size(cost.memory)} (outputs of layers), {self._peak()}",
            f"depth {cost.depth}, receptive field {_field(cost)}, stride {words.each_axis(cost.stride)}",
        ]
        if cost.params_aux:
            aux = f"{words.number(cost.params_aux)} params, {words.number(cost.macs_aux)} MACs"
            lines.append(f"aux heads, in training only: {aux}")
        lines += [f"output {name} {words.shape(shape)}" for name, shape in cost.outputs.items()]
        lines += [f"no {name}: {value.reason}" for name, value in _unavailable(cost)]
        return lines + self._heaviest()

    def _peak(self) -> str:
        of = "activations alive at once" if self.training is None else "all that a training step holds at once"
        return f"peak {words.size(self.cost.peak)} ({of})"

    def sections(self) -> list[Section]:
        """Further tables: formulas, the memory of training, the time on a device."""
        if self.training is None and self.times is None and self.formulas is None:
            return []
        from archdsl.backends.tables.further import formula_section, time_section, training_section

        found = []
        if self.formulas is not None:
            found.append(formula_section(self.formulas))
        if self.training is not None:
            found.append(training_section(self.training))
        if self.times is not None:
            found.append(time_section(self.times, self.by, self.cost.batch))
        return found

    def _heaviest(self) -> list[str]:
        main = [group for group in self.groups if not group.aux]
        weights = [(group.operations, group.name) for group in main if isinstance(group.operations, int) and group.operations]
        if self.by != "layer" or not weights or not isinstance(self.whole, int):
            return []
        shares = [f"{name} {words.share(weight, self.whole)}" for weight, name in sorted(weights, reverse=True)[:HEAVIEST]]
        return [f"most {self.counted.unit}: {', '.join(shares)}"]


def _sum(amounts: Iterable[Dim]) -> Dim:
    whole: Dim = 0
    for amount in amounts:
        whole = whole + amount
    return whole


def _unavailable(cost: Cost) -> list[tuple[str, Unavailable]]:
    metrics = (("peak", cost.peak), ("receptive field", cost.receptive_field))
    return [(name, value) for name, value in metrics if isinstance(value, Unavailable)]


def _table(report: _Report) -> str:
    table = terminal(report.columns, report.rows(), report.width)
    width = report.width
    lines = [*wrapped(report.head(), width), "", table, "", *wrapped(report.foot(), width)]
    for columns, rows, head in report.sections():
        lines += ["", *wrapped([head], width), "", terminal(columns, rows, width)]
    return "\n".join(lines)


def _markdown(report: _Report) -> str:
    table = markup(report.columns, report.rows(), "github")
    parts = ["  \n".join(report.head()), table, "  \n".join(report.foot())]
    for columns, rows, head in report.sections():
        parts += [head, markup(columns, rows, "github")]
    return "\n\n".join(parts)


def _html(report: _Report) -> str:
    from html import escape

    table = markup(report.columns, report.rows(), "html")
    head = "".join(f"<p>{escape(line)}</p>\n" for line in report.head())
    foot = "".join(f"<p>{escape(line)}</p>\n" for line in report.foot())
    more = "".join(f"<p>{escape(head)}</p>\n{markup(columns, rows, 'html')}\n" for columns, rows, head in report.sections())
    return f"{head}{table}\n{foot}{more}".rstrip()


def _latex(report: _Report) -> str:
    """The tables alone, with what was counted as comments."""
    tables = ["\n".join([*_comments(report.head()), markup(report.columns, report.rows(), "latex")])]
    for columns, rows, head in report.sections():
        tables.append("\n".join([*_comments([head]), markup(columns, rows, "latex")]))
    return "\n\n".join([*tables, "\n".join(_comments(report.foot()))])


def _comments(lines: Sequence[str]) -> list[str]:
    return [f"% {line}" for line in lines]


_FIELDS = ("name", "times", "caption", "output", "params", "macs", "flops", "operations", "memory", "aux")


def _csv(report: _Report) -> str:
    """Exact numbers, a line a group; `operations` is what the convention counts."""
    return comma_separated(
        _FIELDS,
        ([words.shape(value) if isinstance(value, tuple) else value for value in _values(group)] for group in report.groups),
    )


def _values(group: Subtotal) -> list[object]:
    return [getattr(group, field) for field in _FIELDS]


def _json(report: _Report) -> str:
    """The document of `Cost.to_dict`, with the groups under `groups` if they are not layers."""
    from json import dumps

    from archdsl.analysis.rows import plain

    document = report.cost.to_dict()
    document["convention"] = report.counted.name
    document["by"] = report.by
    if report.formulas is not None:
        document["formulas"] = {name: plain(value) for name, value in report.formulas.items()}
    if report.times is not None:
        from archdsl.backends.tables.further import time_document

        document["time"] = time_document(report.times)
    if report.by != "layer":
        document["groups"] = [dict(zip(_FIELDS, map(plain, _values(group)), strict=True)) for group in report.groups]
    return dumps(document, indent=2)


FORMATS: dict[str, Callable[[_Report], str]] = {
    "table": _table,
    "lecture": _table,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "latex": _latex,
}


def _field(cost: Cost) -> str:
    """The receptive field; beside it that through windows alone, where norms or gates see more."""
    whole, windows = cost.receptive_field, cost.receptive_field_windows
    if whole == windows or isinstance(windows, Unavailable):
        return words.each_axis(whole)
    return f"{words.each_axis(whole)} (through windows alone {words.each_axis(windows)})"
