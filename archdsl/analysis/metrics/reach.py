"""How far a value sees along one axis of the input, position by position. Must not know operators or regions.

A window that straddles two copies of an enlarged position sees more than one that does not. So an axis is a table: for each of
the positions 0 to P - 1 the first and the last input position seen. P positions further on, all is `stride*P` input positions
further on. If nothing is enlarged, P is 1. Positions go on without an end, so nothing is cut at borders.

If branches drift apart (7 positions enlarged to 15, beside the 15 that were pooled to these 7), no two positions of a map see
alike. Then the table is of the whole map, and beyond it positions go on in even steps.

Only ends are kept, not what is seen between them. That is enough as long as later positions see nothing before what earlier
ones see. Where they do (a `deconv` whose stride is above its kernel leaves gaps; windows of a grid cross), a window with holes,
such as a dilated one, leads to an unknown table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from math import floor, gcd, inf, lcm
from operator import lt
from typing import TYPE_CHECKING, Literal, cast

from archdsl.analysis.unavailable import larger, largest
from archdsl.ops.views import Line
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Exact, Formula, Undecided, decide

if TYPE_CHECKING:
    from typing import TypeGuard

MOST_POSITIONS = 4096
"""The longest table: as many positions as a large picture has."""
_FARTHEST = 10**100

Ends = tuple[Exact, Exact]
"""The first and the last input position that is seen; nothing if the last is below the first."""
NOTHING: Ends = (1, 0)

Kind = Literal["repeats", "whole", "widest", "endless", "unknown"]
"""What a table is: it repeats in steps of its length, it is of the whole map, it has the widest view alone, everything is seen,
or nothing is known."""


class NoTable(Exception):
    """Positions see differently, and there are too many of them; `args[0]` is that in words."""


class Axis(NamedTuple):
    """What the positions of a value see along one axis.

    Attributes:
        stride: input positions between neighbors, on average; 0 if they are farther apart than any picture is wide.
        table: the ends of the positions 0, 1, …; empty if the kind has no table.
        places: how many positions there are; None if that is not known.
        holes: whether a position may see less than all that is between its ends.
    """

    stride: Exact
    table: tuple[Ends, ...]
    places: Dim | None = None
    kind: Kind = "repeats"
    holes: bool = False

    def ends(self, position: int) -> Ends:
        """What a position sees, if the axis has a table."""
        period = len(self.table)
        if 0 <= position < period:
            return self.table[position]
        beyond: Exact
        if self.kind == "whole":
            nearest = 0 if position < 0 else period - 1
            beyond = self.stride * (position - nearest)
            beyond = floor(beyond) if isinstance(beyond, Fraction) else beyond
        else:
            nearest = position % period
            beyond = _integer(self.stride * period) * (position // period)
        low, high = self.table[nearest]
        return low + beyond, high + beyond

    def extent(self, size: Dim) -> Dim:
        """How many input positions the widest view spans; all `size` of them if everything is seen.

        Raises:
            NoTable: it cannot be told.
        """
        if self.kind == "endless":
            return size
        if self.kind == "unknown":
            most = f"more than {MOST_POSITIONS:,} of them"
            raise NoTable(f"its positions see differently, and there are free sizes, gaps between them, or {most}")
        if len(self.table) == 1:
            ((low, high),) = self.table
            widest = high - low + 1
        else:
            there = self.table[: self.places] if isinstance(self.places, int) else self.table
            widest = largest((high - low + 1 for low, high in there), 0)
        assert not isinstance(widest, Fraction)
        return widest


HERE = Axis(1, ((0, 0),))
"""Every position sees itself."""


def endless(stride: Exact, count: Dim | None = None) -> Axis:
    """Every position sees everything."""
    return Axis(stride, (), count, "endless")


def plain(stride: Exact, low: Exact, high: Exact, count: Dim | None, holes: bool = False) -> Axis:
    """The position 0 sees from `low` to `high`, every other one as much."""
    return Axis(stride, ((low, high),), count, "repeats", holes)


def unknown(stride: Exact, count: Dim | None) -> Axis:
    """What positions see is not known."""
    return Axis(stride, (), count, "unknown")


def between_lines(low: Line, high: Line, count: Dim | None) -> Axis:
    """The position p sees from `low.at(p)` to `high.at(p)`; both lines rise alike."""
    if isinstance(low.slope, Formula) or isinstance(high.slope, Formula):
        slope = low.slope * low.times
        is_whole = isinstance(slope, int) or all(factor.denominator == 1 for factor in slope.terms.values())
        return Axis(slope, ((low.at(0), high.at(0)),), count, "repeats" if is_whole else "widest")
    if low.own:
        if not _is_short(count):
            return unknown(1, count)
        return Axis(1, tuple((low.at(position), high.at(position)) for position in range(count)), count, "whole", holes=True)
    period = lcm(low.over // gcd(low.slope, low.over), high.over // gcd(high.slope, high.over))
    stride = _integer(Fraction(low.times * low.slope, low.over))
    if period > MOST_POSITIONS:
        return unknown(stride, count)
    return Axis(stride, tuple((low.at(position), high.at(position)) for position in range(period)), count)


def then(first: Axis, second: Axis) -> Axis:
    """What the positions of `second` see through the positions of `first`."""
    if first is HERE:
        return second
    if second is HERE or (second[:2] == HERE[:2] and second.places in (None, first.places)):
        return first
    stride, places = _integer(first.stride * second.stride), second.places
    if first.kind == "endless" or second.kind == "endless":
        return endless(_bounded(stride), places)
    # A stride past any size has no meaning, and such a window covers every picture.
    if _bounded(stride) != stride:
        return endless(0, places)
    if first.kind in ("unknown", "widest") or second.kind == "unknown":
        return unknown(stride, places)
    holes = first.holes or second.holes or _leaves_holes(first, second)
    if len(first.table) == 1 and first.kind == "repeats":
        return Axis(stride, _across_alike(first, second.table), places, second.kind, holes)
    rises, numbers = _rises(first), _numbers(second.table)
    if numbers is None or second.kind == "widest" or (not rises and _numbers(first.table) is None):
        return unknown(stride, places)
    shift = _integer(second.stride * len(numbers))
    if not isinstance(shift, int):
        return unknown(stride, places)
    times = len(first.table) // gcd(len(first.table), shift)
    kind: Kind = "repeats"
    if first.kind == second.kind == "repeats" and times * len(numbers) <= MOST_POSITIONS:
        reads = _repeated(numbers, shift, times)
    elif _is_short(places):
        kind, reads = "whole", numbers
        if second.kind == "repeats":
            reads = _repeated(numbers, shift, -(-places // len(numbers)))[:places]
    else:
        return unknown(stride, places)
    table = _across(first, reads) if rises else _across_gaps(first, reads, second.holes)
    return unknown(stride, places) if table is None else Axis(stride, table, places, kind, holes)


def join(left: Axis, right: Axis) -> Axis:
    """What the positions of a join of two see: all that either sees."""
    if left == right:
        return left
    count = right.places if left.places is None else left.places
    stride = larger(left.stride, right.stride)
    if left.kind == "endless" or right.kind == "endless":
        return endless(stride, count)
    if left.kind in ("unknown", "widest") or right.kind in ("unknown", "widest"):
        return unknown(stride, count)
    repeats = left.kind == right.kind == "repeats"
    kind: Kind = "repeats"
    if repeats and left.stride == right.stride:
        positions = lcm(len(left.table), len(right.table))
    elif _is_short(count):
        positions, kind = count, "whole"
    else:
        return unknown(stride, count)
    if positions > MOST_POSITIONS:
        return unknown(stride, count)
    lefts, rights = ([axis.ends(position) for position in range(positions)] for axis in (left, right))
    table = [*map(_both, lefts, rights)]
    holes = (left.holes or table != lefts) and (right.holes or table != rights)
    if holes and not (left.holes or right.holes):
        holes = not all(map(_touch, lefts, rights))
    return Axis(stride, tuple(table), count, kind, holes)


def _repeated(numbers: list[tuple[int, int]], shift: int, times: int) -> list[tuple[int, int]]:
    """The ends of further positions, each round of them `shift` farther."""
    if times == 1:
        return numbers
    return [(low + beyond, high + beyond) for beyond in range(0, times * shift, shift) for low, high in numbers]


def _across_alike(axis: Axis, reads: Sequence[Ends]) -> tuple[Ends, ...]:
    """The same as `_across` where each position of `axis` sees as much."""
    (low, high), stride = axis.table[0], axis.stride
    if _is_nothing((low, high)):
        return (NOTHING,) * len(reads)
    return tuple(NOTHING if _is_nothing(ends) else (low + stride * ends[0], high + stride * ends[1]) for ends in reads)


def _across(axis: Axis, reads: list[tuple[int, int]]) -> tuple[Ends, ...]:
    """For each pair of positions what those from the first to the second see together, if later ones see farther up."""
    lows, highs, period = [low for low, _ in axis.table], [high for _, high in axis.table], len(axis.table)
    ends = axis.ends
    if axis.kind == "whole":
        return tuple(
            [
                (
                    lows[first] if 0 <= first < period else ends(first)[0],
                    highs[last] if 0 <= last < period else ends(last)[1],
                )
                if first <= last
                else NOTHING
                for first, last in reads
            ]
        )
    shift = _integer(axis.stride * period)
    return tuple(
        [
            (lows[first % period] + shift * (first // period), highs[last % period] + shift * (last // period))
            if first <= last
            else NOTHING
            for first, last in reads
        ]
    )


def _across_gaps(axis: Axis, reads: list[tuple[int, int]], holes: bool) -> tuple[Ends, ...] | None:
    """The same for every other table of numbers; None if it depends on holes in what is read."""
    across = _whole_gaps if axis.kind == "whole" else _repeated_gaps
    table = tuple([NOTHING if low == inf else (int(low), int(high)) for low, high in across(axis, reads)])
    if holes:
        # The first and the last position are read for certain.
        certain = [_both(axis.ends(first), axis.ends(last)) if first <= last else NOTHING for first, last in reads]
        if any(ends != one and not _is_nothing(ends) for ends, one in zip(table, certain, strict=True)):
            return None
    return table


def _whole_gaps(axis: Axis, reads: list[tuple[int, int]]) -> Iterator[tuple[float, float]]:
    """Outside of the map positions rise, so the outermost ones are enough."""
    last_place = len(axis.table) - 1
    lows, highs = _least(axis, len(axis.table))
    for first, last in reads:
        inside = max(first, 0), min(last, last_place)
        low, high = lows.within(*inside), -highs.within(*inside)
        for place in (first, last) if first <= last else ():
            if not (0 <= place <= last_place or _is_nothing(ends := _plain_ends(axis, place))):
                low, high = min(low, ends[0]), max(high, ends[1])
        yield low, high


def _repeated_gaps(axis: Axis, reads: list[tuple[int, int]]) -> Iterator[tuple[float, float]]:
    """As many positions as are in the table are enough: later ones see farther up, those before farther down."""
    many, shift = len(axis.table), _integer(axis.stride * len(axis.table))
    assert isinstance(shift, int)
    lows, highs = _least(axis, 2 * many)
    for first, last in reads:
        further = min(last - first, many - 1)
        rounds, start = divmod(first, many)
        low = lows.within(start, start + further) + rounds * shift
        rounds, stop = divmod(last, many)
        high = (rounds - 1) * shift - highs.within(many + stop - further, many + stop)
        yield low, high


def _least(axis: Axis, places: int) -> tuple[_Least, _Least]:
    """Of the first so many positions the low ends, and the high ends negative; infinite where nothing is seen."""
    ends = [_plain_ends(axis, place) for place in range(places)]
    gaps = [*map(_is_nothing, ends)]
    lows = [inf if gap else low for gap, (low, _) in zip(gaps, ends, strict=True)]
    highs = [inf if gap else -high for gap, (_, high) in zip(gaps, ends, strict=True)]
    return _Least(lows), _Least(highs)


def _plain_ends(axis: Axis, place: int) -> tuple[int, int]:
    """What a position sees, of a table of numbers."""
    return cast("tuple[int, int]", axis.ends(place))


class _Least:
    """The least number of any stretch. Those of 1, 2, 4, 8, … numbers from each place on are kept; two cover a stretch."""

    def __init__(self, numbers: list[float]) -> None:
        self._rows = [numbers]
        width = 1
        while 2 * width <= len(numbers):
            row = self._rows[-1]
            self._rows.append([*map(min, row, row[width:])])
            width *= 2

    def within(self, first: int, last: int) -> float:
        """From the place `first` to `last`; infinite if there is none."""
        if first > last:
            return inf
        row = (last - first + 1).bit_length() - 1
        return min(self._rows[row][first], self._rows[row][last + 1 - (1 << row)])


def _rises(axis: Axis) -> bool:
    """Later positions see nothing before what earlier ones see, so the outermost positions determine what all see."""
    numbers = _numbers([*axis.table, *([axis.ends(len(axis.table))] if axis.kind == "repeats" else [])])
    if numbers is None:
        # Formulas have no gaps in their table, so what they are added to rises.
        return not any(map(_is_nothing, axis.table))
    lows, highs = [low for low, _ in numbers], [high for _, high in numbers]
    return lows == sorted(lows) and highs == sorted(highs) and not any(map(lt, highs, lows))


def _is_nothing(ends: Ends) -> bool:
    """No position is seen: a `deconv` whose stride is above its kernel leaves gaps."""
    low, high = ends
    return isinstance(low, int) and isinstance(high, int) and high < low


def _touch(left: Ends, right: Ends) -> bool:
    """Whether no position is between what two see."""
    try:
        return decide(">=", left[1] + 1, right[0]) and decide(">=", right[1] + 1, left[0])
    except Undecided:
        return False


def _leaves_holes(first: Axis, second: Axis) -> bool:
    """Whether positions between those that a position of `second` sees may not be seen by any of them."""
    if all(low == high for low, high in second.table):
        return False
    if len(first.table) == 1 and first.kind == "repeats":
        ((low, high),) = first.table
        return not _touch((low, high), (low + first.stride, high + first.stride))
    neighbors = first.table if first.kind == "whole" else (*first.table, first.ends(len(first.table)))
    return any(map(_is_nothing, first.table)) or not all(map(_touch, neighbors, neighbors[1:]))


def _both(left: Ends, right: Ends) -> Ends:
    if _is_nothing(left) or _is_nothing(right):
        return right if _is_nothing(left) else left
    return -larger(-left[0], -right[0]), larger(left[1], right[1])


def _numbers(table: Sequence[Ends]) -> list[tuple[int, int]] | None:
    """The same ends; None if some are formulas."""
    kinds = set(map(type, chain.from_iterable(table)))
    return cast("list[tuple[int, int]]", list(table)) if all(issubclass(kind, int) for kind in kinds) else None


def _is_short(count: Dim | None) -> TypeGuard[int]:
    return isinstance(count, int) and count <= MOST_POSITIONS


def _integer(number: Exact) -> Exact:
    """What is one, although it was multiplied from a fraction."""
    return int(number) if isinstance(number, Fraction) and number.denominator == 1 else number


def _bounded(stride: Exact) -> Exact:
    """The stride; 0, which is none, where it is past any size."""
    if isinstance(stride, Formula):
        return stride if stride.largest < _FARTHEST else 0
    return stride if stride.numerator < _FARTHEST and stride.denominator < _FARTHEST else 0
