"""Conventions of counting, one entry each: what they call an operation, and what they count as one. Must not print."""

from __future__ import annotations

from collections.abc import Callable

from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.totals import Totals, node_totals
from archdsl.ir import Node
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, numel


class Convention(NamedTuple):
    """A way to count operations.

    Attributes:
        name: as `--convention` takes it.
        unit: the heading of the column (`MACs`).
        says: one line that a report prints, so that no number is shown without its convention.
        of_totals: operations from sums, if sums are enough; else None, and `of_node` is summed.
        of_node: operations of one run of a node, batch 1.
    """

    name: str
    unit: str
    says: str
    of_totals: Callable[[Totals], Dim] | None
    of_node: Callable[[Node], Dim]


def _lecture(node: Node) -> Dim:
    """Multiply-accumulates; a pool costs k*k an output, as in the lecture's table of GoogLeNet's stem."""
    if node.operator.name in ("maxpool", "avgpool"):
        return numel(node.site.y) * numel(node.site.a.k)
    if node.operator.name == "gap":
        return numel(node.site.x)
    return node_totals(node).macs


CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention(
            "macs",
            "MACs",
            "multiply-accumulates of convolutions, linear layers, matrix products; everything else 0",
            lambda totals: totals.macs,
            lambda node: node_totals(node).macs,
        ),
        Convention(
            "flops",
            "FLOPs",
            "every arithmetic operation; a multiply-accumulate counts as two",
            lambda totals: totals.flops,
            lambda node: node_totals(node).flops,
        ),
        Convention(
            "lecture",
            "FLOP",
            "a multiply-accumulate is one FLOP, a pool costs k*k per output",
            None,
            _lecture,
        ),
    )
}


def convention(name: str) -> Convention:
    """The convention of this name.

    Raises:
        UnknownChoice: there is none.
    """
    if name not in CONVENTIONS:
        raise UnknownChoice("convention", name, CONVENTIONS)
    return CONVENTIONS[name]
