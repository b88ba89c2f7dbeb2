"""Sets of sizes: from some size on periodic, below that listed. Must not know what is accepted, or word it."""

from __future__ import annotations

from collections.abc import Callable

from archdsl.checks.input_sizes.conditions import Repeats
from archdsl.records import NamedTuple


class SizeSet(NamedTuple):
    """The sizes in `early`, and from `start` on those whose remainder by `period` is in `rests` (none if that is empty)."""

    early: tuple[int, ...]
    start: int
    period: int
    rests: tuple[int, ...]

    def holds(self, size: int) -> bool:
        """Whether the size is in the set."""
        return size % self.period in self.rests if size >= self.start else size in self.early

    def nearest(self, size: int) -> tuple[int, ...]:
        """The sizes of the set next below and above."""
        below = next((s for s in range(size, max(self.start, size - self.period) - 1, -1) if self.holds(s)), None)
        if below is None:
            below = max((s for s in self.early if s <= size), default=None)
        above = min((s for s in self.early if s >= size), default=None)
        if above is None and self.rests:
            first = max(size, self.start)
            above = next(s for s in range(first, first + self.period) if self.holds(s))
        return tuple(dict.fromkeys(s for s in (below, above) if s is not None))


EMPTY = SizeSet((), 1, 1, ())


def set_of(holds: Callable[[int], bool], repeats: Repeats) -> SizeSet:
    """The set for which `holds` is true, which repeats from the horizon on; in the shortest form."""
    horizon, whole = repeats
    pattern = [holds(size) for size in range(horizon, horizon + whole)]
    period = next(p for p in range(1, whole + 1) if whole % p == 0 and pattern == pattern[:p] * (whole // p))
    rests = tuple(sorted((horizon + at) % period for at in range(period) if pattern[at]))
    start = horizon
    while start > 1 and holds(start - 1) == ((start - 1) % period in rests):
        start -= 1
    return SizeSet(tuple(size for size in range(1, start) if holds(size)), start, period, rests)
