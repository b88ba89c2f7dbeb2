"""Diagnostics as a person reads them in a terminal. Must not print, and must not ask what kind of terminal it is.

```
error[shape-mismatch]: `residual` cannot add its branches: their shapes differ
   ┌─ mine.arch:14:3
   │
14 │   residual <
   │   ^^^^^^^^ both branches must have one shape
   │
   = branch 1  [256, 28, 28]
   = branch 2  [256, 56, 56]   (identity)
                     ~~  ~~
   = in block `bottleneck`, used at mine.arch:31
help: give the shortcut the same stride
   │
17 │   | conv 1x1 (4*c) stride=stride ; bn
   │                    ~~~~~~~~~~~~~
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archdsl.diagnostics.canvas import paint
from archdsl.diagnostics.edits import draw_edits, edited_lines
from archdsl.diagnostics.frame import Gutter, Mark, draw_frame, marked
from archdsl.diagnostics.model import CallStep, Comparison, Diagnostic
from archdsl.diagnostics.strip import show, width
from archdsl.text import Source

MOST_CALLS = 6
"""A longer call path shows its first and last steps."""


def draw_all(diagnostics: Sequence[Diagnostic], color: bool, limit: int | None = 20) -> str:
    """The diagnostics as they come, with a blank line between; beyond `limit`, how many more there are.

    If not all are shown, errors come before warnings.
    """
    shown = list(diagnostics)
    if limit is not None and len(shown) > limit:
        errors_first = sorted(range(len(shown)), key=lambda position: (shown[position].severity != "error", position))
        shown = [shown[position] for position in sorted(errors_first[:limit])]
    blocks = [draw(diagnostic, color) for diagnostic in shown]
    if len(diagnostics) > len(shown):
        blocks.append(f"and {len(diagnostics) - len(shown)} more")
    return "\n\n".join(blocks)


def draw(diagnostic: Diagnostic, color: bool) -> str:
    """One diagnostic, without a line end after it."""
    return "\n".join(_rows(diagnostic, color))


def _rows(diagnostic: Diagnostic, color: bool) -> Iterator[str]:
    severity = paint(f"{diagnostic.severity}[{diagnostic.name}]", diagnostic.severity, color)
    yield severity + paint(f": {show(diagnostic.message)}", "strong", color)
    frames = _frames(diagnostic)
    gutter = Gutter(_number_width(diagnostic, frames), color)
    for position, (source, marks) in enumerate(frames):
        if position:
            yield gutter.bare()
        yield from draw_frame(source, _place(source, marks), marks, gutter)
    facts = list(_facts(diagnostic, gutter))
    if facts and frames:
        yield gutter.bare()
    yield from facts
    for fix in diagnostic.fixes:
        yield paint("help", "help", color) + f": {show(fix.message)}"
        yield from draw_edits(fix, gutter)


def _frames(diagnostic: Diagnostic) -> list[tuple[Source, list[Mark]]]:
    """The marks of each source; the primary label's source first."""
    frames: list[tuple[Source, list[Mark]]] = []
    primary = diagnostic.primary
    for label in sorted(diagnostic.labels, key=lambda label: label is not primary):
        mark = marked(label.span, label.text, label is primary)
        found = next((marks for source, marks in frames if source is label.span.source), None)
        if found is None:
            frames.append((label.span.source, [mark]))
            continue
        if mark not in found:
            found.append(mark)
    return frames


def _place(source: Source, marks: Sequence[Mark]) -> str:
    first = next((mark for mark in marks if mark.primary), marks[0])
    return f"{show(source.name)}:{first.first_line}:{first.start + 1}"


def _number_width(diagnostic: Diagnostic, frames: Sequence[tuple[Source, Sequence[Mark]]]) -> int:
    numbers = [mark.last_line for _, marks in frames for mark in marks]
    numbers += [line.number for fix in diagnostic.fixes for line in edited_lines(fix)]
    return len(str(max(numbers, default=1)))


def _facts(diagnostic: Diagnostic, gutter: Gutter) -> Iterator[str]:
    if diagnostic.comparison is not None:
        yield from _comparison(diagnostic.comparison, gutter)
    for note in diagnostic.notes:
        first, *rest = note.split("\n")
        yield gutter.note(show(first))
        yield from (f"{' ' * (gutter.width + 3)}{show(line)}".rstrip(" ") for line in rest)
    yield from _call_path(diagnostic.call_path, gutter)


def _comparison(comparison: Comparison, gutter: Gutter) -> Iterator[str]:
    """The shapes below each other, their axes aligned if all have the same number, and the differing ones marked."""
    rows = comparison.rows
    titles = [show(row.title) for row in rows]
    widest = max((width(title) for title in titles), default=0)
    shapes = [[show(axis) for axis in row.shape] for row in rows]
    if len({len(shape) for shape in shapes}) == 1:
        columns = [max(width(axis) for axis in column) for column in zip(*shapes, strict=True)]
        shapes = [[_right(axis, size) for axis, size in zip(shape, columns, strict=True)] for shape in shapes]
    texts = ["[" + ", ".join(shape) + "]" for shape in shapes]
    longest = max((width(text) for text in texts), default=0)
    for row, title, text in zip(rows, titles, texts, strict=True):
        remark = f"{' ' * (longest - width(text))}   ({show(row.remark)})" if row.remark else ""
        yield gutter.note(f"{_left(title, widest)}  {text}{remark}")
    if comparison.axes and shapes:
        signs = [("~" if axis in comparison.axes else " ") * width(text) for axis, text in enumerate(shapes[-1])]
        indent = " " * (gutter.width + 3 + widest + 2 + 1)
        yield indent + paint("  ".join(signs).rstrip(), "primary", gutter.color)


def _call_path(path: Sequence[CallStep], gutter: Gutter) -> Iterator[str]:
    if len(path) > MOST_CALLS:
        half = MOST_CALLS // 2
        yield from _call_path(path[:half], gutter)
        yield gutter.note(f"… and {len(path) - 2 * half} calls between")
        yield from _call_path(path[-half:], gutter)
        return
    for step in path:
        yield gutter.note(f"in block `{show(step.name)}`, used at {show(step.span.source.name)}:{step.span.place.line}")


def _left(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text
