"""The worst moment of a training step: activations and gradients alive, forward and backward. Must not count the optimizer.

Rules, in addition to those of `archdsl.analysis.training.saved`:

1. Forward in the order of the program: an output is made while its inputs are alive; what no later step uses and nothing keeps
   is dropped. A ReLU and its like overwrite what nothing else needs (those whose backward needs only their output).
2. Backward in reverse. A node needs the gradient of its output and makes those of its inputs and of its parameters; then the
   gradient of its output is dropped, and so is what was kept only for it.
3. The gradient of a view is a view; of a sum it is the same for all terms; of a concatenation it is cut.
4. A value with several users has its gradients added: each further one is made, added and dropped.
5. The gradients of parameters stay to the end.
"""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.analysis.training.timeline import Between, Event, RunEvent, Segment, Timeline
from archdsl.analysis.unavailable import larger
from archdsl.ir import Node
from archdsl.shapes import Dim, numel


def worst_moment(timeline: Timeline, batch: int, item_bytes: int, param_bytes: int) -> Dim:
    """Bytes of activations and gradients (also of parameters) alive at the worst moment, without weights and inputs."""
    step = _Step(timeline, batch, item_bytes, param_bytes)
    for position, event in enumerate(timeline.events):
        step.forward(position, event)
    step.turn()
    for event in reversed(timeline.events):
        step.backward(event)
    return step.worst


class _Step:
    """The ledger: storages with their bytes and how many hold them."""

    def __init__(self, timeline: Timeline, batch: int, item_bytes: int, param_bytes: int) -> None:
        self.timeline = timeline
        self.batch, self.item_bytes, self.param_bytes = batch, item_bytes, param_bytes
        self.level: Dim = 0
        self.worst: Dim = 0
        self.sizes: list[Dim] = []
        self.holders: list[int] = []
        self.last = _last_uses(timeline)
        self.home: dict[int, int] = {}
        self.grads: dict[int, int] = {}
        self.kept: dict[int, set[int]] = {}
        self.summed: set[object] = set()
        for value in range(timeline.inputs):
            # The caller's: no bytes, never dropped.
            self.home[value] = self._new(0)
            self.holders[self.home[value]] = 2

    def forward(self, position: int, event: Event) -> None:
        if isinstance(event, Between):
            self._rise(event.kept * self.batch + event.fixed)
            return
        if isinstance(event, RunEvent):
            self._run(position, event)
        else:
            for value in event.outputs:
                self.home[value] = self._new(self._bytes(value))
            self._look(event.kept * self.batch + event.fixed)
            self._keep(event, [self.home[value] for value in event.inputs])
        self._drop(value for value in {*event.inputs, *event.outputs} if self.last.get(value, -1) == position)

    def turn(self) -> None:
        """The loss gives a gradient for every result; nothing else uses the results any more."""
        for value in set(self.timeline.results):
            if self.timeline.grads[value] and value not in self.grads:
                self.grads[value] = self._new(self._bytes(value))
        self._drop(set(self.timeline.results))

    def backward(self, event: Event) -> None:
        if isinstance(event, Between):
            self._rise(event.params * self.param_bytes - (event.kept * self.batch + event.fixed))
            return
        outputs = [value for value in event.outputs if value in self.grads]
        if outputs:
            if isinstance(event, RunEvent):
                self._differentiate(event, outputs[0])
            else:
                self._again(event)
            for value in outputs:
                self._release(self.grads.pop(value))
        for storage in self.kept.pop(id(event), ()):
            self._release(storage)
        if isinstance(event, RunEvent):
            self._rise(-self._beside(event))

    def _run(self, position: int, event: RunEvent) -> None:
        node, first = event.node, event.inputs[0] if event.inputs else -1
        operator, site = node.operator, node.site
        grad = self.timeline.grads[event.outputs[0]]
        saved = operator.saved(site) if grad else None
        # In training an input may only be overwritten if backward does not need it.
        derived = operator.in_place and (saved is None or (saved.output and not saved.inputs))
        dies = first >= 0 and self.last.get(first) == position and self.holders[self.home[first]] == 1
        if operator.views(site) or (derived and dies and site.x == site.y):
            self.home[event.outputs[0]] = self._hold(self.home[first])
        else:
            self.home[event.outputs[0]] = self._new(self._bytes(event.outputs[0]))
        for value in event.outputs[1:]:
            self.home[value] = self._new(0)
        if saved is not None:
            kept = [self.home[event.inputs[one]] for one in saved.inputs]
            self._keep(event, [*kept, self.home[event.outputs[0]]] if saved.output else kept)
            self._rise(self._beside(event))

    def _beside(self, event: RunEvent) -> Dim:
        """Bytes that the node keeps beside its inputs and its output."""
        if not self.timeline.grads[event.outputs[0]]:
            return 0
        saved = event.node.operator.saved(event.node.site)
        return saved.extra_bytes * event.parts * self.batch + saved.fixed_bytes

    def _differentiate(self, event: RunEvent, output: int) -> None:
        operator = event.node.operator
        grad = self.grads[output]
        for position, value in enumerate(event.inputs):
            if not self.timeline.grads[value]:
                continue
            passes = operator.views(event.node.site) or operator.name == "concat" or _is_passed_on(event.node, position)
            self._accumulate(value, self._hold(grad) if passes else self._new(self._bytes(value)))
        self._parameters(event)

    def _parameters(self, event: RunEvent) -> None:
        if event.frozen:
            return
        if event.owner is not None:
            # The uses of a shared module add to one gradient, which backward makes at the first use that it reaches.
            if event.owner in self.summed:
                return
            self.summed.add(event.owner)
        for tensor in event.node.site.parameters:
            if tensor.learned:
                self._rise(tensor.numel * self.param_bytes)

    def _again(self, event: Segment) -> None:
        """Forward once more inside a checkpointed step, then its backward: what it keeps, and the gradients of its inputs."""
        inner = event.kept * self.batch + event.fixed
        self._rise(inner)
        for value in set(event.inputs):
            if self.timeline.grads[value]:
                self._accumulate(value, self._new(self._bytes(value)))
        self._rise(event.params * self.param_bytes)
        self._rise(-inner)

    def _accumulate(self, value: int, grad: int) -> None:
        if value not in self.grads:
            self.grads[value] = grad
            return
        before = self.grads[value]
        # A gradient that something else holds cannot be added to in place.
        if self.holders[before] > 1:
            self.grads[value] = self._new(self._bytes(value))
            self._release(before)
        self._release(grad)

    def _keep(self, event: Event, storages: Iterable[int]) -> None:
        held = set(storages)
        for storage in held:
            self._hold(storage)
        self.kept[id(event)] = held

    def _bytes(self, value: int) -> Dim:
        return numel(self.timeline.shapes[value]) * self.timeline.parts[value] * (self.item_bytes * self.batch)

    def _new(self, size: Dim) -> int:
        self.sizes.append(size)
        self.holders.append(1)
        self._rise(size)
        return len(self.sizes) - 1

    def _hold(self, storage: int) -> int:
        self.holders[storage] += 1
        return storage

    def _release(self, storage: int) -> None:
        self.holders[storage] -= 1
        if not self.holders[storage]:
            self._rise(-self.sizes[storage])

    def _drop(self, values: Iterable[int]) -> None:
        for value in values:
            if value in self.home and value >= self.timeline.inputs:
                self._release(self.home.pop(value))

    def _rise(self, by: Dim) -> None:
        self.level = self.level + by
        self.worst = larger(self.worst, self.level)

    def _look(self, above: Dim) -> None:
        self.worst = larger(self.worst, self.level + above)


def _last_uses(timeline: Timeline) -> dict[int, int]:
    last: dict[int, int] = {}
    for position, event in enumerate(timeline.events):
        if not isinstance(event, Between):
            last.update(dict.fromkeys((*event.inputs, *event.outputs), position))
    for value in timeline.results:
        last[value] = len(timeline.events)
    return last


def _is_passed_on(node: Node, position: int) -> bool:
    """Whether the gradient of the result is that of an operand as it is: summed over no axis, and not negated."""
    is_sum = node.operator.name == "add" or (node.operator.name == "sub" and position == 0)
    return is_sum and node.site.xs[position] == node.site.y
