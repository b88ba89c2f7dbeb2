"""The metrics `receptive_field` and `stride`: what a spatial value sees of the network's inputs. Must not clip at borders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Union

from archdsl.analysis.metrics.paths import START, Paths, Row
from archdsl.analysis.metrics.reach import HERE, Axis, NoTable, between_lines, endless, join, plain, then, unknown
from archdsl.analysis.unavailable import larger
from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.ops.views import EVERYTHING, POINT, UNKNOWN, Lines, View, Window
from archdsl.records import NamedTuple
from archdsl.shapes import AXIS_NAMES, Dim, Exact, Formula, Shape, Undecided, spatial, spatial_axes

Reach = tuple[Axis, ...]
"""One for each spatial axis of the network's input. Often one axis is the next one too: then it is the same object, and
computed once."""

MOST_ENTRIES = 2_000_000
"""Of all tables of a network. They take a second, and 200 MB."""


class Seen(NamedTuple):
    """`size`: the receptive field, `stride`: from neighbor to neighbor, both in positions of the network's input.

    They have a number for each spatial axis of the input: `[h, w]` of a picture.
    """

    size: tuple[Dim, ...]
    stride: tuple[Exact, ...]

    @property
    def in_words(self) -> str:
        """`7 x 7 pixels of the input, 2 x 2 between neighbors`."""
        size, stride = (" x ".join(map(str, numbers)) for numbers in self)
        return f"{size} {'tokens' if len(self.size) == 1 else 'pixels'} of the input, {stride} between neighbors"


class Windows:
    """Paths weighed by their reach.

    What is broadcast into a picture, such as a squeeze-and-excite gate, comes from everywhere and has no stride of its own.
    An operator that sees everything reaches without end, and so does one whose neighbors are farther apart than any picture
    is wide: strides multiply in the runs of a repetition, whose number has no bound.
    """

    def __init__(self, axes: int = 2, views: dict[int, View] | None = None) -> None:
        """`axes`: how many spatial axes the network's input has.

        `views`: what operators see at each site, by the site's identity; several walks over one network share it.
        """
        self.one: Reach = (HERE,) * axes
        self._rank = axes + 1
        self._views = views if views is not None else {}
        self._known: dict[tuple[int, int], Reach | None] = {}
        self._room = MOST_ENTRIES

    def view(self, node: Node) -> View:
        """What the node's operator sees, computed once."""
        known = self._views.get(id(node.site))
        if known is None:
            known = self._views[id(node.site)] = node.operator.view(node.site)
        return known

    def then(self, first: Reach, second: Reach) -> Reach:
        """One window over another.

        Raises:
            NoTable: the tables of all values together are too long.
        """
        if first is self.one:
            return second
        if second is self.one:
            return first
        reach = _each(then, first, second)
        for axis in reach:
            if len(axis.table) > 1:
                self._room -= sum([len(axis.table) for axis in reach])
                break
        if self._room < 0:
            raise NoTable(f"the positions of its values differ in what they see, and there are more than {MOST_ENTRIES:,}")
        return reach

    def join(self, left: Reach, right: Reach) -> Reach:
        """Branches side by side: what either sees."""
        return left if left is right else _each(join, left, right)

    def through(self, node: Node, position: int) -> Reach | None:
        """What the node's output sees of its input at `position`; None if only the shape is used."""
        key = id(node.site), position
        if key not in self._known:
            self._known[key] = self._find(node, position)
        return self._known[key]

    def _find(self, node: Node, position: int) -> Reach | None:
        site = node.site
        x, y = site.xs[position], site.y
        if position and position in shape_only(node):
            return None
        # Repeated along an axis, such as the gate of squeeze-and-excitation: every position sees all of it.
        if self.is_gate(node, position):
            return self._spread(node, position)
        # A further input that has the size of the result already is read position by position.
        if position and len(y) == self._rank and spatial(x) == spatial(y) != spatial(site.x):
            return self.one
        view = self.view(node)
        if view is POINT and spatial(x) == spatial(y):
            return self.one
        if view == EVERYTHING:
            return self._alike(endless, x, y)
        if view == UNKNOWN:
            return self._alike(unknown, x, y)
        if len(view[0]) not in (0, len(self.one)):
            # Along other axes than the input's (of a map whose positions became tokens) neighbors may be anywhere.
            return self.one if _only_moves(view) else self._alike(endless, x, y)
        return self._through_window(view, spatial(y) if len(y) == self._rank else (None,) * len(self.one))

    def source(self, node: Node) -> None:
        """Nothing: a value from no input sees no pixels."""

    def _spread(self, node: Node, position: int) -> Reach:
        """What is repeated along an axis comes from everywhere on it.

        Beside another value along an axis (`concat axis=height`) a value has other positions than before. So what a window
        over the border sees is not known.
        """
        x, y, a = node.site.xs[position], node.site.y, node.site.a
        before = spatial(x) if len(x) == len(y) else (1,) * (len(y) - 1)
        names = [AXIS_NAMES[len(y)][axis] for axis in spatial_axes(y)]
        axes = zip(names, before, spatial(y), strict=True)
        return tuple(
            [
                unknown(1, whole) if "axis" in a and a.axis == name else HERE if size == whole else endless(0, whole)
                for name, size, whole in axes
            ]
        )

    def is_gate(self, node: Node, position: int) -> bool:
        """Whether a value of another size is spread over one that has the positions of the network's input."""
        x, y = node.site.xs[position], node.site.y
        return bool(node.operator.joins) and len(y) == self._rank and (len(x) != len(y) or spatial(x) != spatial(y))

    def _through_window(self, view: Window | Lines, counts: tuple[Dim | None, ...]) -> Reach:
        reach: list[Axis] = []
        for number, count in enumerate(counts):
            axis = _axis(view, number, count)
            reach.append(reach[-1] if reach and reach[-1] == axis else axis)
        return tuple(reach)

    def _alike(self, all_of: Callable[[Exact, Dim | None], Axis], x: Shape, y: Shape) -> Reach:
        """All axes of one kind, with the stride that the sizes give."""
        if len(x) != self._rank or len(y) != self._rank:
            return tuple([all_of(1, None) for _ in self.one])
        return tuple([all_of(_quotient(a, b), b) for a, b in zip(spatial(x), spatial(y), strict=True)])


def _only_moves(view: Window | Lines) -> bool:
    """Whether each position sees one of the input, and neighbors see neighbors."""
    return isinstance(view, Window) and all(
        kernel == 1 == stride for kernel, stride in zip(view.kernel, view.stride, strict=True)
    )


def _each(combine: Callable[[Axis, Axis], Axis], first: Reach, second: Reach) -> Reach:
    """Axis by axis; what is the same object as before is not combined again."""
    found: list[Axis] = []
    before, beside = None, None
    for one, other in zip(first, second, strict=True):
        if one is not before or other is not beside:
            axis = combine(one, other)
            before, beside = one, other
        found.append(axis)
    return tuple(found)


def _axis(view: Window | Lines, axis: int, count: Dim | None) -> Axis:
    if isinstance(view, Window):
        if not view.kernel:
            return plain(1, 0, 0, count)
        before = view.before[axis]
        return plain(view.stride[axis], -before, view.kernel[axis] - 1 - before, count, not view.dense[axis])
    low, high = view.low[axis], view.high[axis]
    return endless(1, count) if low is None or high is None else between_lines(low, high, count)


class OnlyWindows(Windows):
    """The same through windows alone: what sees everything and leaves every position in its place is passed over.

    Norms over positions and attention over all of them are passed over, and gates, which spread a value of another size
    over a picture. What takes all positions together (`gap`) still sees everything.
    """

    def _find(self, node: Node, position: int) -> Reach | None:
        if not self.passes_over(node, position):
            return super()._find(node, position)
        return self.one if not position and not node.operator.joins else None

    def passes_over(self, node: Node, position: int) -> bool:
        """What is broadcast into a picture, and what sees everything and leaves every position in its place."""
        if node.operator.joins:
            return self.is_gate(node, position)
        return self.view(node) == EVERYTHING and spatial(node.site.xs[position]) == spatial(node.site.y)

    def passes_over_nothing(self, network: Network) -> bool:
        """Whether this finds in the network what `Windows` finds."""
        waiting, met = [network.root], {id(network.root)}
        while waiting:
            for step in waiting.pop().steps:
                if isinstance(step, Use) and id(step.region) not in met:
                    met.add(id(step.region))
                    waiting.append(step.region)
                elif isinstance(step, Node) and any(self.passes_over(step, at) for at in range(len(step.inputs))):
                    return False
        return True


def shape_only(node: Node) -> tuple[int, ...]:
    """Positions of the inputs that give only their shape (`like=@x`): no number passes there."""
    if len(node.inputs) == 1 or node.operator.joins:
        return ()
    given = [one.name for one in node.operator.arguments if one.is_value and node.site.a.get(one.name)]
    first = len(node.inputs) - len(given)
    return tuple(first + position for position, name in enumerate(given) if name == "like")


def _quotient(size: Dim, parts: Dim) -> Exact:
    try:
        if isinstance(size, Formula):
            return size / parts
        return size / parts if isinstance(parts, Formula) else Fraction(size, parts)
    except TypeError:
        raise Undecided(size, parts) from None


def most_axes(network: Network) -> int:
    """How many axes a value has that counts as spatial: as many as the input with the most; at least one."""
    return max([len(spatial(shape)) + 1 for _, shape in network.inputs], default=1)


class UnrolledPlace(NamedTuple):
    """A region inside the network: the steps that lead to it, from outside in, and which run of each it is (from 0)."""

    steps: tuple[Use, ...] = ()
    runs: tuple[int, ...] = ()

    def inner(self, step: Use, run: int) -> UnrolledPlace:
        """The place one region further in: this run of `step`."""
        return UnrolledPlace((*self.steps, step), (*self.runs, run))


class Fields:
    """What values see, anywhere in the network."""

    def __init__(self, network: Network, windows: Windows | None = None) -> None:
        self.network = network
        self.rank = most_axes(network)
        self.paths = Paths[Reach](windows or Windows(self.rank - 1))
        self._inputs: dict[UnrolledPlace, list[Row[Reach]]] = {}
        self._values: dict[UnrolledPlace, list[Row[Reach]]] = {}

    def inputs(self, place: UnrolledPlace) -> list[Row[Reach]]:
        """The rows of the inputs of the region at the place, seen from the network's inputs."""
        known = self._inputs.get(place)
        if known is None:
            known = self._inputs[place] = self._find_inputs(place)
        return known

    def _find_inputs(self, place: UnrolledPlace) -> list[Row[Reach]]:
        if not place.steps:
            return self.paths.ports(self.network.root.inputs)
        outer = UnrolledPlace(place.steps[:-1], place.runs[:-1])
        step = place.steps[-1]
        values = self.values(outer)
        return self.paths.advance(step, [values[value] for value in step.inputs], place.runs[-1])

    def values(self, place: UnrolledPlace) -> list[Row[Reach]]:
        """The rows of all values of the region at the place."""
        known = self._values.get(place)
        if known is None:
            known = self._values[place] = self.paths.values(self.region(place), self.inputs(place))
        return known

    def region(self, place: UnrolledPlace) -> Region:
        """The region at the place."""
        return place.steps[-1].region if place.steps else self.network.root

    def last(self, place: UnrolledPlace, values: Sequence[int]) -> Seen | None:
        """What the last spatial value on the way to these values sees; None if no input has positions."""
        found = _search(self, self.region(place), values)
        if isinstance(found, frozenset):
            if not place.steps or not found:
                return None
            step = place.steps[-1]
            return self.last(UnrolledPlace(place.steps[:-1], place.runs[:-1]), [step.inputs[port] for port in sorted(found)])
        steps, value = found
        for step in steps:
            place = place.inner(step, step.count - 1)
        return self.seen(self.values(place)[value])

    def seen(self, row: Row[Reach]) -> Seen | None:
        """A row in numbers; None if it comes from no input with positions. The widest counts if there are several inputs.

        Raises:
            NoTable: it cannot be told, since too many positions see differently.
        """
        best: Seen | None = None
        for port, reach in row.items():
            shape = () if port == START else self.network.inputs[port][1]
            if not self.is_spatial(shape):
                continue
            axes = list(zip(reach, spatial(shape), strict=True))
            new = Seen(
                tuple([axis.extent(size) for axis, size in axes]), tuple([_stride(axis.stride, size) for axis, size in axes])
            )
            best = new if best is None else _widest(best, new)
        return best

    def is_spatial(self, shape: Shape) -> bool:
        """Whether a value of this shape has positions that are those of the network's input."""
        return len(spatial(shape)) + 1 == self.rank > 1

    def search(self, region: Region, value: int) -> Found:
        """The last spatial value on the way to a value: the steps down to it and its number; else the inputs that lead on."""
        key = ("last of rank", self.rank, value)
        known: Found | None = region.memo.get(key)
        if known is None:
            known = region.memo[key] = _search(self, region, (value,))
        return known


Found = Union[tuple[tuple[Use, ...], int], frozenset[int]]


def _search(fields: Fields, region: Region, values: Sequence[int]) -> Found:
    # The latest value first: numbers grow in the order of the program.
    waiting = [-value for value in values]
    heapify(waiting)
    seen: set[int] = set()
    ports: set[int] = set()
    makers = _makers(region)
    while waiting:
        value = -heappop(waiting)
        if value in seen:
            continue
        seen.add(value)
        if fields.is_spatial(region.shapes[value]):
            return (), value
        maker = makers.get(value)
        if maker is None:
            ports.add(value)
            continue
        before: Sequence[int] = maker.inputs
        if isinstance(maker, Use):
            leaving = [*maker.region.results, *(output.value for output in maker.region.outputs)]
            inner = fields.search(maker.region, leaving[maker.outputs.index(value)])
            if not isinstance(inner, frozenset):
                return (maker, *inner[0]), inner[1]
            before = [maker.inputs[port] for port in inner]
        for number in before:
            heappush(waiting, -number)
    return frozenset(ports)


def _makers(region: Region) -> dict[int, Node | Use]:
    return {value: step for step in region.steps if not isinstance(step, Declare) for value in step.outputs}


def _stride(stride: Exact, size: Dim) -> Exact:
    if stride == 0:
        return size
    return int(stride) if isinstance(stride, Fraction) and stride.denominator == 1 else stride


def _widest(left: Seen, right: Seen) -> Seen:
    return Seen(tuple(map(larger, left.size, right.size)), tuple(map(larger, left.stride, right.stride)))
