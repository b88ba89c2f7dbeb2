"""Two sequences side by side: what has a counterpart in the other one. Must not know what is aligned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import Match, SequenceMatcher

from archdsl.diagnostics import Refusal

MOST_COMPARISONS = 5_000_000
"""As many as take seconds. A matcher may come to the cube of the length where the sequences repeat what they hold."""

Pair = tuple[int | None, int | None]


class TooManyToAlign(Refusal):
    """Two bodies are too long and too different."""

    def __init__(self, first: int, second: int) -> None:
        bodies = f"bodies of {first:,} and {second:,} steps"
        super().__init__(f"{bodies} differ too much to be aligned; `archdsl compare` puts their numbers side by side")


def aligned(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[Pair]:
    """Positions of the first and the second in order, None if a side has no counterpart.

    Raises:
        TooManyToAlign: the matcher would compare more than `MOST_COMPARISONS` pairs.
    """
    shorter = min(len(first), len(second))
    start = next((i for i in range(shorter) if first[i] != second[i]), shorter)
    end = next((i for i in range(shorter - start) if first[-1 - i] != second[-1 - i]), shorter - start)
    middle = _Matcher(first[start : len(first) - end], second[start : len(second) - end])
    pairs: list[Pair] = [(i, i) for i in range(start)]
    for tag, a, b, c, d in middle.get_opcodes():
        a, b, c, d = a + start, b + start, c + start, d + start
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            pairs += zip(range(a, b), range(c, d), strict=True)
        else:
            pairs += [(i, None) for i in range(a, b)] + [(None, i) for i in range(c, d)]
    return pairs + list(zip(range(len(first) - end, len(first)), range(len(second) - end, len(second)), strict=True))


class _Matcher(SequenceMatcher[Hashable]):
    """Counts what it compares: each item with its equals on the other side."""

    def __init__(self, first: Sequence[Hashable], second: Sequence[Hashable]) -> None:
        equals = Counter(second)
        self._sizes = len(first), len(second)
        self._equals = [equals[item] for item in first]
        self._comparisons = 0
        super().__init__(None, first, second, autojunk=False)

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self._comparisons += sum(self._equals[alo:ahi])
        if self._comparisons > MOST_COMPARISONS:
            raise TooManyToAlign(*self._sizes)
        return super().find_longest_match(alo, ahi, blo, bhi)
