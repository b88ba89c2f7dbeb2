"""The network as a networkx graph, every run of every step by itself. Must not be how the compiler stores it: it unrolls.

A node is a use of an operator, under the name of its module (`stage1.0.conv1`), or an input under `input.NAME`. Nodes have
`op`, `output`, `params`, `macs` and `aux`, called as in the rows of the costs, and `node`, the compiler's own record; edges
have `inputs`, the positions at which the value goes in. The order of insertion is topological.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archdsl.analysis.metrics.totals import Tallies, node_totals
from archdsl.analysis.rows import TooManyLayers
from archdsl.ir import Declare, Network, Node, Region, Shared, Use
from archdsl.shapes import Dim

if TYPE_CHECKING:
    from networkx import DiGraph

LIMIT = 100_000
"""How many steps a graph may have."""


def graph(network: Network, limit: int = LIMIT) -> DiGraph[str]:
    """The whole network, auxiliary heads included.

    Raises:
        TooManyLayers: it has more than `limit` steps.
    """
    from networkx import DiGraph

    steps = sum(sums.nodes for tally in Tallies().of(network.root) for sums in tally.values())
    if isinstance(steps, int) and steps > limit:
        raise TooManyLayers(steps, limit)
    unrolled: DiGraph[str] = DiGraph(name=network.name)
    inputs = [f"input.{name}" for name, _ in network.inputs]
    for name, (_, shape) in zip(inputs, network.inputs, strict=True):
        unrolled.add_node(name, op="input", output=shape, params=0, macs=0, aux=False, node=None)
    _Unrolling(unrolled).region(network.root, inputs, "", aux=False)
    return unrolled


class _Unrolling:
    """Runs regions with the names of nodes for values."""

    def __init__(self, unrolled: DiGraph[str]) -> None:
        self.unrolled = unrolled
        self.unused: set[Shared] = set()

    def region(
        self, region: Region, inputs: Sequence[str], prefix: str, *, aux: bool, shared: bool = False, parts: Dim = 1
    ) -> list[str]:
        """Add the region's steps; the makers of its results, then of its outputs."""
        parts = parts * region.parts
        makers: list[str] = [*inputs, *[""] * (len(region.shapes) - len(inputs))]
        for step in region.steps:
            if isinstance(step, Declare):
                self.unused.add(step.shared)
                continue
            given = [makers[value] for value in step.inputs]
            results = len(step.region.results) if isinstance(step, Use) else 1
            made: list[str] = []
            for run in range(step.count):
                name = prefix + (step.name if step.count == 1 else str(int(step.name) + run))
                made = self._run(step, given, name, aux=aux, shared=shared, parts=parts)
                # A run's results are the next one's first inputs; what is captured stays.
                given = [*made[:results], *given[results:]]
            for value, maker in zip(step.outputs, made, strict=True):
                makers[value] = maker
        return [makers[value] for value in (*region.results, *(output.value for output in region.outputs))]

    def _run(self, step: Node | Use, given: Sequence[str], name: str, *, aux: bool, shared: bool, parts: Dim) -> list[str]:
        if isinstance(step, Use):
            if step.shared is not None:
                # The parameters of a shared module are shown at its first use.
                shared = shared or step.shared not in self.unused
                self.unused.discard(step.shared)
            return self.region(step.region, given, f"{name}.", aux=aux or step.aux, shared=shared, parts=parts)
        self._add(step, given, name, aux=aux, shared=shared, parts=parts)
        return [name] * len(step.outputs)

    def _add(self, node: Node, given: Sequence[str], name: str, *, aux: bool, shared: bool, parts: Dim) -> None:
        totals = node_totals(node).in_parts(parts)
        facts: dict[str, Any] = {"op": node.operator.name, "output": node.site.y, "macs": totals.macs}
        self.unrolled.add_node(name, **facts, params=0 if shared else totals.params, aux=aux, node=node)
        for position, maker in enumerate(given):
            if self.unrolled.has_edge(maker, name):
                self.unrolled.edges[maker, name]["inputs"].append(position)
                continue
            self.unrolled.add_edge(maker, name, inputs=[position])
