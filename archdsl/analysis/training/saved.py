"""What a training step keeps between forward and backward, region by region. Must not unroll, and must not count parameters.

Rules:

1. Each operator says what autograd keeps for it (`Operator.saved`): inputs, its output, further bytes. A tensor that several
   keep is one tensor; of a view the storage is kept.
2. Nothing is kept if no gradient is needed, which is before the first parameter on the way from the network's inputs.
3. The network's inputs belong to the caller and do not count here.
4. Auxiliary heads run in training.
5. With checkpoints, of each marked step only the inputs are kept; the rest is made again in backward, one step at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.analysis.training.choices import Checkpoint
from archdsl.analysis.unavailable import larger
from archdsl.ir import Declare, Node, Region, Use
from archdsl.records import NamedTuple, replace
from archdsl.shapes import Dim, Shape, numel


class Result(NamedTuple):
    """A value that leaves a region: the input whose storage it is, or -1 and which of those made inside; its state."""

    source: int
    made: int
    bytes: Dim
    kept: bool
    grad: bool


class Kept(NamedTuple):
    """What one run of a region keeps.

    Attributes:
        bytes: for one sample: storages made inside (results too) and further bytes.
        fixed: bytes that do not grow with the batch (statistics of batch norms).
        inputs: positions of the inputs that are kept.
        results: each result and output; what of them is kept is counted.
        again: the most bytes that one checkpointed step inside makes again in backward, one sample; its fixed bytes with it.
    """

    bytes: Dim
    fixed: Dim
    inputs: frozenset[int]
    results: tuple[Result, ...]
    again: tuple[Dim, Dim] = (0, 0)


class _Storage:
    """A storage while its region is gone through."""

    __slots__ = ("bytes", "grad", "kept", "source")

    def __init__(self, size: Dim, kept: bool, grad: bool, source: int = -1) -> None:
        self.bytes, self.kept, self.grad, self.source = size, kept, grad, source


class Saves:
    """What regions keep, for one width of a number; each computed once for each pattern of gradients at its inputs."""

    def __init__(self, item_bytes: int = 4, checkpoint: Checkpoint | None = None) -> None:
        self.item_bytes = item_bytes
        self.checkpoint = checkpoint
        self._known: dict[tuple[int, tuple[bool, ...], bool], tuple[Region, Kept]] = {}

    def network(self, root: Region) -> Kept:
        """What a whole network keeps; the gradients of its inputs are not needed."""
        return self.of(root, (False,) * root.inputs)

    def of(self, region: Region, grads: tuple[bool, ...], frozen: bool = False) -> Kept:
        """What one run of the region keeps; `grads` says which of its inputs need a gradient, `frozen` that nothing learns."""
        key = (id(region), grads, frozen)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (region, _in_parts(_SavedWalk(self, region, grads, frozen).run(), region.parts))
        return known[1]

    def more(self, step: Node | Use, grads: tuple[bool, ...], count: int, frozen: bool = False) -> tuple[Dim, Dim]:
        """What `count` further runs of a repetition keep, once it runs steadily: bytes for one sample, and further ones."""
        short, long = (self._runs_alone(step, grads, runs, frozen) for runs in (_STEADY, _STEADY + count))
        return long.bytes - short.bytes, long.fixed - short.fixed

    def _runs_alone(self, step: Node | Use, grads: tuple[bool, ...], count: int, frozen: bool) -> Kept:
        shapes = list(step.site.xs if isinstance(step, Node) else step.region.input_shapes)
        inside = tuple(range(len(shapes)))
        made = [step.site.y] * len(step.outputs) if isinstance(step, Node) else _leaving(step.region)
        outputs = tuple(range(len(shapes), len(shapes) + len(made)))
        if isinstance(step, Node):
            again: Node | Use = replace(step, inputs=inside, output=outputs[0], indices=None, count=count)
        else:
            again = replace(step, inputs=inside, outputs=outputs, count=count)
        alone = Region("group", step.name, (*shapes, *made), len(shapes), (again,), outputs[:1], step.span, None)
        return _SavedWalk(self, alone, grads, frozen).run()


def _in_parts(kept: Kept, parts: Dim) -> Kept:
    """The same for each of so many parts of a sample; what is kept once stays so."""
    if type(parts) is int and parts == 1:
        return kept
    results = tuple(one._replace(bytes=one.bytes * parts) for one in kept.results)
    return Kept(kept.bytes * parts, kept.fixed, kept.inputs, results, (kept.again[0] * parts, kept.again[1]))


_STEADY = 4
"""After this many runs, every further run of a repetition keeps as much as the one before."""


def _leaving(region: Region) -> list[Shape]:
    return [region.shapes[value] for value in (*region.results, *(output.value for output in region.outputs))]


class _SavedWalk:
    def __init__(self, saves: Saves, region: Region, grads: tuple[bool, ...], frozen: bool) -> None:
        self.saves, self.region, self.frozen = saves, region, frozen
        self.values: dict[int, _Storage] = {
            # Only the caller knows how large the storages of the inputs are, and only it counts them.
            value: _Storage(0, False, grad, value)
            for value, grad in enumerate(grads)
        }
        self.bytes: Dim = 0
        self.fixed: Dim = 0
        self.again: tuple[Dim, Dim] = (0, 0)
        self.inputs: set[int] = set()

    def run(self) -> Kept:
        for step in self.region.steps:
            if isinstance(step, Declare):
                continue
            inputs = [self.values[value] for value in step.inputs]
            self.values.update(zip(step.outputs, self._runs(step, inputs), strict=True))
        leaving = [*self.region.results, *(output.value for output in self.region.outputs)]
        storages = [self.values[value] for value in leaving]
        results = tuple(Result(one.source, storages.index(one), one.bytes, one.kept, one.grad) for one in storages)
        return Kept(self.bytes, self.fixed, frozenset(self.inputs), results, self.again)

    def _runs(self, step: Node | Use, inputs: list[_Storage]) -> list[_Storage]:
        """All runs in sequence; once the state of the values between two runs comes back, what lies between is multiplied."""
        chained = 1 if isinstance(step, Node) else len(step.region.results)
        seen: dict[object, tuple[int, Dim, Dim]] = {}
        run = 0
        outputs: list[_Storage] = []
        while run < step.count:
            state = (_state(inputs), frozenset(self.inputs))
            if step.count > 1 and state in seen:
                first, before, fixed = seen[state]
                periods = (step.count - run) // (run - first)
                self.bytes = self.bytes + (self.bytes - before) * periods
                self.fixed = self.fixed + (self.fixed - fixed) * periods
                run += periods * (run - first)
                seen.clear()
                if run == step.count:
                    break
            seen[state] = (run, self.bytes, self.fixed)
            outputs = self._once(step, inputs)
            inputs = [*outputs[:chained], *inputs[chained:]]
            run += 1
        return outputs

    def _once(self, step: Node | Use, inputs: Sequence[_Storage]) -> list[_Storage]:
        if isinstance(step, Node):
            return self._node(step, inputs)
        kept = self.saves.of(step.region, tuple(one.grad for one in inputs), self.frozen or step.frozen)
        if step.role is not None and step.role == self.saves.checkpoint:
            kept = self._checkpointed(kept, len(inputs))
        self.bytes = self.bytes + kept.bytes
        self.fixed = self.fixed + kept.fixed
        self.again = (larger(self.again[0], kept.again[0]), larger(self.again[1], kept.again[1]))
        for position in kept.inputs:
            self._keep(inputs[position])
        made = {one.made: _Storage(one.bytes, one.kept, one.grad) for one in kept.results if one.source < 0}
        return [inputs[one.source] if one.source >= 0 else made[one.made] for one in kept.results]

    def _checkpointed(self, kept: Kept, inputs: int) -> Kept:
        # A result that was counted inside is made again outside, and counts there if something keeps it.
        results = tuple(one._replace(kept=False) for one in kept.results)
        return Kept(0, 0, frozenset(range(inputs)), results, (kept.bytes, kept.fixed))

    def _node(self, node: Node, inputs: Sequence[_Storage]) -> list[_Storage]:
        operator, site = node.operator, node.site
        learned = not (self.frozen or node.frozen) and any(tensor.learned for tensor in site.parameters)
        grad = learned or any(one.grad for one in inputs)
        output = inputs[0] if operator.views(site) else _Storage(numel(site.y) * self.saves.item_bytes, False, grad)
        if grad:
            saved = operator.saved(site)
            for position in saved.inputs:
                self._keep(inputs[position])
            if saved.output:
                self._keep(output)
            self.bytes = self.bytes + saved.extra_bytes
            self.fixed = self.fixed + saved.fixed_bytes
        return [output] * len(node.outputs)

    def _keep(self, storage: _Storage) -> None:
        if storage.source >= 0:
            self.inputs.add(storage.source)
        elif not storage.kept:
            storage.kept = True
            self.bytes = self.bytes + storage.bytes


def _state(values: Sequence[_Storage]) -> tuple[object, ...]:
    """What distinguishes the values between two runs: which share a storage, and what is known of each."""
    order: list[_Storage] = []
    found: list[object] = []
    for one in values:
        if one not in order:
            order.append(one)
        found.append((order.index(one), one.bytes, one.kept, one.grad, one.source))
    return tuple(found)
