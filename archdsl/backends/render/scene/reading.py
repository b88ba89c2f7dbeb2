"""What a region does with a value: reads it, takes its positions or its size, passes it on, or nothing. Must not know drawings.

A box for a whole region has an arrow for what the region reads, and none for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Union

from archdsl.ir import Declare, Node, Region, Use
from archdsl.records import NamedTuple

Reading = Literal["unread", "size", "aside", "flow"]
"""From least to most: not at all, its size only (`crop like=@x`), a pool's positions only (`unpool @p`), its numbers."""
_ORDER: tuple[Reading, ...] = ("unread", "size", "aside", "flow")


def node_reads(node: Node, position: int) -> Reading:
    """What a node takes of its input at a position."""
    if position in node.operator.sizes_of(node.site):
        return "size"
    return "aside" if position > 0 and node.operator.positions == "takes" else "flow"


class _Seen(NamedTuple):
    """`reads`: the most that any step takes of each input. `passes`: the input that each leaving value is, or None."""

    reads: tuple[Reading, ...]
    passes: tuple[int | None, ...]


class Readings:
    """What regions do with their inputs; each region is looked through once."""

    def __init__(self) -> None:
        self._known: dict[int, _Seen] = {}

    def reads(self, region: Region, number: int) -> Reading:
        """The most that any step of a region, however deep, takes of one of its inputs."""
        return self._seen(region).reads[number]

    def passes(self, region: Region) -> tuple[int | None, ...]:
        """For each result, then each further output, the number of the input that it is unchanged; None if it is made."""
        return self._seen(region).passes

    def _seen(self, region: Region) -> _Seen:
        if id(region) not in self._known:
            self._known[id(region)] = self._looked_through(region)
        return self._known[id(region)]

    def _looked_through(self, region: Region) -> _Seen:
        reads: list[Reading] = ["unread"] * region.inputs
        origin: dict[int, int] = {number: number for number in range(region.inputs)}
        for step in region.steps:
            if isinstance(step, Declare):
                continue
            for position, value in enumerate(step.inputs):
                if value in origin:
                    reads[origin[value]] = max(reads[origin[value]], self._step_reads(step, position), key=_ORDER.index)
            if isinstance(step, Use):
                origin |= {output: origin[value] for output, value in self.passed_by(step) if value in origin}
        given = (*region.results, *(output.value for output in region.outputs))
        return _Seen(tuple(reads), tuple(origin.get(value) for value in given))

    def passed_by(self, use: Use) -> Iterator[tuple[int, int]]:
        """Those of a use's outputs that are one of its inputs, unchanged: the values' numbers outside."""
        for number, (output, passed) in enumerate(zip(use.outputs, self.passes(use.region), strict=True)):
            # What several runs exchange among each other is no longer where it was.
            if passed is not None and (use.count == 1 or passed == number or passed >= len(use.region.results)):
                yield output, use.inputs[passed]

    def _step_reads(self, step: Union[Node, Use], position: int) -> Reading:
        return node_reads(step, position) if isinstance(step, Node) else self.reads(step.region, position)
