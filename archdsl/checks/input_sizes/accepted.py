"""Asks the compiler at which sizes there is a network, and at which its weights fit. Must not word answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Literal

from archdsl.checks.input_sizes.exploring import Coupled, Explored, NotKnown, explore
from archdsl.checks.input_sizes.sets import EMPTY, SizeSet, set_of
from archdsl.diagnostics.mistake import LimitReached
from archdsl.elaborate.arch import Overrides, build, input_shapes
from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.program.file import LoadedFile
from archdsl.program.state import Context, Stopped
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Formula, Shape, axis_names, spatial_axes
from archdsl.shapes.dimension import value_at
from archdsl.shapes.traced import Condition, Trace, Traced, pinned

Outcome = Literal["refused", "other weights", "same weights"]
Shapes = Mapping[str, Shape]
_SYMBOL = 8


class Axis(NamedTuple):
    """An axis of an input: `image`, 1 and `height` of `image[3, 224, 224]`."""

    input: str
    position: int
    name: str


class Stretch(NamedTuple):
    """The sizes that some axes may have: one size for all of them, the others as declared. `sizes` None: not known."""

    axes: tuple[Axis, ...]
    sizes: SizeSet | None


class Sizes(NamedTuple):
    """What is accepted. `independent`: every combination of the stretches' sizes, which then cover each axis once."""

    independent: bool
    stretches: tuple[Stretch, ...]


class Modes(NamedTuple):
    """In inference, and in training with the auxiliary heads; one object if they are equal. None: nothing to report."""

    inference: Sizes | None
    training: Sizes | None


class Answer(NamedTuple):
    """The sizes at which a network exists, and at which the declared one's weights fit (None in a mode without one)."""

    network_exists: Modes
    weights_fit: Modes


def answer(file: LoadedFile, overrides: Overrides) -> Answer | None:
    """The sizes that a file accepts; None if none of its inputs has a size.

    `overrides` are the parameters in force, and input shapes in place of declared ones. The declared weights are those of the
    declared input; if no network has that, or it leaves sizes free, those of the given one. Sizes that stay free declare no
    weights where a weight depends on them.
    """
    shapes = input_shapes(file.apart(), overrides)
    places = [(name, shape, position) for name, shape in shapes.items() for position in spatial_axes(shape)]
    axes = [Axis(name, position, axis_names(shape)[position]) for name, shape, position in places]
    if not axes:
        return None
    inference = _Question(file, overrides, shapes, axes, drops_aux=True).sizes()
    training = _Question(file, overrides, shapes, axes, drops_aux=False).sizes() if file.speaks_of("aux") else inference
    if training == inference:
        training = inference
    return Answer(Modes(inference[0], training[0]), Modes(inference[1], training[1]))


class _Question:
    """Where a file elaborates, in one mode.

    Args:
        shapes: the inputs' shapes as declared or given.
        axes: those of them that are sizes.
    """

    def __init__(self, file: LoadedFile, overrides: Overrides, shapes: Shapes, axes: Sequence[Axis], drops_aux: bool) -> None:
        self._file = file
        self._parameters = overrides.parameters
        self._shapes = {name: tuple(map(_at_one_size, shape)) for name, shape in shapes.items()}
        self._axes = axes
        self._drops_aux = drops_aux
        self._reference = self._declared(shapes)

    def sizes(self) -> tuple[Sizes, Sizes | None]:
        """At which sizes a network exists, and at which the weights fit (None if there is no declared network)."""
        compared = self._of_all_axes(self._reference)
        explored = compared or self._of_all_axes(None)
        there = self._sizes(explored, None, lambda outcome: outcome != "refused")
        if self._reference is None:
            return there, None
        return there, self._sizes(compared, self._reference, lambda outcome: outcome == "same weights")

    def _declared(self, shapes: Shapes) -> Network | None:
        declared = input_shapes(self._file.apart(), Overrides(self._parameters, {}))
        if not _symbols(declared.values()):
            return self._built({}) or self._built(shapes)
        free = _symbols([(shapes[axis.input][axis.position],) for axis in self._axes])
        if free:
            network = self._built(shapes)
            if network is not None and free & _symbols(_parameter_shapes(network.root, set())):
                return None
        return self._built(self._shapes)

    def _of_all_axes(self, reference: Network | None) -> Explored | None:
        """All axes at once, each with a symbol; None if conditions couple them."""
        symbols = {f"s{number}": (axis,) for number, axis in enumerate(self._axes)}
        try:
            return self._explored(symbols, reference) if len(symbols) <= 4 else None
        except (Coupled, NotKnown):
            return None

    def _sizes(self, explored: Explored | None, reference: Network | None, is_in: Callable[[object], bool]) -> Sizes:
        apart = None if explored is None else _apart(explored, is_in)
        if apart is not None:
            return Sizes(True, _merged(Stretch((axis,), sizes) for axis, sizes in zip(self._axes, apart, strict=True)))
        return Sizes(False, tuple(Stretch(axes, self._along(axes, reference, is_in)) for axes in self._directions()))

    def _along(self, axes: tuple[Axis, ...], reference: Network | None, is_in: Callable[[object], bool]) -> SizeSet | None:
        try:
            explored = self._explored({"s": axes}, reference)
        except (Coupled, NotKnown):
            return None
        return set_of(lambda size: is_in(explored.outcome({"s": size})), explored.repeats["s"])

    def _directions(self) -> list[tuple[Axis, ...]]:
        """Axes that people change together: each alone, the sides of a square, the same axis of several inputs, all."""
        found: list[tuple[Axis, ...]] = [(axis,) for axis in self._axes]
        of_input: dict[str, list[Axis]] = {}
        of_position: dict[int, list[Axis]] = {}
        for axis in self._axes:
            of_input.setdefault(axis.input, []).append(axis)
            of_position.setdefault(axis.position, []).append(axis)
        for group in (*of_input.values(), *of_position.values(), list(self._axes)):
            if len(group) > 1 and len({self._size(axis) for axis in group}) == 1 and tuple(group) not in found:
                found.append(tuple(group))
        return found

    def _size(self, axis: Axis) -> int:
        return self._shapes[axis.input][axis.position]

    def _explored(self, symbols: Mapping[str, tuple[Axis, ...]], reference: Network | None) -> Explored:
        start = {symbol: self._size(axes[0]) for symbol, axes in symbols.items()}
        return explore(lambda values: self._run(symbols, values, reference), start)

    def _run(
        self, symbols: Mapping[str, tuple[Axis, ...]], values: Mapping[str, int], reference: Network | None
    ) -> tuple[Outcome, Iterable[Condition]]:
        trace = Trace()
        shapes: dict[str, list[int]] = {name: list(shape) for name, shape in self._shapes.items()}
        for symbol, axes in symbols.items():
            for axis in axes:
                shapes[axis.input][axis.position] = Traced(values[symbol], Formula.symbol(symbol), trace)
        network = self._built({name: tuple(shape) for name, shape in shapes.items()})
        if network is None:
            return "refused", trace.conditions
        is_same = reference is not None and same_parameters(network.root, reference.root, {})
        return "same weights" if is_same else "other weights", trace.conditions

    def _built(self, shapes: Shapes) -> Network | None:
        ctx = Context([], drops_aux=self._drops_aux, stops=True)
        try:
            return build(ctx, self._file.apart(), Overrides(self._parameters, shapes))
        except (Stopped, LimitReached):
            return None


def _at_one_size(dim: Dim) -> int:
    """The dimension itself; for one with free symbols its value at one size of them, from which to look around."""
    return dim if isinstance(dim, int) else int(value_at(dim, _SYMBOL))


def _symbols(shapes: Iterable[Shape]) -> frozenset[str]:
    """The free dimensions in shapes."""
    return frozenset().union(*(dim.symbols for shape in shapes for dim in shape if isinstance(dim, Formula)))


def _parameter_shapes(region: Region, seen: set[int]) -> Iterator[Shape]:
    """Shapes of the parameters in a region, those of regions that are used several times once."""
    seen.add(id(region))
    for step in region.steps:
        if isinstance(step, Node):
            yield from (tensor.shape for tensor in step.site.parameters)
        else:
            inside = step.shared.region if isinstance(step, Declare) else step.region
            if inside is not None and id(inside) not in seen:
                yield from _parameter_shapes(inside, seen)


def _apart(explored: Explored, is_in: Callable[[object], bool]) -> list[SizeSet] | None:
    """For each symbol its sizes, if the accepted combinations are all combinations of these; else None."""
    accepted = [combination for combination, outcome in explored.outcomes.items() if is_in(outcome)]
    if not accepted:
        return [EMPTY for _ in explored.symbols]
    classes = [sorted({combination[at] for combination in accepted}) for at in range(len(explored.symbols))]
    if len(accepted) != len(list(product(*classes))):
        return None
    found = []
    for symbol, own in zip(explored.symbols, classes, strict=True):
        class_of, repeats = explored.class_of[symbol], explored.repeats[symbol]
        found.append(set_of(lambda size, of=class_of, own=own: of[size] in own, repeats))  # type: ignore[misc]
    return found


def _merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Axes with equal sizes together."""
    found: dict[SizeSet | None, list[Axis]] = {}
    for stretch in stretches:
        found.setdefault(stretch.sizes, []).extend(stretch.axes)
    return tuple(Stretch(tuple(axes), sizes) for sizes, axes in found.items())


def same_parameters(ours: Region, theirs: Region, known: dict[tuple[int, int], bool]) -> bool:
    """Whether two regions have the same tensors in the same places; shared regions are compared once."""
    key = (id(ours), id(theirs))
    if key not in known:
        known[key] = True
        known[key] = len(ours.steps) == len(theirs.steps) and all(
            _same_step(a, b, known) for a, b in zip(ours.steps, theirs.steps, strict=True)
        )
    return known[key]


def _same_step(ours: object, theirs: object, known: dict[tuple[int, int], bool]) -> bool:
    if isinstance(ours, Node) and isinstance(theirs, Node):
        mine, other = ours.site.parameters, theirs.site.parameters
        return (
            ours.name == theirs.name
            and (ours.count == theirs.count or not mine)
            and len(mine) == len(other)
            and all(a.name == b.name and a.shape == b.shape for a, b in zip(mine, other, strict=True))
        )
    if isinstance(ours, Use) and isinstance(theirs, Use):
        same = ours.name == theirs.name and pinned(ours.count) == theirs.count
        return same and same_parameters(ours.region, theirs.region, known)
    if isinstance(ours, Declare) and isinstance(theirs, Declare):
        inside, others = ours.shared.region, theirs.shared.region
        if inside is None or others is None:
            return inside is others
        return same_parameters(inside, others, known)
    return False
