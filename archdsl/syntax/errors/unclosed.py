"""A body that is never closed: where its `>` was most likely forgotten, by the indentation. Must not parse.

A body that starts on the line of its `<` ends with that line, one that starts on the next line ends before the first line
that is indented no further than the line of its `<`; lines that start with `|` or `>` belong to it, and empty ones do too.
"""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.records import NamedTuple
from archdsl.text import Source, Span

_CODE = re.compile(r'(?:"[^"\n]*"|[^"#\n])*')


class Unclosed(NamedTuple):
    """The diagnostic, the offsets of the `<` and of where its `>` is missing, and whether something follows there."""

    said: Diagnostic
    begin: int
    end: int
    is_before_more: bool


def never_closed(source: Source, begin: int) -> Unclosed:
    """For the `<` at the offset `begin`, open at the end of the file."""
    first = source.place(begin).line
    lines = [_code(source, number) for number in range(first, len(source.line_starts) + 1)]
    behind = lines[0][begin + 1 - source.line_starts[first - 1] :].strip()
    last = _last_line(lines, bool(behind) and behind[-1] not in "<|([,")
    end = source.line_starts[first - 1 + last] + len(lines[last])
    is_inline = last == 0
    text = " >" if is_inline else "\n" + _indent(lines[0]) + ">"
    place = Span(source, end, end)
    labels = (
        Label(place, "`>` is missing before this point", primary=True),
        Label(Span(source, begin, begin + 1), "opened here"),
    )
    fix = Fix("close it", (Edit(place, text),))
    said = Diagnostic("unclosed-bracket", "error", "`<` is never closed", labels, fixes=(fix,))
    return Unclosed(said, begin, end, any(line.strip() for line in lines[last + 1 :]))


def _code(source: Source, number: int) -> str:
    """A line without its comment and the blanks at its end."""
    found = _CODE.match(source.line(number))
    return found.group().rstrip() if found else ""


def _last_line(lines: list[str], goes_on: bool) -> int:
    """The index of the last line of the body that starts on the first line, with something after its `<` or not."""
    indent, last = len(_indent(lines[0])), 0
    for number, line in enumerate(lines[1:], 1):
        if not line.strip():
            continue
        belongs = line.lstrip()[0] in "|>" or (len(_indent(line)) > indent and not (goes_on and last == 0))
        if not belongs:
            break
        last = number
    return last


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
