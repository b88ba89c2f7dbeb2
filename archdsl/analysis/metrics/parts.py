"""Finds a part of a network by its dotted module name (`stage2.0.conv1`). Must not compute anything about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Union

from archdsl.analysis.metrics.receptive_field import UnrolledPlace
from archdsl.ir import Declare, Network, Node, Region, Shared, Step, Use
from archdsl.records import NamedTuple
from archdsl.shapes import Dim


class Part(NamedTuple):
    """A part of a network.

    Attributes:
        name: the dotted name; empty for the whole network.
        target: what is measured: a node (one run of it), or a region.
        step: the step that runs it, in the region that holds it; None for the whole network.
        place: where that region is; None inside a shared module that is named by its declaration, not by a use.
        run: which run of the step it is (from 0).
        parts: on how many parts of a sample it runs at once, by the `each` around it.
    """

    name: str
    target: Node | Region
    step: Step | None = None
    place: UnrolledPlace | None = UnrolledPlace()
    run: int = 0
    parts: Dim = 1

    @property
    def shared(self) -> Shared | None:
        """The shared module that the part applies or declares, if any."""
        return self.step.shared if isinstance(self.step, (Use, Declare)) else None


class NoSuchPart(NamedTuple):
    """A name that no part has: the part that was searched, the name, and the names that are there."""

    scope: str
    word: str
    known: tuple[str, ...]


def whole(network: Network) -> Part:
    """The whole network as a part."""
    return Part("", network.root)


def find(network: Network, path: Sequence[str]) -> Union[Part, NoSuchPart]:
    """The part with this module name; the empty path is the network."""
    part = whole(network)
    place: UnrolledPlace | None = UnrolledPlace()
    for word in path:
        region = part.target if isinstance(part.target, Region) else None
        step, run = _step(region, word) if region is not None else (None, 0)
        target = _target(step)
        if target is None or step is None:
            return NoSuchPart(part.name, word, tuple(_words(region)) if region is not None else ())
        parts = part.parts * region.parts if region is not None else part.parts
        part = Part(f"{part.name}.{word}" if part.name else word, target, step, place, run, parts)
        place = place.inner(step, run) if isinstance(step, Use) and place is not None else None
    return part


def _target(step: Step | None) -> Node | Region | None:
    if isinstance(step, Declare):
        return step.shared.region
    return step.region if isinstance(step, Use) else step


def _step(region: Region, word: str) -> tuple[Step | None, int]:
    """The step of this name and the number of its run: a step named `1` with count 3 is the runs 1, 2 and 3."""
    number = int(word) if region.kind == "repetition" and word.isascii() and word.isdigit() else -1
    declared: Declare | None = None
    for step in region.steps:
        if isinstance(step, Declare):
            declared = step if step.name == word else declared
        elif step.name == word:
            return step, 0
        elif number >= 0 and 0 <= number - int(step.name) < step.count:
            return step, number - int(step.name)
    return declared, 0


def _words(region: Region) -> Iterator[str]:
    for step in region.steps:
        yield step.name
        if not isinstance(step, Declare) and step.count > 1 and step.name.isdigit():
            yield str(int(step.name) + step.count - 1)
