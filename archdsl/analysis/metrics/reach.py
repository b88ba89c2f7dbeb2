"""How far a value sees along one axis of the input, position by position. Must not know operators or regions.

A window that straddles two copies of an enlarged position sees more than one that does not. So an axis is a table: for each of
the positions 0 to P - 1 the first and the last input position seen. P positions further on, all is `stride*P` input positions
further on. If nothing is enlarged, P is 1. Positions go on without an end, so nothing is cut at borders.

If branches drift apart (7 positions enlarged to 15, beside the 15 that were pooled to these 7), no two positions of a map see
alike. Then the table is of the whole map, and beyond it positions go on in even steps.

Of a dilated window all positions between its ends count. That matters only over a map with gaps (a `deconv` whose stride is
above its kernel), and there it is a bound from above.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from math import floor, gcd, lcm
from operator import lt
from typing import TYPE_CHECKING, Literal, cast

from archdsl.analysis.unavailable import larger, largest
from archdsl.ops.views import Line
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Exact, Formula

if TYPE_CHECKING:
    from typing import TypeGuard

MOST_POSITIONS = 4096
"""The longest table: as many positions as a large picture has."""
_FARTHEST = 10**100

Ends = tuple[Exact, Exact]
"""The first and the last input position that is seen; nothing if the last is below the first."""
NOTHING: Ends = (1, 0)

Kind = Literal["repeats", "whole", "endless", "unknown"]
"""What a table is: it repeats in steps of its length, it is of the whole map, everything is seen, or nothing is known."""


class NoTable(Exception):
    """Positions see differently, and there are too many of them; `args[0]` is that in words."""


class Axis(NamedTuple):
    """What the positions of a value see along one axis.

    Attributes:
        stride: input positions between neighbors, on average; 0 if they are farther apart than any picture is wide.
        table: the ends of the positions 0, 1, …; empty if the kind has no table.
        places: how many positions there are; None if that is not known.
    """

    stride: Exact
    table: tuple[Ends, ...]
    places: Dim | None = None
    kind: Kind = "repeats"

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
            raise NoTable(f"its positions differ in what they see, and there are more than {MOST_POSITIONS:,} or a free number")
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


def plain(stride: Exact, low: Exact, high: Exact, count: Dim | None) -> Axis:
    """The position 0 sees from `low` to `high`, every other one as much."""
    return Axis(stride, ((low, high),), count)


def between_lines(low: Line, high: Line, count: Dim | None) -> Axis:
    """The position p sees from `low.at(p)` to `high.at(p)`; both lines rise alike."""
    if isinstance(low.slope, Formula) or isinstance(high.slope, Formula):
        return plain(low.slope * low.times, low.at(0), high.at(0), count)
    period = lcm(low.over // gcd(low.slope, low.over), high.over // gcd(high.slope, high.over))
    stride = _integer(Fraction(low.times * low.slope, low.over))
    if period > MOST_POSITIONS:
        return Axis(stride, (), count, "unknown")
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
    if first.kind == "unknown" or second.kind == "unknown":
        return Axis(stride, (), places, "unknown")
    if len(first.table) == 1 and first.kind == "repeats":
        return Axis(stride, _across_alike(first, second.table), places, second.kind)
    rises, numbers = _rises(first), _numbers(second.table)
    if numbers is None or (not rises and _numbers(first.table) is None):
        return Axis(stride, (), places, "unknown")
    across = _across if rises else _across_gaps
    shift = _integer(second.stride * len(numbers))
    if not isinstance(shift, int):
        return Axis(stride, (), places, "unknown")
    times = len(first.table) // gcd(len(first.table), shift)
    if first.kind == second.kind == "repeats" and times * len(numbers) <= MOST_POSITIONS:
        return Axis(stride, across(first, _repeated(numbers, shift, times)), places)
    if not _is_short(places):
        return Axis(stride, (), places, "unknown")
    reads = numbers if second.kind == "whole" else _repeated(numbers, shift, -(-places // len(numbers)))[:places]
    return Axis(stride, across(first, reads), places, "whole")


def join(left: Axis, right: Axis) -> Axis:
    """What the positions of a join of two see: all that either sees."""
    if left == right:
        return left
    count = right.places if left.places is None else left.places
    stride = larger(left.stride, right.stride)
    if left.kind == "endless" or right.kind == "endless":
        return endless(stride, count)
    if left.kind == "unknown" or right.kind == "unknown":
        return Axis(stride, (), count, "unknown")
    repeats = left.kind == right.kind == "repeats"
    kind: Kind = "repeats"
    if repeats and left.stride == right.stride:
        positions = lcm(len(left.table), len(right.table))
    elif _is_short(count):
        positions, kind = count, "whole"
    else:
        # With a free number of positions this is a bound from above.
        positions = 1 if repeats and len(left.table) == len(right.table) == 1 else MOST_POSITIONS + 1
    if positions > MOST_POSITIONS:
        return Axis(stride, (), count, "unknown")
    table = tuple(_both(left.ends(position), right.ends(position)) for position in range(positions))
    return Axis(stride, table, count, kind)


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


def _across_gaps(axis: Axis, reads: list[tuple[int, int]]) -> tuple[Ends, ...]:
    """The same for every other table of numbers."""
    return tuple(_over_gaps(axis, first, last) for first, last in reads)


def _over_gaps(axis: Axis, first: int, last: int) -> Ends:
    """As many as are in the table are enough: later ones see farther up, those before farther down."""
    many = len(axis.table)
    if axis.kind == "whole":
        within = range(max(first, 0), min(last, many - 1) + 1)
        lower = upper = [first, *within, last] if first <= last else []
    else:
        lower = [*range(first, min(last, first + many - 1) + 1)]
        upper = [*range(max(first, last - many + 1), last + 1)]
    starts = _numbers([ends for place in lower if not _is_nothing(ends := axis.ends(place))])
    stops = _numbers([ends for place in upper if not _is_nothing(ends := axis.ends(place))])
    return (min(low for low, _ in starts), max(high for _, high in stops)) if starts and stops else NOTHING


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
