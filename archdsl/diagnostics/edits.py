"""The lines that a fix gives, with what is new in them marked. Must not change any file.

A replacement is marked with `~~~` below it, an addition with `+++`. A line that only loses something is shown
as it was, with `---` below what is removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archdsl.diagnostics.canvas import Row
from archdsl.diagnostics.frame import Gutter
from archdsl.diagnostics.model import Edit, Fix
from archdsl.diagnostics.strip import Strip
from archdsl.records import NamedTuple
from archdsl.text import Source

MOST_LINES = 6


class EditedLine(NamedTuple):
    """A line after the edits: its number in the new text, and (start, end, sign) of what changed in it."""

    number: int
    text: str
    marks: tuple[tuple[int, int, str], ...]


def draw_edits(fix: Fix, gutter: Gutter) -> Iterator[str]:
    """The gutter rows under a `help:` line; none for a fix without edits."""
    lines = edited_lines(fix)
    previous: int | None = None
    if lines:
        yield gutter.bare()
    for line in lines:
        if previous is not None and line.number > previous + 1:
            yield gutter.gap()
        previous = line.number
        strip = Strip(line.text, [point for start, end, _ in line.marks for point in (start, end)])
        row = Row()
        for start, end, sign in line.marks:
            row.mark(strip.column(start), max(strip.column(end), strip.column(start) + 1), sign, "help")
        yield gutter.line(line.number, strip.text)
        if line.marks:
            yield gutter.bare(row.draw(gutter.color))


def edited_lines(fix: Fix) -> list[EditedLine]:
    """The lines of the text that the edits touch, as they are going to be; at most `MOST_LINES`."""
    edits = sorted(fix.edits, key=lambda edit: edit.span.start)
    if not edits or any(edit.span.source is not edits[0].span.source for edit in edits):
        return []
    source = edits[0].span.source
    lines: list[EditedLine] = []
    added = 0
    for group in _by_lines(source, edits):
        first = source.place(group[0].span.start).line
        made = _deletion(source, first, group) or _rewritten(source, first, group)
        lines += [line._replace(number=line.number + added) for line in made]
        added += sum(edit.text.count("\n") - edit.span.text.count("\n") for edit in group)
    return lines[:MOST_LINES]


def _by_lines(source: Source, edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits in groups that touch the same lines."""
    groups: list[list[Edit]] = []
    reached = 0
    for edit in edits:
        if groups and source.place(edit.span.start).line <= reached:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        reached = max(reached, source.place(edit.span.end).line)
    return groups


def _deletion(source: Source, first: int, edits: Sequence[Edit]) -> list[EditedLine]:
    """The old line with what is removed marked, for edits that only remove text within a line; else nothing."""
    if any(edit.text or source.place(edit.span.end).line != first for edit in edits):
        return []
    start = source.line_starts[first - 1]
    marks = tuple((edit.span.start - start, edit.span.end - start, "-") for edit in edits)
    return [EditedLine(first, source.line(first), marks)]


def _rewritten(source: Source, first: int, edits: Sequence[Edit]) -> list[EditedLine]:
    last = max(source.place(edit.span.end).line for edit in edits)
    start = source.line_starts[first - 1]
    end = source.line_starts[last - 1] + len(source.line(last))
    pieces: list[tuple[str, str]] = []
    for edit in edits:
        pieces.append((source.text[start : edit.span.start], " "))
        pieces.append((edit.text, "~" if edit.span.end > edit.span.start else "+"))
        start = edit.span.end
    pieces.append((source.text[start:end], " "))
    text = "".join(text for text, _ in pieces)
    signs = "".join("\n" if character == "\n" else sign for text, sign in pieces for character in text)
    lines: list[EditedLine] = []
    at = 0
    for number, line in enumerate(text.split("\n"), first):
        lines.append(EditedLine(number, line.rstrip("\r"), _runs(signs[at : at + len(line)])))
        at += len(line) + 1
    # Lines that the edits only moved show nothing new.
    return [line for line in lines if line.marks] or lines[:1]


def _runs(signs: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, sign) of each run of one sign other than a blank."""
    runs: list[tuple[int, int, str]] = []
    for position, sign in enumerate(signs):
        if sign == " ":
            continue
        if runs and runs[-1][1] == position and runs[-1][2] == sign:
            runs[-1] = (runs[-1][0], position + 1, sign)
            continue
        runs.append((position, position + 1, sign))
    return tuple(runs)
