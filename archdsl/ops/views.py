"""What one position of an operator's output sees of its input. Must not know operators or sites."""

from __future__ import annotations

from typing import Literal, Union

from archdsl.records import NamedTuple
from archdsl.shapes import Dim


class Window(NamedTuple):
    """What one output position sees of the input where each sees as much, a number for each spatial axis.

    `kernel`: extent in input positions (dilation included); `stride`: input positions between neighbors; `before`: how far
    the window starts before the position (the padding in front); `dense`: whether all positions of the extent are seen (not so
    with dilation). All are empty if a position sees its own place, however many axes there are.
    """

    kernel: tuple[Dim, ...]
    stride: tuple[Dim, ...]
    before: tuple[Dim, ...]
    dense: tuple[bool, ...]

    @classmethod
    def moved(cls, before: tuple[Dim, ...]) -> Window:
        """One position of the input, so far before the output's."""
        ones = (1,) * len(before)
        return cls(ones, ones, before, (True,) * len(before))


class Line(NamedTuple):
    """A position of the input for each position p of the output: `own*p + times*floor((slope*p + start) / over) + more`.

    A formula is a `slope` or `more` whose line has `over` 1. `own` is 1 in the windows of a grid, which covers the map once.
    """

    slope: Dim = 1
    start: int = 0
    over: int = 1
    times: int = 1
    more: Dim = 0
    own: int = 0

    def at(self, position: int) -> Dim:
        """That position for p."""
        risen = self.slope * position + self.start
        return self.own * position + self.times * (risen // self.over if isinstance(risen, int) else risen) + self.more


class Lines(NamedTuple):
    """What one output position sees where that changes from position to position, one line for each spatial axis.

    It is all from `low` to `high` (of a grid the outermost positions), and nothing where `high` is below `low`. None is an axis
    that every position sees whole.
    """

    low: tuple[Line | None, ...]
    high: tuple[Line | None, ...]


POINT = Window((), (), (), ())
EVERYTHING: Literal["everything"] = "everything"
"""The window of an operator that sees the whole input (global pooling, attention)."""

UNKNOWN: Literal["unknown"] = "unknown"
"""What an operator sees of a free size that no formula tells."""

View = Union[Window, Lines, Literal["everything", "unknown"]]
