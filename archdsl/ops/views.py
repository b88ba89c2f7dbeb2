"""What one position of an operator's output sees of its input. Must not know operators or sites."""

from __future__ import annotations

from typing import Literal, Union

from archdsl.records import NamedTuple
from archdsl.shapes import Dim


class Window(NamedTuple):
    """What one output position sees of the input where each sees as much, per axis `[h, w]`.

    `kernel`: extent in input positions (dilation included); `stride`: input positions between neighbors; `before`: how far
    the window starts before the position (the padding in front); `dense`: whether all positions of the extent are seen (not so
    with dilation).
    """

    kernel: tuple[Dim, Dim]
    stride: tuple[Dim, Dim] = (1, 1)
    before: tuple[Dim, Dim] = (0, 0)
    dense: tuple[bool, bool] = (True, True)


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
    """What one output position sees where that changes from position to position, per axis `[h, w]`.

    It is all from `low` to `high` (of a grid the outermost positions), and nothing where `high` is below `low`. None is an axis
    that every position sees whole.
    """

    low: tuple[Line | None, Line | None]
    high: tuple[Line | None, Line | None]


POINT = Window((1, 1))
EVERYTHING: Literal["everything"] = "everything"
"""The window of an operator that sees the whole input (global pooling, attention)."""

UNKNOWN: Literal["unknown"] = "unknown"
"""What an operator sees of a free size that no formula tells."""

View = Union[Window, Lines, Literal["everything", "unknown"]]
