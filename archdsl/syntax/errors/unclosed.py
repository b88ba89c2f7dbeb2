"""Where a closing sign was most likely forgotten: a `>` by the indentation, a `)` before a body on its line. Must not parse.

A body that starts on the line of its `<` ends with that line, one that starts on the next line ends before the first line
that is indented no further than the line of its `<`; lines that start with `|` or `>` belong to it, and empty ones do too.
"""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.records import NamedTuple
from archdsl.text import Source, Span

_TEXT = re.compile(r'"[^"\n]*"')
_BODY = re.compile(r" <(?=\s|$)")
_BODY_END = re.compile(r" >(?=\s*(?:$|[;|>]))")
"""A comparison would have a second operand."""
_CODE = re.compile(r'(?:"[^"\n]*"|[^"#\n])*')


class Unclosed(NamedTuple):
    """The diagnostic, the offsets of the sign and of where its closing one is missing, and whether something follows there."""

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


def open_before_body(source: Source, begin: int, end: int, is_in_body: bool) -> Unclosed | None:
    """For the `(` at the offset `begin`, open before `end`: a body starts or ends on its line, whose sign seemed to compare.

    `is_in_body`: the `(` is in a body.
    """
    place = source.place(begin)
    start = source.line_starts[place.line - 1]
    line = _code(source, place.line)
    bodies = (found.start() for found in _BODY.finditer(line, begin - start) if start + found.end() <= end)
    body = next((at for at in bodies if _is_whole(line[at:])), None)
    if body is None and is_in_body:
        ends = (found.start() for found in _BODY_END.finditer(line, begin - start) if start + found.end() <= end)
        body = next(ends, None)
    if body is None:
        return None
    signs = _TEXT.sub("", line)
    if signs.count("(") - signs.count(")") != 1:
        return None
    at = start + body
    labels = (
        Label(Span(source, at, at), "`)` is missing before this point", primary=True),
        Label(Span(source, begin, begin + 1), "opened here"),
    )
    fix = Fix("close it with `)`", (Edit(Span(source, at, at), ")"),))
    return Unclosed(Diagnostic("unclosed-bracket", "error", "`)` is missing", labels, fixes=(fix,)), begin, at, True)


def _is_whole(text: str) -> bool:
    """Whether the bodies of a text are closed on their line, or the last one starts on the next."""
    signs = _TEXT.sub("", text)
    return signs.count("<") - signs.count(">") == (1 if signs.endswith("<") else 0)


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
