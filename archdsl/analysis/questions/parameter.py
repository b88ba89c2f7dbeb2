"""The extreme value of an arch parameter that satisfies a condition: the largest `width` with `macs <= 4G`. Must not print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from archdsl.analysis.contracts import about_bounds
from archdsl.analysis.questions.condition import Condition, Figures, NoAnswer, comparisons, keeps, measure, shown
from archdsl.diagnostics import ArchError, WrongUse
from archdsl.ir import Network
from archdsl.ir.network import Expectation
from archdsl.records import NamedTuple
from archdsl.shapes import Formula

MOST = 2**32
NEAR = 256
"""How many values in a row the architecture may refuse (heads that do not divide a width) before the search gives up."""


class Tried(NamedTuple):
    """A value of the parameter, and what is measured with it for each comparison of the condition, in its order."""

    value: int
    measured: tuple[Figures, ...]


class Answer(NamedTuple):
    """The value that just keeps the condition, and its neighbour, which breaks it (None: the least value keeps it as well).

    Attributes:
        ranges: the first and the last value of every range that keeps it; None: without an end.
    """

    best: Tried
    beyond: Tried | None
    ranges: tuple[tuple[int, int | None], ...]

    @property
    def is_largest(self) -> bool:
        """Whether larger values break the condition, rather than smaller ones."""
        return self.beyond is not None and self.beyond.value > self.best.value


class _Bound(NamedTuple):
    """One number of a measured value beside a bound: as the parameter grows it turns at most once."""

    comparison: int
    part: int | None
    relation: str
    bound: int | Fraction | float

    def number(self, tried: Tried) -> int | Fraction:
        measured = tried.measured[self.comparison]
        return measured[self.part or 0] if isinstance(measured, tuple) else measured

    def holds(self, tried: Tried) -> bool:
        number = self.number(tried)
        return bool(number <= self.bound if self.relation == "<=" else number < self.bound)


def check_parameter(network: Network, name: str) -> None:
    """Raises:
    WrongUse: the parameter is not a whole number.
    """
    value = network.parameters.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        kind = "a list" if isinstance(value, tuple) else "a boolean" if isinstance(value, bool) else f"{value}"
        raise WrongUse(f"`{name}` is {kind}, but only a parameter that is a whole number can be solved for")


def solve(build: Callable[[int], Network], condition: Condition) -> Answer:
    """The largest value that keeps the condition; the smallest, where it is kept without an end.

    Each metric is taken to grow with the parameter all the way, or to shrink (the operations of a vision transformer do, with
    the size of its patches). So each comparison turns at a few values, and between these the condition is one and the same.

    Args:
        build: the network with this value of the parameter.

    Raises:
        NoAnswer: no value keeps the condition, or nothing in it turns, or a metric does not fit the question.
        ArchError: the condition names something that is not there, or the architecture takes no value at all.
    """
    search = _Search(build, condition)
    low = search.at(1, up=True)
    if low is None:
        raise search.refused()
    turns = sorted({turn for bound in _bounds(condition, low) if (turn := search.turn(bound, low)) is not None})
    starts = [low, *(after for _, after in turns)]
    ends = [*(before for before, _ in turns), None]
    kept = [(start, end) for start, end in zip(starts, ends, strict=True) if search.keeps(start)]
    if not kept:
        raise NoAnswer(f"no value keeps `{shown(condition)}`: {search.said(low)}")
    if not turns and search.is_flat(low):
        raise NoAnswer(f"the value does not decide `{shown(condition)}`: {search.said(low)}, and at every value tried")
    ranges = _joined(kept, turns)
    return search.answer(ranges, turns)


def _bounds(condition: Condition, low: Tried) -> Iterator[_Bound]:
    """Everything in the condition that turns by itself."""
    for number, comparison in enumerate(comparisons(condition)):
        measured = low.measured[number]
        parts = range(len(measured)) if isinstance(measured, tuple) else (None,)
        for part in parts:
            for relation, bound in _sides(comparison, part):
                yield _Bound(number, part, relation, bound)


def _sides(comparison: Expectation, part: int | None) -> list[tuple[str, int | Fraction | float]]:
    wanted = comparison.value
    bound = wanted[part or 0] if isinstance(wanted, tuple) else wanted
    # A condition reads no names, so nothing in it is free.
    assert not isinstance(bound, Formula)
    match comparison.relation:
        case "<" | ">=":
            return [("<", bound)]
        case "<=" | ">":
            return [("<=", bound)]
        case "~=" if bound:
            least, end = about_bounds(Fraction(bound), comparison)
            return [("<", least), ("<", end)]
    return [("<", bound), ("<=", bound)]


def _joined(kept: list[tuple[Tried, Tried | None]], turns: list[tuple[Tried, Tried]]) -> list[tuple[Tried, Tried | None]]:
    """Ranges that lie side by side as one."""
    after = {before.value: value for before, value in turns}
    found: list[tuple[Tried, Tried | None]] = []
    for start, end in kept:
        last = found[-1][1] if found else None
        if last is not None and after[last.value].value == start.value:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


class _Search:
    """Values tried so far."""

    def __init__(self, build: Callable[[int], Network], condition: Condition) -> None:
        self.build, self.condition = build, condition
        self.comparisons = tuple(comparisons(condition))
        self.known: dict[int, Tried | None] = {}
        self.too_large: int | None = None
        self.error: ArchError | None = None

    def try_(self, value: int) -> Tried | None:
        """What is measured with this value; None where the architecture does not take it."""
        if value not in self.known:
            self.known[value] = self._measure(value)
        return self.known[value]

    def _measure(self, value: int) -> Tried | None:
        if self.too_large is not None and value >= self.too_large:
            return None
        try:
            network = self.build(value)
        except ArchError as error:
            self.error = error
            if any(diagnostic.name == "too-large" for diagnostic in error.found):
                self.too_large = value
            return None
        found = measure(network, self.condition)
        return Tried(value, tuple(found[id(one)] for one in self.comparisons))

    def keeps(self, tried: Tried) -> bool:
        return keeps(self.condition, {id(one): found for one, found in zip(self.comparisons, tried.measured, strict=True)})

    def turn(self, bound: _Bound, low: Tried) -> tuple[Tried, Tried] | None:
        """The neighbours between which the bound turns; None where it does not."""
        verdict = bound.holds(low)
        if self._leaves(bound, low):
            return None
        high: Tried | None = low
        value = max(2 * low.value, 2)
        while value <= MOST:
            high = self.at(value, up=True)
            if high is None:
                return None
            if bound.holds(high) != verdict:
                return self._narrowed(bound, low, high)
            low, value = high, 2 * high.value
        return None

    def _narrowed(self, bound: _Bound, low: Tried, high: Tried) -> tuple[Tried, Tried]:
        verdict = bound.holds(low)
        while (middle := self.between(low, high)) is not None:
            low, high = (middle, high) if bound.holds(middle) == verdict else (low, middle)
        return low, high

    def _leaves(self, bound: _Bound, low: Tried) -> bool:
        """Whether the number moves away from the bound as the parameter grows."""
        further = self.at(2 * low.value, up=True)
        if further is None or bound.number(further) == bound.number(low):
            return False
        grows = bool(bound.number(further) > bound.number(low))
        # What keeps an upper bound leaves it by shrinking; what breaks it, by growing.
        return grows != bound.holds(low)

    def is_flat(self, low: Tried) -> bool:
        """Whether nothing that is measured moves as the parameter grows."""
        return all(tried is None or tried.measured == low.measured for tried in self.known.values())

    def at(self, value: int, up: bool) -> Tried | None:
        """The value, or the nearest one above (or below) that the architecture takes."""
        for step in range(NEAR):
            near = value + step if up else value - step
            tried = self.try_(near) if near >= 1 else None
            if tried is not None:
                return tried
        return None

    def between(self, low: Tried, high: Tried) -> Tried | None:
        """A value strictly between, as near to the middle as the architecture allows; None if there is none."""
        middle = (low.value + high.value) // 2
        for step in range(min(NEAR, high.value - low.value)):
            for near in (middle - step, middle + step):
                tried = self.try_(near) if low.value < near < high.value else None
                if tried is not None:
                    return tried
        return None

    def answer(self, ranges: list[tuple[Tried, Tried | None]], turns: list[tuple[Tried, Tried]]) -> Answer:
        """The end of the last range; its start, where it has no end."""
        start, end = ranges[-1]
        spans = tuple((first.value, None if last is None else last.value) for first, last in ranges)
        if end is not None:
            return Answer(end, next(after for before, after in turns if before.value == end.value), spans)
        return Answer(start, next((before for before, after in turns if after.value == start.value), None), spans)

    def said(self, tried: Tried) -> str:
        """`with 1, macs is 221,184`"""
        named = dict(zip((one.metric_span.text for one in self.comparisons), tried.measured, strict=True))
        return f"with {tried.value} {', '.join(f'`{name}` is {_text(value)}' for name, value in named.items())}"

    def refused(self) -> Exception:
        return self.error or NoAnswer(f"the architecture takes no value from 1 to {NEAR}")


def _text(value: Figures) -> str:
    return f"[{', '.join(map(_text, value))}]" if isinstance(value, tuple) else f"{value:,}"
