"""All ways in which a program runs over the sizes of its inputs, and at which sizes each is taken. Must not know networks.

A run at one size records conditions (`archdsl.shapes.traced`): at every size that meets all of them, the program runs the
same way. Sizes that no run covers yet are run in turn. Since every condition repeats from some size on, a finite stretch of
sizes covers them all, and the result is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import lcm
from typing import TypeVar

from archdsl.checks.input_sizes.conditions import Columns, Repeats, Unbounded, repeats
from archdsl.records import NamedTuple
from archdsl.shapes.dimension import Undecided, decide
from archdsl.shapes.traced import Condition

Outcome = TypeVar("Outcome")
Run = Callable[[Mapping[str, int]], "tuple[Outcome, Iterable[Condition]]"]
"""Runs the program with a value for each symbol; gives the outcome, and the conditions that were recorded."""
_MOST_RUNS = 200
_MOST_PINNED = 40
"""Ways that hold for only a few sizes, for example because a square root must be whole. If there are many, there is no end."""
_LONGEST = 60_000
_NONE: frozenset[int] = frozenset()


class Way(NamedTuple):
    """One way to run: the outcome, and by symbol the numbers of the conditions that sizes must meet."""

    outcome: object
    conditions: Mapping[str, frozenset[int]]


class NotKnown(Exception):
    """The sizes cannot be found: too many ways to run, or conditions that never repeat."""


class Coupled(Exception):
    """A condition is on two sizes at once, so they cannot be looked at one by one."""


class Explored(NamedTuple):
    """The outcome at every combination of sizes, by the sizes that represent all.

    Attributes:
        symbols: the sizes.
        repeats: for each symbol from where on its classes repeat.
        class_of: for each symbol and each size below horizon + period, the number of its class.
        outcomes: for each combination of classes the outcome.
    """

    symbols: tuple[str, ...]
    repeats: Mapping[str, Repeats]
    class_of: Mapping[str, Sequence[int]]
    outcomes: Mapping[tuple[int, ...], object]

    def outcome(self, sizes: Mapping[str, int]) -> object:
        """What comes of a run at these sizes."""
        return self.outcomes[tuple(self.class_of[symbol][self._folded(symbol, sizes[symbol])] for symbol in self.symbols)]

    def _folded(self, symbol: str, size: int) -> int:
        horizon, period = self.repeats[symbol]
        return size if size < horizon + period else horizon + (size - horizon) % period


def explore(run: Run[Outcome], start: Mapping[str, int]) -> Explored:
    """Run at `start`, then wherever no run covers yet.

    Raises:
        Coupled: a condition is on several symbols.
        NotKnown: there are too many ways, or one that never repeats.
    """
    lines = {symbol: _Line() for symbol in start}
    ways: list[Way] = []
    waiting: Mapping[str, int] | None = start
    while waiting is not None:
        if len(ways) >= _MOST_RUNS:
            raise NotKnown
        outcome, conditions = run(waiting)
        ways.append(Way(outcome, _noted(conditions, lines)))
        if sum(any(lines[symbol].is_pinned(own) for symbol, own in way.conditions.items()) for way in ways) > _MOST_PINNED:
            raise NotKnown
        waiting = _uncovered(lines, ways)
    return Explored(
        tuple(lines),
        {symbol: line.repeats for symbol, line in lines.items()},
        {symbol: line.class_of for symbol, line in lines.items()},
        {combination: way.outcome for combination, way in _coverings(lines, ways) if way is not None},
    )


def _noted(conditions: Iterable[Condition], lines: Mapping[str, _Line]) -> dict[str, frozenset[int]]:
    """The conditions of one run, by symbol, as numbers on that symbol's line."""
    numbers: dict[str, list[int]] = {}
    for condition in conditions:
        names = condition.formula.symbols
        if len(names) != 1:
            if _always_holds(condition):
                continue
            raise Coupled
        (symbol,) = names
        numbers.setdefault(symbol, []).append(lines[symbol].number(condition))
    return {symbol: frozenset(own) for symbol, own in numbers.items()}


def _always_holds(condition: Condition) -> bool:
    """Whether the condition is met at all sizes, as `h*w + 1 > 0` is."""
    try:
        return decide(condition.relation, condition.formula, 0)
    except Undecided:
        return False


class _Line:
    """The sizes of one symbol in classes: those that meet the same conditions together; one size represents each class."""

    def __init__(self) -> None:
        self.repeats = Repeats(1, 1)
        self._numbers: dict[Condition, int] = {}
        self._pins: set[int] = set()
        self._columns = Columns(2)
        # There is no size 0; its place keeps sizes and positions equal.
        self.class_of = [-1, 0]
        self.sizes = [1]
        self._met: list[set[int]] = [set()]

    def meets(self, conditions: frozenset[int]) -> list[bool]:
        """Whether each class meets all of these conditions."""
        return [conditions <= met for met in self._met]

    def is_pinned(self, conditions: frozenset[int]) -> bool:
        """Whether one of the conditions holds for finitely many sizes."""
        return not self._pins.isdisjoint(conditions)

    def number(self, condition: Condition) -> int:
        """The number of a condition; if it is new, classes are split by it."""
        number = self._numbers.get(condition)
        if number is None:
            number = self._numbers[condition] = len(self._numbers)
            try:
                self._lengthen(repeats(condition))
            except Unbounded:
                raise NotKnown from None
            holds = self._columns.holds(condition)
            self._split(number, holds)
            if not any(holds[self.repeats.horizon :]):
                self._pins.add(number)
        return number

    def _lengthen(self, own: Repeats) -> None:
        """Make the stretch of sizes long enough for a condition that repeats like this."""
        before = self.repeats
        self.repeats = Repeats(max(before.horizon, own.horizon), lcm(before.period, own.period))
        length = sum(self.repeats)
        if length > _LONGEST:
            raise NotKnown
        if length > self._columns.count:
            self._columns = Columns(length)
            horizon, period = before
            known = self.class_of
            self.class_of = [
                known[size if size < horizon + period else horizon + (size - horizon) % period] for size in range(length)
            ]

    def _split(self, number: int, holds: Sequence[bool]) -> None:
        numbers: dict[tuple[int, bool], int] = {}
        sizes: list[int] = []
        met: list[set[int]] = []
        for size in range(1, len(self.class_of)):
            key = self.class_of[size], holds[size]
            if key not in numbers:
                numbers[key] = len(numbers)
                sizes.append(size)
                met.append(self._met[key[0]] | {number} if key[1] else set(self._met[key[0]]))
            self.class_of[size] = numbers[key]
        self.sizes, self._met = sizes, met


def _uncovered(lines: Mapping[str, _Line], ways: Sequence[Way]) -> dict[str, int] | None:
    """Sizes that no way covers; None if there are none."""
    for combination, covering in _coverings(lines, ways):
        if covering is None:
            return {symbol: line.sizes[at] for (symbol, line), at in zip(lines.items(), combination, strict=True)}
    return None


def _coverings(lines: Mapping[str, _Line], ways: Sequence[Way]) -> Iterable[tuple[tuple[int, ...], Way | None]]:
    """Each combination of classes with the first way that covers it.

    A set of ways is a number with a bit for each: those that cover a class of one symbol, of every symbol the intersection.
    """
    masks: list[list[int]] = []
    for symbol, line in lines.items():
        own = [0] * len(line.sizes)
        for bit, way in enumerate(ways):
            for at, is_met in enumerate(line.meets(way.conditions.get(symbol, _NONE))):
                own[at] |= is_met << bit
        masks.append(own)

    def inner(done: tuple[int, ...], mask: int) -> Iterable[tuple[tuple[int, ...], Way | None]]:
        if len(done) == len(masks):
            yield done, ways[(mask & -mask).bit_length() - 1] if mask else None
            return
        for number, own in enumerate(masks[len(done)]):
            yield from inner((*done, number), mask & own)

    return inner((), (1 << len(ways)) - 1)
