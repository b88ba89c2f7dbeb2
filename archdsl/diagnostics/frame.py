"""The frame around marked lines of one source: gutter, underlines, hanging texts. Must not know what a diagnostic is.

```
   ┌─ mine.arch:14:3
   │
14 │   residual <
   │   ^^^^^^^^ both branches must have one shape
16 │     conv 3x3 c stride=stride ; bn ; relu
   │              --------------- this halves the height and width
```

A mark over several lines gets a bar beside them, in a lane of its own:

```
14 │ ╭   residual <
 … │ │
18 │ │   >
   │ ╰───^ this never ends
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archdsl.diagnostics.canvas import Row, Style, paint
from archdsl.diagnostics.strip import ELLIPSIS, Strip, show
from archdsl.records import NamedTuple
from archdsl.text import Source, Span

LONGEST_WHOLE_MARK = 5
"""A mark over up to this many lines shows all of them, a longer one its first and its last."""


class Mark(NamedTuple):
    """A place to underline; lines count from 1, columns in characters from 0, the end column is excluded."""

    first_line: int
    start: int
    last_line: int
    end: int
    text: str
    primary: bool

    @property
    def style(self) -> Style:
        """The style of its underline and text."""
        return "primary" if self.primary else "secondary"

    @property
    def sign(self) -> str:
        """The character that underlines it."""
        return "^" if self.primary else "-"

    @property
    def is_single(self) -> bool:
        """Whether it is on one line."""
        return self.first_line == self.last_line

    def covers(self, other: Mark) -> bool:
        """Whether two marks on one line share a column."""
        return self.start < max(other.end, other.start + 1) and other.start < max(self.end, self.start + 1)


class Gutter(NamedTuple):
    """The column of line numbers, `width` digits wide."""

    width: int
    color: bool

    def line(self, number: int, text: str) -> str:
        """A row with a line number."""
        return self._row(str(number), text)

    def bare(self, text: str = "") -> str:
        """A row without a line number."""
        return self._row("", text)

    def gap(self, text: str = "") -> str:
        """A row for lines that are left out."""
        return self._row(ELLIPSIS, text)

    def head(self, place: str) -> str:
        """The row that names the place, `┌─ mine.arch:14:3`."""
        return f"{' ' * (self.width + 1)}{paint('┌─', 'gutter', self.color)} {place}"

    def note(self, text: str) -> str:
        """A row after `=`."""
        return f"{' ' * (self.width + 1)}{paint('=', 'gutter', self.color)} {text}"

    def _row(self, left: str, text: str) -> str:
        bar = paint(f"{left:>{self.width}} │", "gutter", self.color)
        return f"{bar} {text}".rstrip(" ")


def marked(span: Span, text: str, primary: bool) -> Mark:
    """The mark of a span. One that ends with a line's end does not reach into the next line."""
    first, last = span.place, span.end_place
    last_line, end = last.line, last.column - 1
    if last_line > first.line and end == 0:
        last_line -= 1
        end = len(span.source.line(last_line))
    return Mark(first.line, first.column - 1, last_line, end, text, primary)


def draw_frame(source: Source, place: str, marks: Sequence[Mark], gutter: Gutter) -> Iterator[str]:
    """The rows of one source's frame."""
    yield gutter.head(place)
    yield gutter.bare()
    lanes = _Lanes([mark for mark in marks if not mark.is_single], gutter.color)
    previous: int | None = None
    for number in _shown_lines(marks):
        if previous is not None and number > previous + 2:
            yield gutter.gap(lanes.prefix())
        previous = number
        yield from _draw_line(source, number, marks, lanes, gutter)


def _shown_lines(marks: Sequence[Mark]) -> list[int]:
    lines: set[int] = set()
    for mark in marks:
        if mark.last_line - mark.first_line < LONGEST_WHOLE_MARK:
            lines.update(range(mark.first_line, mark.last_line + 1))
        lines |= {mark.first_line, mark.last_line}
    return sorted(lines)


def _draw_line(source: Source, number: int, marks: Sequence[Mark], lanes: _Lanes, gutter: Gutter) -> Iterator[str]:
    text = source.line(number)
    singles = sorted((mark for mark in marks if mark.is_single and mark.first_line == number), key=lambda mark: mark.start)
    opening = [mark for mark in marks if not mark.is_single and mark.first_line == number]
    closing = [mark for mark in marks if not mark.is_single and mark.last_line == number]
    points = [point for mark in singles for point in (mark.start, mark.end)]
    strip = Strip(text, points + [mark.start for mark in opening] + [mark.end for mark in closing])
    at_first_word = [mark for mark in opening if not text[: mark.start].strip()]
    for mark in at_first_word:
        lanes.open(mark)
    # The corner is on the line itself if the mark starts at its first word, else on a row below.
    yield gutter.line(number, lanes.prefix(corners=at_first_word) + strip.text)
    for row in _underline(singles, strip):
        yield gutter.bare(lanes.prefix() + row.draw(gutter.color))
    for mark in opening:
        if mark not in at_first_word:
            yield gutter.bare(lanes.open(mark, strip.column(mark.start)))
    for mark in sorted(closing, key=lambda mark: mark.first_line, reverse=True):
        yield gutter.bare(lanes.close(mark, max(0, strip.column(mark.end) - 1)))


def _underline(marks: Sequence[Mark], strip: Strip) -> Iterator[Row]:
    """The row of underlines with the last mark's text after it, then the other texts, hanging from right to left."""
    if not marks:
        return
    row = Row()
    # Primary marks are put last, so that they win if marks overlap.
    for mark in sorted(marks, key=lambda mark: mark.primary):
        start = strip.column(mark.start)
        row.mark(start, max(strip.column(mark.end), start + 1), mark.sign, mark.style)
    texts = [mark for mark in marks if mark.text]
    last = max(marks, key=lambda mark: mark.end)
    hanging = texts
    if last.text and not any(last.covers(mark) for mark in marks if mark is not last):
        row.write(f" {show(last.text)}", last.style)
        hanging = [mark for mark in texts if mark is not last]
    yield row
    if hanging:
        yield _pointers(hanging, strip)
    for position in range(len(hanging) - 1, -1, -1):
        mark = hanging[position]
        row = _pointers([other for other in hanging[:position] if other.start < mark.start], strip)
        row.write(show(mark.text), mark.style, column=strip.column(mark.start))
        yield row


def _pointers(marks: Sequence[Mark], strip: Strip) -> Row:
    row = Row()
    for mark in marks:
        column = strip.column(mark.start)
        row.mark(column, column + 1, "│", mark.style)
    return row


class _Lanes:
    """The columns left of the text, for the bars of marks over several lines."""

    def __init__(self, marks: Sequence[Mark], color: bool) -> None:
        self._color = color
        self._lane: dict[Mark, int] = {}
        self._open: dict[int, Mark] = {}
        for mark in sorted(marks, key=lambda mark: (mark.first_line, -mark.last_line)):
            taken = {lane for other, lane in self._lane.items() if other.last_line >= mark.first_line}
            self._lane[mark] = next(lane for lane in range(len(marks)) if lane not in taken)
        self._width = 2 * (max(self._lane.values(), default=-1) + 1)

    def prefix(self, corners: Sequence[Mark] = ()) -> str:
        return self._row(corners).draw(self._color, self._width)

    def open(self, mark: Mark, column: int | None = None) -> str:
        """Start the mark's bar; the row of its corner, drawn over to `column`."""
        row = self._row()
        self._open[self._lane[mark]] = mark
        return "" if column is None else self._corner(row, mark, "╭", column).draw(self._color)

    def close(self, mark: Mark, column: int) -> str:
        """End the mark's bar; the row of its corner, drawn over to `column`, with its text."""
        del self._open[self._lane[mark]]
        row = self._corner(self._row(), mark, "╰", column)
        if mark.text:
            row.write(f" {show(mark.text)}", mark.style)
        return row.draw(self._color)

    def _corner(self, row: Row, mark: Mark, corner: str, column: int) -> Row:
        lane = 2 * self._lane[mark]
        row.mark(lane, lane + 1, corner, mark.style)
        row.mark(lane + 1, self._width + column, "─", mark.style)
        row.mark(self._width + column, self._width + column + 1, mark.sign, mark.style)
        return row

    def _row(self, corners: Sequence[Mark] = ()) -> Row:
        row = Row()
        for lane, mark in self._open.items():
            row.mark(2 * lane, 2 * lane + 1, "╭" if mark in corners else "│", mark.style)
        return row
