"""A training step as a list of events: nodes in the order in which they run, long repetitions cut short. Must not sum.

Between its first two and its last two runs a repetition does the same again and again, so what is alive grows or shrinks by the
same amount each time and is largest at one of the ends. The runs between are one event, `Between`, with all that they keep.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Union

from archdsl.analysis.metrics.totals import Tallies, node_totals, total
from archdsl.analysis.training.saved import Saves
from archdsl.ir import Declare, Node, Region, Use
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Shape

ENDS = 2
"""How many runs at each end are gone through one by one: the first may differ from the second, as its input does."""


LIMIT = 50_000
"""How many events a step may have: repetitions inside repetitions multiply."""


class TooManyEvents(Exception):
    """Repetitions are nested too deeply for a step to be followed event by event."""


class RunEvent(NamedTuple):
    """A node runs on values of the whole program.

    `owner` says whose parameters it uses where a shared module is applied; `parts` on how many parts of a sample it runs.
    `frozen`: its parameters get no gradients.
    """

    node: Node
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    owner: Hashable
    parts: Dim = 1
    frozen: bool = False


class Between(NamedTuple):
    """The runs in the middle of a repetition: bytes kept for one sample, further ones kept in total, and learned numbers."""

    kept: Dim
    fixed: Dim
    params: Dim


class Segment(NamedTuple):
    """A checkpointed step: only its inputs are kept, and `kept` and `fixed` bytes are made again in backward."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    kept: Dim
    fixed: Dim
    params: Dim


Event = Union[RunEvent, Between, Segment]


class Timeline:
    """The events of a network's training step; `shapes` and `parts` of its values; `inputs` are the first, `results` leave it.

    Raises:
        TooManyEvents: there are more than `LIMIT`.
    """

    def __init__(self, root: Region, saves: Saves) -> None:
        self.saves = saves
        self.tallies = Tallies()
        self.shapes: list[Shape] = list(root.input_shapes)
        self.grads: list[bool] = [False] * root.inputs
        self.parts: list[Dim] = [1] * root.inputs
        self._folded: Dim = 1
        self._frozen = False
        self.inputs = root.inputs
        self.events: list[Event] = []
        self.results = self._region(root, list(range(root.inputs)), None)

    def _region(self, region: Region, inputs: Sequence[int], owner: Hashable) -> list[int]:
        values = dict(enumerate(inputs))
        outside, self._folded = self._folded, self._folded * region.parts
        for step in region.steps:
            if isinstance(step, Declare):
                continue
            values.update(zip(step.outputs, self._runs(step, [values[value] for value in step.inputs], owner), strict=True))
        self._folded = outside
        return [values[value] for value in (*region.results, *(output.value for output in region.outputs))]

    def _runs(self, step: Node | Use, inputs: list[int], owner: Hashable) -> list[int]:
        chained = 1 if isinstance(step, Node) else len(step.region.results)
        short = step.count <= 2 * ENDS + 1
        outputs: list[int] = []
        for run in range(step.count if short else 2 * ENDS):
            if run == ENDS and not short:
                self._between(step, inputs, step.count - 2 * ENDS)
            outputs = self._once(step, inputs, (owner, run) if owner is not None and step.count > 1 else owner)
            inputs = [*outputs[:chained], *inputs[chained:]]
        return outputs

    def _between(self, step: Node | Use, inputs: Sequence[int], count: int) -> None:
        grads = tuple(self.grads[value] for value in inputs)
        kept, fixed = self.saves.more(step, grads, count, self._frozen)
        if isinstance(step, Node):
            params: Dim = 0 if self._frozen or step.frozen else node_totals(step).trainable
        else:
            params = self._learned(step)
        self.events.append(Between(kept * self._folded, fixed, params * count))

    def _once(self, step: Node | Use, inputs: Sequence[int], owner: Hashable) -> list[int]:
        if len(self.events) > LIMIT:
            raise TooManyEvents
        if isinstance(step, Node):
            frozen = self._frozen or step.frozen
            learned = not frozen and any(tensor.learned for tensor in step.site.parameters)
            grad = learned or any(self.grads[value] for value in inputs)
            outputs = [self._new(step.site.y, grad) for _ in step.outputs]
            self.events.append(RunEvent(step, tuple(inputs), tuple(outputs), owner and (owner, id(step)), self._folded, frozen))
            return outputs
        if step.shared is not None:
            owner = (owner, id(step.shared))
        if step.role is not None and step.role == self.saves.checkpoint:
            return self._segment(step, inputs)
        outside, self._frozen = self._frozen, self._frozen or step.frozen
        results = self._region(step.region, inputs, owner and (owner, step.name))
        self._frozen = outside
        return results

    def _learned(self, step: Use) -> Dim:
        """Learned numbers of one run, where they are its own."""
        if self._frozen or step.frozen or step.shared is not None:
            return 0
        return total(self.tallies.of(step.region).main).trainable

    def _segment(self, step: Use, inputs: Sequence[int]) -> list[int]:
        kept = self.saves.of(step.region, tuple(self.grads[value] for value in inputs), self._frozen or step.frozen)
        leaving = [*step.region.results, *(output.value for output in step.region.outputs)]
        outputs = [
            inputs[one.source] if one.source >= 0 else self._new(step.region.shapes[value], one.grad)
            for one, value in zip(kept.results, leaving, strict=True)
        ]
        params = self._learned(step)
        made = tuple(output for output, one in zip(outputs, kept.results, strict=True) if one.source < 0)
        self.events.append(Segment(tuple(inputs), made, kept.bytes * self._folded, kept.fixed, params))
        return outputs

    def _new(self, shape: Shape, grad: bool) -> int:
        self.shapes.append(shape)
        self.grads.append(grad)
        self.parts.append(self._folded)
        return len(self.shapes) - 1
