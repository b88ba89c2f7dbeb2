"""The naive view of a region: every run of every node by itself, and metrics counted on that list. A second opinion."""

from __future__ import annotations

from typing import NamedTuple

from archdsl.ir import Declare, Node, Region, Step, Use
from archdsl.records import replace
from archdsl.shapes import Dim, Shape, numel


class Run(NamedTuple):
    """One run of one node, its values numbered through the whole program."""

    node: Node
    inputs: tuple[int, ...]
    output: int


class Handed(NamedTuple):
    """Values are handed to a region, or back: they live at least until then."""

    inputs: tuple[int, ...]


def whole(amount: Dim) -> int:
    assert isinstance(amount, int)
    return amount


class Program:
    """A region unrolled: `shapes` of all values, `events` in order, `results`."""

    def __init__(self, region: Region) -> None:
        self.shapes: list[Shape] = list(region.input_shapes)
        self.inputs = region.inputs
        self.events: list[Run | Handed] = []
        self.results = self._expand(region, list(range(region.inputs)))[: len(region.results)]

    def _expand(self, region: Region, values: list[int]) -> list[int]:
        here = dict(enumerate(values))
        for step in region.steps:
            if isinstance(step, Declare):
                continue
            inputs = [here[value] for value in step.inputs]
            chained = 1 if isinstance(step, Node) else len(step.region.results)
            for _ in range(step.count):
                outputs = self._run(step, inputs)
                inputs = [*outputs[:chained], *inputs[chained:]]
            here.update(zip(step.outputs, outputs, strict=True))
        return [here[value] for value in (*region.results, *(output.value for output in region.outputs))]

    def _run(self, step: Node | Use, inputs: list[int]) -> list[int]:
        if isinstance(step, Use):
            self.events.append(Handed(tuple(inputs)))
            results = self._expand(step.region, inputs)
            self.events.append(Handed(tuple(results)))
            return results
        self.shapes.append(step.site.y)
        self.events.append(Run(step, tuple(inputs), len(self.shapes) - 1))
        return [len(self.shapes) - 1] * len(step.outputs)

    @property
    def runs(self) -> list[Run]:
        return [event for event in self.events if isinstance(event, Run)]

    def depth(self) -> int:
        longest = [0] * len(self.shapes)
        for node, inputs, output in self.runs:
            longest[output] = max((longest[value] for value in inputs), default=0) + node.operator.layers(node.site)
        return max(longest[value] for value in self.results)

    def peak(self) -> int:
        """Liveness of storages, one run after the other."""
        home = {value: ("outside", value) for value in range(self.inputs)}
        size: dict[object, int] = {}
        last = {value: len(self.events) for value in self.results}
        for position, event in reversed(list(enumerate(self.events))):
            for value in (*event.inputs, *([event.output] if isinstance(event, Run) else [])):
                last.setdefault(value, position)
        worst = 0
        for position, event in enumerate(self.events):
            if isinstance(event, Run):
                node, inputs, output = event
                needed = {home[value] for value in home if last.get(value, -1) > position}
                first = home[inputs[0]]
                free = first not in needed and first in size
                operator = node.operator
                if (
                    operator.views(node.site)
                    or operator.name == "dropout"
                    or (operator.in_place and free and node.site.x == node.site.y)
                ):
                    home[output] = first
                else:
                    home[output] = ("made", output)
                    size[home[output]] = 4 * whole(numel(node.site.y))
                worst = max(worst, sum(size.values()))
            alive = {home[value] for value in home if last.get(value, -1) > position}
            size = {storage: bytes_ for storage, bytes_ in size.items() if storage in alive}
        return worst

    def saved(self) -> int:
        """Bytes that backward keeps: storages that some node keeps, each once, and what nodes keep beside."""
        home = list(range(len(self.shapes)))
        grad = [False] * len(self.shapes)
        kept: set[int] = set()
        extra = 0
        for node, inputs, output in self.runs:
            learned = any(tensor.learned for tensor in node.site.parameters)
            grad[output] = learned or any(grad[value] for value in inputs)
            if node.operator.views(node.site):
                home[output] = home[inputs[0]]
            if grad[output]:
                saved = node.operator.saved(node.site)
                kept |= {home[inputs[position]] for position in saved.inputs} | ({home[output]} if saved.output else set())
                extra += whole(saved.extra_bytes) + whole(saved.fixed_bytes)
        return extra + sum(4 * whole(numel(self.shapes[value])) for value in kept if value >= self.inputs)


def unrolled(region: Region) -> Region:
    """The same region with every run of a repetition as a step of its own."""
    shapes = list(region.shapes)
    steps: list[Step] = []
    renamed: dict[int, int] = {}
    for step in region.steps:
        if isinstance(step, Declare):
            steps.append(step)
            continue
        inputs = tuple(renamed.get(value, value) for value in step.inputs)
        outputs = step.outputs
        for run in range(step.count):
            if run:
                chained = 1 if isinstance(step, Node) else len(step.region.results)
                inputs = (*outputs[:chained], *inputs[chained:])
                made = [shapes[value] for value in outputs]
                outputs = tuple(range(len(shapes), len(shapes) + len(made)))
                shapes += made
            if isinstance(step, Node):
                steps.append(replace(step, inputs=inputs, output=outputs[0], count=1))
            else:
                steps.append(replace(step, region=unrolled(step.region), inputs=inputs, outputs=outputs, count=1))
        renamed |= dict(zip(step.outputs, outputs, strict=True))
    results = tuple(renamed.get(value, value) for value in region.results)
    return replace(region, shapes=tuple(shapes), steps=tuple(steps), results=results)
