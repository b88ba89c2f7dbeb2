"""The metric `depth`: convolutions and linear layers on the longest path. Must not look at shapes."""

from __future__ import annotations

from archdsl.analysis.metrics.paths import Paths
from archdsl.ir import Node, Region


class Longest:
    """Paths weighed by the layers on them: one after the other they add, side by side the longer one counts.

    n runs of a body whose longest path through has m layers have (n-1)*m and the longest path that ends in the last run.
    """

    one = 0

    def then(self, first: int, second: int) -> int:
        """One path after another: the sum."""
        return first + second

    def join(self, left: int, right: int) -> int:
        """Paths side by side: the longer one."""
        return left if left >= right else right

    def through(self, node: Node, position: int) -> int | None:
        """The layers that the node counts as; None from an input that gives only its size (`crop like=@x`)."""
        return None if position in node.operator.sizes_of(node.site) else node.operator.layers(node.site)

    def source(self, node: Node) -> int:
        """The layers that a node without inputs counts as."""
        return node.operator.layers(node.site)


def depth(paths: Paths[int], region: Region) -> int:
    """The longest path to a result or a named output of the region.

    Auxiliary heads do not count. Each application of a shared module counts again.
    """
    rows = paths.matrix(region)
    results = len(region.results)
    named = [row for row, output in zip(rows[results:], region.outputs, strict=True) if not output.aux]
    return max((weight for row in [*rows[:results], *named] for weight in row.values()), default=0)
