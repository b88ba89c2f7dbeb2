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
from archdsl.shapes import Dim, Exact, Formula, Shape, Undecided, spatial

Reach = tuple[Axis, Axis]
"""Height and width. Often one axis is the other one too: then it is the same object, and computed once."""

ONE: Reach = (HERE, HERE)
MOST_ENTRIES = 2_000_000
"""Of all tables of a network. They take a second, and 200 MB."""


class Seen(NamedTuple):
    """`size`: the receptive field `[h, w]`, `stride`: `[h, w]` between neighbors, both in positions of the network's input."""

    size: tuple[Dim, Dim]
    stride: tuple[Exact, Exact]


class Windows:
    """Paths weighed by their reach.

    What is broadcast into a picture, such as a squeeze-and-excite gate, comes from everywhere and has no stride of its own.
    An operator that sees everything reaches without end, and so does one whose neighbors are farther apart than any picture
    is wide: strides multiply in the runs of a repetition, whose number has no bound.
    """

    one = ONE

    def __init__(self, views: dict[int, View] | None = None) -> None:
        """`views`: what operators see at each site, by the site's identity; several walks over one network share it."""
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
        (a, b), (c, d) = first, second
        down = then(a, c)
        across = down if a is b and c is d else then(b, d)
        if len(down.table) > 1 or len(across.table) > 1:
            self._room -= len(down.table) + len(across.table)
            if self._room < 0:
                raise NoTable(f"the positions of its values differ in what they see, and there are more than {MOST_ENTRIES:,}")
        return down, across

    def join(self, left: Reach, right: Reach) -> Reach:
        """Branches side by side: what either sees."""
        (a, b), (c, d) = left, right
        down = join(a, c)
        return down, down if a is b and c is d else join(b, d)

    def through(self, node: Node, position: int) -> Reach | None:
        """What the node's output sees of its input at `position`; None if only the shape is used."""
        key = id(node.site), position
        if key not in self._known:
            self._known[key] = self._find(node, position)
        return self._known[key]

    def _find(self, node: Node, position: int) -> Reach | None:
        operator, site = node.operator, node.site
        x, y = site.xs[position], site.y
        if position and position in shape_only(node):
            return None
        # Repeated along an axis, such as the gate of squeeze-and-excitation: every position sees all of it.
        if operator.joins and _is_gate(node, position):
            down, across = (endless(0, y[axis]) if len(x) != 3 or x[axis] != y[axis] else HERE for axis in (1, 2))
            return down, across
        # A further input that has the size of the result already is read position by position.
        if position and len(y) == 3 and x[1:] == y[1:] != site.x[1:]:
            return ONE
        view = self.view(node)
        if view is POINT and x[1:] == y[1:]:
            return ONE
        if view == EVERYTHING:
            return _alike(endless, x, y)
        if view == UNKNOWN:
            return _alike(unknown, x, y)
        return _through_window(view, y[1:] if len(y) == 3 else (None, None))

    def source(self, node: Node) -> None:
        """Nothing: a value from no input sees no pixels."""


def _is_gate(node: Node, position: int) -> bool:
    """Whether a value of another size is spread over a picture."""
    x, y = node.site.xs[position], node.site.y
    return bool(node.operator.joins) and len(y) == 3 and (len(x) != 3 or x[1:] != y[1:])


def _through_window(view: Window | Lines, counts: tuple[Dim | None, ...]) -> Reach:
    down, across = (_axis(view, axis, counts[axis]) for axis in (0, 1))
    return down, down if down == across else across


def _axis(view: Window | Lines, axis: int, count: Dim | None) -> Axis:
    if isinstance(view, Window):
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
        return ONE if not position and not node.operator.joins else None

    def passes_over(self, node: Node, position: int) -> bool:
        """What is broadcast into a picture, and what sees everything and leaves every position in its place."""
        if node.operator.joins:
            return _is_gate(node, position)
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


def _alike(all_of: Callable[[Exact, Dim | None], Axis], x: Shape, y: Shape) -> Reach:
    """Both axes of one kind, with the stride that the sizes give."""
    if len(x) != 3 or len(y) != 3:
        return all_of(1, None), all_of(1, None)
    return all_of(_quotient(x[1], y[1]), y[1]), all_of(_quotient(x[2], y[2]), y[2])


def _quotient(size: Dim, parts: Dim) -> Exact:
    try:
        if isinstance(size, Formula):
            return size / parts
        return size / parts if isinstance(parts, Formula) else Fraction(size, parts)
    except TypeError:
        raise Undecided(size, parts) from None


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
        self.paths = Paths[Reach](windows or Windows())
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
        """What the last spatial value on the way to these values sees; None if no picture comes in."""
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
        """A row in numbers; None if it comes from no picture. The widest counts if there are several inputs.

        Raises:
            NoTable: it cannot be told, since too many positions see differently.
        """
        best: Seen | None = None
        for port, (down, across) in row.items():
            shape = () if port == START else self.network.inputs[port][1]
            if len(shape) != 3:
                continue
            _, h, w = shape
            new = Seen((down.extent(h), across.extent(w)), (_stride(down.stride, h), _stride(across.stride, w)))
            best = new if best is None else _widest(best, new)
        return best

    def search(self, region: Region, value: int) -> Found:
        """The last spatial value on the way to a value: the steps down to it and its number; else the inputs that lead on."""
        key = ("last picture", value)
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
        if len(region.shapes[value]) == 3:
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
    (a, b), (s, t) = left
    (c, d), (u, v) = right
    return Seen((larger(a, c), larger(b, d)), (larger(s, u), larger(t, v)))
