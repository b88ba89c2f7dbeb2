"""Several parts of one text, asked whether something lies in one of them. Must not know what they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from archdsl.text.source import Span


class Places:
    """Parts of one text; a question takes the logarithm of their number."""

    __slots__ = ("_ends", "_source", "_starts")

    def __init__(self, places: Iterable[Span]) -> None:
        """`places` of one text."""
        found = sorted(places, key=lambda place: place.start)
        self._source = found[0].source if found else None
        self._starts = [place.start for place in found]
        # The farthest end so far, since one place may lie in another.
        self._ends = list(accumulate((place.end for place in found), max))

    def holds(self, inner: Span) -> bool:
        """Whether all of `inner` lies in one of the places."""
        if inner.source is not self._source:
            return False
        before = bisect_right(self._starts, inner.start)
        return before > 0 and inner.end <= self._ends[before - 1]
