"""The metric `peak`: the most bytes of activations alive at once when the program runs in its order. Must not count weights.

Rules:

1. A value is alive from the step that makes it to the last one that uses it; results to the end. An unused one dies at once.
2. While a step runs, its inputs and its output are alive.
3. A view (`Operator.is_view`: flatten, transpose, …) is its input's storage under another shape; the storage lives as long as
   any view of it. Dropout and stochastic depth pass their input on.
4. An operator that can (`Operator.in_place`: activations, `add`) overwrites its first input if nothing else needs it
   afterwards and the shapes agree.
5. The network's inputs belong to the caller: they count nothing and are never overwritten.
6. A definition or group owns an input that its caller does not need afterwards: it may overwrite or drop it.
7. Each run of a repetition owns what the run before made; what the body captures from outside lives until the last run is over.
8. Auxiliary heads do not run. What an operator needs only within itself (attention's projections) is `Operator.scratch`, alive
   with its inputs and before its output dies.
9. A pool whose positions are kept for an `unpool` makes a second value, of 64-bit positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archdsl.analysis.unavailable import larger
from archdsl.ir import Node, Region, Use
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, numel

POSITION_BYTES = 8


class Moment(NamedTuple):
    """A high water mark: how many bytes above the level at the start, and the names of the steps that lead to it."""

    bytes: Dim
    where: tuple[str, ...] = ()


class Held(NamedTuple):
    """The storage of an input: its bytes, and whether it may be dropped or overwritten inside."""

    bytes: Dim
    owned: bool


class PeakRun(NamedTuple):
    """A region that ran: its worst moment and the level at its end, both above that at its start, and where its results are.

    A result is the number of one of the storages of the inputs, or beyond these of one of the `fresh`, whose bytes are given.
    Owned storages that hold no result are gone at the end.
    """

    worst: Moment
    level: Dim
    results: tuple[int, ...]
    fresh: tuple[Dim, ...]


Entry = tuple[tuple[int, ...], tuple[Held, ...]]
"""How a region is entered: for each input the number of its storage, and the storages."""


class Peaks:
    """Worst moments of regions for one width of a number; each way to enter a region is computed once."""

    def __init__(self, item_bytes: int = 4) -> None:
        self.item_bytes = item_bytes

    def of(self, region: Region) -> Moment:
        """The worst moment of a region whose inputs belong to the caller.

        Raises:
            Undecided: which of two moments is the worse one depends on the free dimensions.
        """
        homes = tuple(range(region.inputs))
        return self.run(region, (homes, (Held(0, False),) * region.inputs)).worst

    def run(self, region: Region, entry: Entry, parts: Dim = 1) -> PeakRun:
        """One run of the region, entered like this, on so many parts of a sample; computed once."""
        around, parts = parts, parts * region.parts
        key = ("ran", self.item_bytes, entry, parts)
        known: PeakRun | None = region.memo.get(key)
        if known is None:
            frame = self._scan(region, entry, around) if region.scans else _Frame(self, region, entry, parts).run()
            known = region.memo[key] = frame
        return known

    def _scan(self, region: Region, entry: Entry, parts: Dim) -> PeakRun:
        """Token after token: one run, beside what came out for those before it; the sequence is then made of them."""
        homes, held = entry
        kept = tuple(one._replace(owned=False) for one in held)
        once = _Frame(self, region, (homes, kept), parts).run()
        sizes = [numel(shape) * self.item_bytes * parts for shape in region.result_shapes]
        tokens = sizes[0] * region.parts
        worst = larger(once.worst.bytes + tokens - sizes[0], 2 * tokens)
        results = tuple(range(len(held), len(held) + len(sizes)))
        level = sum(sizes[1:], tokens)
        return PeakRun(Moment(worst, once.worst.where), level, results, (tokens, *sizes[1:]))

    def last_uses(self, region: Region) -> list[int]:
        """For each value the position of its last use; its maker's if there is none; beyond the end for results."""
        known: list[int] | None = region.memo.get("last uses")
        if known is None:
            known = region.memo["last uses"] = _last_uses(region)
        return known


def runs(region: Region) -> Iterator[tuple[int, Node | Use]]:
    """The steps that run in inference, with their positions."""
    for position, step in enumerate(region.steps):
        if isinstance(step, Node) or (isinstance(step, Use) and not step.aux):
            yield position, step


def _last_uses(region: Region) -> list[int]:
    last = [-1] * len(region.shapes)
    for position, step in runs(region):
        for value in (*step.inputs, *step.outputs):
            last[value] = position
    for value in (*region.results, *(output.value for output in region.outputs if not output.aux)):
        last[value] = len(region.steps)
    return last


class _Frame:
    """One run of a region: the level of its activations, its storages, and which values live in them.

    Values between two runs of a repetition have no number in the region; they get negative ones.
    """

    def __init__(self, peaks: Peaks, region: Region, entry: Entry, parts: Dim) -> None:
        homes, held = entry
        self.peaks, self.region, self.parts = peaks, region, parts
        self.item_bytes = peaks.item_bytes * parts
        self.last = peaks.last_uses(region)
        self.sizes: list[Dim] = [one.bytes for one in held]
        self.owned = [one.owned for one in held]
        self.inputs = len(held)
        self.home = dict(enumerate(homes))
        self.living: list[set[int]] = [set() for _ in held]
        for value, storage in self.home.items():
            self.living[storage].add(value)
        self.level: Dim = 0
        self.worst = Moment(0)

    def run(self) -> PeakRun:
        self._die({value for value in range(self.region.inputs) if self.last[value] < 0})
        for position, step in runs(self.region):
            self._step(step, position)
        leaving = [*self.region.results, *(output.value for output in self.region.outputs)]
        fresh: list[int] = []
        results: list[int] = []
        for value in leaving:
            storage = self.home.get(value, -1)  # an auxiliary output does not exist
            if storage >= self.inputs and storage not in fresh:
                fresh.append(storage)
            results.append(storage if storage < self.inputs else self.inputs + fresh.index(storage))
        return PeakRun(self.worst, self.level, tuple(results), tuple(self.sizes[storage] for storage in fresh))

    def _step(self, step: Node | Use, position: int) -> None:
        """All runs of a step. Once a run is entered like one before it, the runs between are repeated and change nothing."""
        chained = 1 if isinstance(step, Node) else len(step.region.results)
        final = {value for value in step.inputs if self.last[value] == position}
        inputs, run, entries = step.inputs, 0, list[Entry]()
        while run < step.count - 1:
            dying = {value for value in inputs[:chained] if value < 0 or value in final} - set(inputs[chained:])
            entry, given = self._entry(inputs, dying)
            # The entry decides everything in a run. So if an entry comes back, the runs repeat from there on with that period.
            if entry in entries:
                period = len(entries) - entries.index(entry)
                run += (step.count - 1 - run) // period * period
                entries.clear()
                if run == step.count - 1:
                    break
            entries.append(entry)
            storages = self._once(step, inputs, entry, given)
            # Values between two runs need numbers that no value of the region has.
            outputs = tuple(-(run * len(storages) + number + 1) for number in range(len(storages)))
            self._live(outputs, storages)
            self._die(dying | set(outputs[chained:]))
            inputs, run = (*outputs[:chained], *inputs[chained:]), run + 1
        dying = final | {value for value in inputs if value < 0}
        entry, given = self._entry(inputs, dying)
        self._live(step.outputs, self._once(step, inputs, entry, given))
        self._die(dying | {value for value in step.outputs if self.last[value] == position})

    def _entry(self, inputs: Sequence[int], dying: set[int]) -> tuple[Entry, list[int]]:
        """How the step is entered, and the storages of its inputs in the order in which the entry numbers them."""
        storages: list[int] = []
        for value in inputs:
            if self.home[value] not in storages:
                storages.append(self.home[value])
        # The run may drop a storage only if every value in it dies with this step.
        held = tuple(Held(self.sizes[one], self.owned[one] and self.living[one] <= dying) for one in storages)
        return (tuple(storages.index(self.home[value]) for value in inputs), held), storages

    def _once(self, step: Node | Use, inputs: Sequence[int], entry: Entry, given: list[int]) -> list[int]:
        """One run: the storages of its outputs."""
        if isinstance(step, Node):
            return self._node(step, entry, given)
        ran = self.peaks.run(step.region, entry, self.parts)
        self._rise(self.level + ran.worst.bytes, (step.name, *ran.worst.where))
        self.level = self.level + ran.level
        for number, storage in enumerate(given):
            if entry[1][number].owned and number not in ran.results:
                self.level = self.level + self.sizes[storage]  # dropped inside; `_die` drops it here
        places = [*given, *(self._new(size) for size in ran.fresh)]
        return [places[number] if number >= 0 else self._new(0) for number in ran.results]

    def _node(self, node: Node, entry: Entry, given: list[int]) -> list[int]:
        operator, site = node.operator, node.site
        passes = operator.views(site) or operator.symbol.paint == "regularise"
        if passes or (operator.in_place and entry[1][entry[0][0]].owned and site.x == site.y):
            storage = given[entry[0][0]]
        else:
            size = numel(site.y) * self.item_bytes
            self.level = self.level + size
            storage = self._new(size)
        outputs = [storage]
        if node.indices is not None:
            size = numel(site.y) * POSITION_BYTES * self.parts
            self.level = self.level + size
            outputs.append(self._new(size))
        scratch = operator.scratch(site) * self.item_bytes if operator.scratch else 0
        self._rise(self.level + scratch, (node.name,))
        return outputs

    def _new(self, size: Dim) -> int:
        self.sizes.append(size)
        self.owned.append(True)
        self.living.append(set())
        return len(self.sizes) - 1

    def _live(self, values: Sequence[int], storages: Sequence[int]) -> None:
        for value, storage in zip(values, storages, strict=True):
            self.home[value] = storage
            self.living[storage].add(value)

    def _die(self, values: set[int]) -> None:
        for value in values:
            storage = self.home.get(value)
            if storage is None or value not in self.living[storage]:
                continue
            self.living[storage].discard(value)
            if not self.living[storage] and self.owned[storage]:
                self.level = self.level - self.sizes[storage]

    def _rise(self, level: Dim, where: tuple[str, ...]) -> None:
        if level != self.worst.bytes and larger(level, self.worst.bytes) == level:
            self.worst = Moment(level, where)
