"""The metrics `receptive_field` and `stride`: what a spatial value sees of the network's inputs. Must not clip at borders."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil, inf
from typing import Union

from archdsl.analysis.metrics.paths import START, Paths, Row
from archdsl.analysis.unavailable import larger
from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.ops.operator import EVERYTHING, View, Window
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Exact, Formula, Number, Shape, Undecided

Reach = tuple[Number, Number, Exact, Number, Number, Exact]
"""Height, then width: how far a value sees before and after its position, the distance of neighbors; in input positions."""

HERE: Reach = (0, 0, 1, 0, 0, 1)
_FARTHEST = 10**100


class Seen(NamedTuple):
    """`size`: the receptive field `[h, w]`, `stride`: `[h, w]` between neighbors, both in positions of the network's input."""

    size: tuple[Dim, Dim]
    stride: tuple[Exact, Exact]


class Windows:
    """Paths weighed by their reach. Window over window: `before' = before + stride*b`, likewise after, `stride' = stride*s`.

    Side by side the wider reach counts on each side, and the wider stride. (Branches of a sound network agree in their
    strides; if they do not, because sizes were rounded, this is an upper bound.) What is broadcast into a picture, such as
    a squeeze-and-excite gate, comes from everywhere and has no stride of its own. An operator that sees everything reaches
    without end, and so does one whose neighbors are farther apart than any picture is wide: strides multiply in the runs
    of a repetition, whose number has no bound.
    """

    one = HERE

    def __init__(self, views: dict[int, View] | None = None) -> None:
        """`views`: what operators see at each site, by the site's identity; several walks over one network share it."""
        self._views = views if views is not None else {}

    def view(self, node: Node) -> View:
        """What the node's operator sees, computed once."""
        known = self._views.get(id(node.site))
        if known is None:
            known = self._views[id(node.site)] = node.operator.view(node.site)
        return known

    def then(self, first: Reach, second: Reach) -> Reach:
        """One window over another."""
        a, b, s, c, d, t = first
        e, f, u, g, h, v = second
        down, across = s * u, t * v
        # What sees everything still does after more windows; only the stride goes on multiplying.
        if a == inf or e == inf:
            return (inf, inf, _bounded(down), inf, inf, _bounded(across))
        # A stride past any size has no meaning, and such a window covers every picture.
        if _bounded(down) != down or _bounded(across) != across:
            return (inf, inf, 0, inf, inf, 0)
        return (a + s * e, b + s * f, down, c + t * g, d + t * h, across)

    def join(self, left: Reach, right: Reach) -> Reach:
        """Branches side by side: the wider reach on each side."""
        if left == right:
            return left
        a, b, s, c, d, t = left
        e, f, u, g, h, v = right
        return (_wider(a, e), _wider(b, f), larger(s, u), _wider(c, g), _wider(d, h), larger(t, v))

    def through(self, node: Node, position: int) -> Reach | None:
        """What the node's output sees of its input at `position`; None if only the shape is used."""
        operator, site = node.operator, node.site
        x, y = site.xs[position], site.y
        if position and position in shape_only(node):
            return None
        # Broadcast into the picture, such as the gate of squeeze-and-excitation: every position sees all of it.
        if operator.joins and len(y) == 3 and (len(x) != 3 or x[1:] != y[1:]):
            return (inf, inf, 0, inf, inf, 0)
        # A further input that has the size of the result already is read position by position.
        if position and len(y) == 3 and x[1:] == y[1:] != site.x[1:]:
            return HERE
        view = self.view(node)
        if not isinstance(view, Window):
            return _everything(x, y)
        (kh, kw), (sh, sw), (bh, bw) = view
        return (bh, kh - 1 - bh, sh, bw, kw - 1 - bw, sw)

    def source(self, node: Node) -> None:
        """Nothing: a value from no input sees no pixels."""


class OnlyWindows(Windows):
    """The same through windows alone: what sees everything and leaves every position in its place is passed over.

    Norms over positions and attention over all of them are passed over, and gates, which spread a value of another size
    over a picture. What takes all positions together (`gap`) still sees everything.
    """

    def through(self, node: Node, position: int) -> Reach | None:
        """What one value of the result sees of an input, where that is through a window."""
        if not self.passes_over(node, position):
            return super().through(node, position)
        return HERE if not position and not node.operator.joins else None

    def passes_over(self, node: Node, position: int) -> bool:
        """What is broadcast into a picture, and what sees everything and leaves every position in its place."""
        x, y = node.site.xs[position], node.site.y
        if node.operator.joins:
            return len(y) == 3 and (len(x) != 3 or x[1:] != y[1:])
        return self.view(node) == EVERYTHING and _places(x) == _places(y)

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


def _places(shape: Shape) -> Shape:
    """The axes of a shape that are no channels: height and width, or tokens."""
    return shape[1:] if len(shape) == 3 else shape[:-1]


def _bounded(stride: Exact) -> Exact:
    """The stride; 0, which is none, where it is past any size."""
    if isinstance(stride, Formula):
        return stride if stride.largest < _FARTHEST else 0
    return stride if stride.numerator < _FARTHEST and stride.denominator < _FARTHEST else 0


def shape_only(node: Node) -> tuple[int, ...]:
    """Positions of the inputs that give only their shape (`like=@x`): no number passes there."""
    if len(node.inputs) == 1 or node.operator.joins:
        return ()
    given = [one.name for one in node.operator.arguments if one.is_value and node.site.a.get(one.name)]
    first = len(node.inputs) - len(given)
    return tuple(first + position for position, name in enumerate(given) if name == "like")


def _everything(x: Shape, y: Shape) -> Reach:
    if len(x) != 3 or len(y) != 3:
        return (inf, inf, 1, inf, inf, 1)
    return (inf, inf, _quotient(x[1], y[1]), inf, inf, _quotient(x[2], y[2]))


def _quotient(size: Dim, parts: Dim) -> Exact:
    try:
        if isinstance(size, Formula):
            return size / parts
        return size / parts if isinstance(parts, Formula) else Fraction(size, parts)
    except TypeError:
        raise Undecided(size, parts) from None


def _wider(left: Number, right: Number) -> Number:
    return inf if left == inf or right == inf else larger(left, right)


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
        """A row in numbers; None if it comes from no picture. The widest counts if there are several inputs."""
        best: Seen | None = None
        for port, reach in row.items():
            shape = () if port == START else self.network.inputs[port][1]
            if len(shape) != 3:
                continue
            h = _extent(reach[0], reach[1], shape[1]), _stride(reach[2], shape[1])
            w = _extent(reach[3], reach[4], shape[2]), _stride(reach[5], shape[2])
            new = Seen((h[0], w[0]), (h[1], w[1]))
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


def _extent(before: Number, after: Number, size: Dim) -> Dim:
    if before == inf:
        return size
    extent = before + after + 1
    assert not isinstance(extent, float)
    return ceil(extent) if isinstance(extent, Fraction) else extent


def _stride(stride: Exact, size: Dim) -> Exact:
    if stride == 0:
        return size
    return int(stride) if isinstance(stride, Fraction) and stride.denominator == 1 else stride


def _widest(left: Seen, right: Seen) -> Seen:
    (a, b), (s, t) = left
    (c, d), (u, v) = right
    return Seen((larger(a, c), larger(b, d)), (larger(s, u), larger(t, v)))
