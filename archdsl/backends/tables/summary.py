"""The one screen that `archdsl compile` prints: one line per step of the arch's own body. Must not compute costs."""

from __future__ import annotations

from collections.abc import Iterator

from archdsl.analysis.cost import Cost
from archdsl.analysis.metrics.totals import Totals, node_totals, only_parameters, total, without_parameters
from archdsl.backends.tables import words
from archdsl.backends.tables.grid import RULE, WIDTH, TableColumn, terminal, wrapped
from archdsl.ir import Declare, Network, Node, Region, Step, Use
from archdsl.ops.captions import caption
from archdsl.shapes import Dim

SCREEN = 30
"""With more steps than this, what has neither parameters nor multiply-accumulates is counted with the step before it."""

_COLUMNS = (
    TableColumn("step"),
    TableColumn("output"),
    TableColumn("params", right=True),
    TableColumn("MACs", right=True),
    TableColumn("share of MACs", right=True),
)


class _Line:
    """A step, and the small ones after it that are counted with it."""

    def __init__(self, title: str, output: str, totals: Totals, batch: int, aux: bool) -> None:
        self.title, self.output, self.aux = title, output, aux
        self.params: Dim = totals.params
        self.macs: Dim = totals.macs * batch
        self.more = 0

    def cells(self, whole: Dim) -> list[str]:
        title = f"{self.title} … +{self.more}" if self.more else self.title
        share = "" if self.aux else words.share(self.macs, whole)
        return [title, self.output, words.number(self.params), words.number(self.macs), share]


def summary(network: Network, cost: Cost, failed: int = 0, width: int = WIDTH) -> str:
    """The network's steps with their output, parameters and multiply-accumulates; the totals; what became of the contracts.

    `failed`: how many contracts do not hold, which `archdsl.analysis.contracts.check` tells.
    """
    lines = list(_lines(network.root, cost))
    if len(lines) > SCREEN:
        lines = _thinned(lines)
    rows: list[list[str] | None] = [line.cells(cost.macs) for line in lines]
    rows += [RULE, ["total", words.shape(cost.out), words.number(cost.params), words.number(cost.macs), ""]]
    table = terminal(_COLUMNS, rows, width)
    return "\n".join([*wrapped([heading(network, cost)], width), "", table, "", *wrapped(_facts(network, cost, failed), width)])


def heading(network: Network, cost: Cost) -> str:
    """`resnet50: image [3, 224, 224] -> [1000], batch 1, float32`."""
    arrow = f"{words.inputs(network.inputs)} -> {words.shape(cost.out)}"
    return f"{network.name}: {arrow}, batch {cost.batch}, {cost.dtype}"


def _lines(region: Region, cost: Cost) -> Iterator[_Line]:
    for step in region.steps:
        title, output, totals = step.name, "", _totals(step, cost)
        if isinstance(step, Node):
            title, output = f"{step.name}  {caption(step.operator, step.site)}", words.shape(step.site.y)
        elif isinstance(step, Use):
            shapes = step.region.result_shapes
            output = words.shape(shapes[0] if len(shapes) == 1 else shapes)
            title = f"{step.name} x{_times(step):,}" if _times(step) != 1 else step.name
            title += " (aux)" if step.aux else ""
        yield _Line(title, output, totals, cost.batch, isinstance(step, Use) and step.aux)


def _times(use: Use) -> int:
    """How often the step runs; a repetition's steps are its runs."""
    if use.region.kind != "repetition":
        return use.count
    return use.count * sum(step.count for step in use.region.steps if not isinstance(step, Declare))


def _totals(step: Step, cost: Cost) -> Totals:
    if isinstance(step, Node):
        return node_totals(step).times(step.count)
    tallies = cost.measures.tallies
    if isinstance(step, Declare):
        return only_parameters(total(tallies.of(step.shared.region).main)) if step.shared.region else Totals()
    totals = total(tallies.of(step.region).main).times(step.count)
    return totals if step.shared is None else without_parameters(totals)


def _thinned(lines: list[_Line]) -> list[_Line]:
    """The same without the lines that weigh nothing; the line before them says how many there were, and has their shape."""
    kept: list[_Line] = []
    for line in lines:
        if kept and line.params == 0 and line.macs == 0:
            kept[-1].more += 1
            kept[-1].output = line.output or kept[-1].output
        else:
            kept.append(line)
    return kept


def _facts(network: Network, cost: Cost, failed: int) -> list[str]:
    counts = f"{words.short(cost.params)} params, {words.short(cost.macs)} MACs, {words.short(cost.flops)} FLOPs (a MAC is two)"
    facts = [f"{counts}, memory {words.size(cost.memory)}, peak {words.size(cost.peak)}, depth {cost.depth}"]
    if cost.params_aux:
        aux = f"{words.number(cost.params_aux)} params, {words.number(cost.macs_aux)} MACs"
        facts.append(f"auxiliary heads, in training only: {aux}")
    for name, output in cost.outputs.items():
        facts.append(f"output `{name}` {words.shape(output)}")
    return [*facts, _contracts(network, failed)]


def _contracts(network: Network, failed: int) -> str:
    many = len(network.expectations)
    if network.overridden and many:
        return "contracts: not checked, since parameters or inputs were overridden"
    if failed:
        return f"contracts: {failed} of {many} {'fails' if failed == 1 else 'fail'}"
    return f"contracts: {many} hold" if many > 1 else "contracts: 1 holds" if many else "contracts: none"
