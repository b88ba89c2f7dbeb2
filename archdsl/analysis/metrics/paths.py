"""The algebra of paths through regions, in which a repetition is a power. Must not know what a path is weighed by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from archdsl.ir import Declare, Node, Region, Use

Weight = TypeVar("Weight")
START = -1
"""The port of a path that begins inside the region, at a node without inputs."""

Row = dict[int, Weight]
"""A value seen from outside: the joined weight of all paths to it, from each input (port) that has one."""


class Algebra(Protocol[Weight]):
    """How paths are weighed: a weight for one node, how weights follow each other, how side by side join.

    `then` must be associative, `join` also commutative and idempotent, and `then` distributive over `join`.
    """

    @property
    def one(self) -> Weight:
        """The path that does nothing."""
        ...

    def then(self, first: Weight, second: Weight) -> Weight:
        """The weight of one path after another."""

    def join(self, left: Weight, right: Weight) -> Weight:
        """The weight of paths side by side."""

    def through(self, node: Node, position: int) -> Weight | None:
        """From the node's input at `position` to its output; None if no numbers pass."""
        ...

    def source(self, node: Node) -> Weight | None:
        """The start of a path at a node without inputs."""
        ...


class Paths(Generic[Weight]):
    """The paths of regions under one algebra; each region's matrix (a row for each result and output) is computed once.

    n runs of a repetition are its matrix to the power n, by repeated squaring: the count costs its logarithm.
    """

    def __init__(self, algebra: Algebra[Weight]) -> None:
        """The class of `algebra` and its `one` distinguish its matrices from those of others."""
        self.algebra = algebra
        self._key = ("paths", type(algebra), algebra.one)

    def matrix(self, region: Region) -> list[Row[Weight]]:
        """A row for each of `region.results`, then for each of `region.outputs`."""
        known: list[Row[Weight]] | None = region.memo.get(self._key)
        if known is None:
            values = self.values(region, self.ports(region.inputs))
            leaving = [*region.results, *(output.value for output in region.outputs)]
            known = region.memo[self._key] = [values[value] for value in leaving]
        return known

    def ports(self, count: int) -> list[Row[Weight]]:
        """The rows of a region's inputs as seen from the region itself."""
        return [{port: self.algebra.one} for port in range(count)]

    def values(self, region: Region, inputs: Sequence[Row[Weight]]) -> list[Row[Weight]]:
        """The row of every value of the region, by number, given those of its inputs."""
        values: list[Row[Weight]] = [*inputs, *({} for _ in range(len(region.shapes) - len(inputs)))]
        for _, _ in self.steps(region, values):
            pass
        return values

    def steps(self, region: Region, values: list[Row[Weight]]) -> Iterator[tuple[Node | Use, list[Row[Weight]]]]:
        """Each step that runs, with the rows of its inputs; fills `values` step by step."""
        for step in region.steps:
            if isinstance(step, Declare):
                continue
            inputs = [values[value] for value in step.inputs]
            yield step, inputs
            for value, row in zip(step.outputs, self.run(step, inputs, step.count), strict=True):
                values[value] = row

    def run(self, step: Node | Use, inputs: list[Row[Weight]], count: int) -> list[Row[Weight]]:
        """The rows of the step's outputs after `count` runs in sequence (at least one)."""
        if count > 1:
            inputs = self.advance(step, inputs, count - 1)
        if isinstance(step, Node):
            return [self._node(step, inputs)] * len(step.outputs)
        return self._apply(self.matrix(step.region), inputs)

    def advance(self, step: Node | Use, inputs: list[Row[Weight]], count: int) -> list[Row[Weight]]:
        """The rows of the step's inputs when `count` runs are over: the results in place of the first ones."""
        if count == 0:
            return inputs
        if isinstance(step, Node):
            once = [self._node(step, self.ports(len(step.inputs)))]
        else:
            once = self.matrix(step.region)[: len(step.region.results)]
        captured = self.ports(len(inputs))[len(once) :]
        return self._apply(self._power([*once, *captured], count), inputs)

    def _node(self, node: Node, inputs: list[Row[Weight]]) -> Row[Weight]:
        row: Row[Weight] = {}
        # Of what gives only its size no number passes: `learned` is a start.
        sizes = node.operator.sizes_of(node.site)
        if not inputs or (sizes and all(position in sizes for position in range(len(inputs)))):
            weight = self.algebra.source(node)
            return {} if weight is None else {START: weight}
        for position, before in enumerate(inputs):
            through = self.algebra.through(node, position)
            if through is not None:
                self._merge(row, before, through)
        return row

    def _apply(self, matrix: Sequence[Row[Weight]], inputs: Sequence[Row[Weight]]) -> list[Row[Weight]]:
        results = []
        for paths in matrix:
            row: Row[Weight] = {}
            for port, weight in paths.items():
                self._merge(row, {START: self.algebra.one} if port == START else inputs[port], weight)
            results.append(row)
        return results

    def _merge(self, row: Row[Weight], before: Row[Weight], weight: Weight) -> None:
        then, join = self.algebra.then, self.algebra.join
        for port, path in before.items():
            new = then(path, weight)
            row[port] = join(row[port], new) if port in row else new

    def _power(self, matrix: list[Row[Weight]], count: int) -> list[Row[Weight]]:
        result: list[Row[Weight]] | None = None
        while True:
            if count & 1:
                result = matrix if result is None else self._apply(matrix, result)
            count >>= 1
            if not count:
                break
            matrix = self._apply(matrix, matrix)
        assert result is not None
        return result
