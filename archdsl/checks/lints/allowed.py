"""Warnings that a comment silences in their place: `# allow unused-label: the page reads it`. Must not look for warnings.

The comment is about its own line, or, if nothing else is on it, about the next line that holds more than a comment. It names
one warning or several, and says why. One that silences nothing is a warning itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archdsl import wording
from archdsl.diagnostics import Diagnostic
from archdsl.records import NamedTuple
from archdsl.text import Source, Span

_LINE = re.compile(r'(?P<code>(?:"[^"\n]*"|[^"#\n])*)(?P<comment>#.*)?')
_ALLOW = re.compile(r"#\s*allow\s+(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*)\s*(?P<why>:\s*\S.*)?$")


class _Allowed(NamedTuple):
    """A comment: where its names are, the line that it is about, and whether it says why."""

    names: tuple[Span, ...]
    line: int
    says_why: bool


def without_allowed(found: Sequence[Diagnostic], source: Source) -> list[Diagnostic]:
    """The warnings that no comment silences, and those about the comments."""
    if "allow" not in source.text:
        return list(found)
    silenced: set[int] = set()
    about: list[Diagnostic] = []
    for one in _comments(source):
        about += [wording.lints.allow_without_reason(one.names[0])] if not one.says_why else []
        for name in one.names:
            matching = [
                at for at, warning in enumerate(found) if warning.name == name.text and _line(warning, source) == one.line
            ]
            silenced.update(matching)
            if not matching:
                about.append(_nothing_to_allow(name))
    return [*(warning for at, warning in enumerate(found) if at not in silenced), *about]


def _comments(source: Source) -> Iterator[_Allowed]:
    lines = [_LINE.match(source.line(number)) for number in range(1, len(source.line_starts) + 1)]
    for number, line in enumerate(lines, 1):
        written = _ALLOW.match(line["comment"]) if line is not None and line["comment"] else None
        if line is None or written is None:
            continue
        start = source.line_starts[number - 1] + line.start("comment") + written.start("names")
        words = re.finditer(r"[\w-]+", written["names"])
        names = tuple(Span(source, start + word.start(), start + word.end()) for word in words)
        about = number if line["code"].strip() else _next_code(lines, number)
        yield _Allowed(names, about, written["why"] is not None)


def _next_code(lines: Sequence[re.Match[str] | None], number: int) -> int:
    """The number of the next line that holds more than a comment; 0 if there is none."""
    following = (later for later in range(number + 1, len(lines) + 1))
    return next((later for later in following if (line := lines[later - 1]) is not None and line["code"].strip()), 0)


def _line(warning: Diagnostic, source: Source) -> int:
    primary = warning.primary
    return primary.span.place.line if primary is not None and primary.span.source is source else 0


def _nothing_to_allow(name: Span) -> Diagnostic:
    from archdsl.resources import page_names

    return wording.lints.unused_allow(name, page_names())
