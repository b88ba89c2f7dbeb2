"""Phrases that many messages share: what was meant, what came first, which names there are. Must not word a whole fact."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.text import Span

WIDTH_FOLLOWS = "leave it out: the width follows from the value"


def left_out(argument: Span) -> Edit:
    """An argument taken away, with the comma or the blanks beside it, and with brackets that it leaves empty."""
    text = argument.source.text
    start, end = argument.start, argument.end
    while start and text[start - 1] in " \t":
        start -= 1
    before, after = text[start - 1 : start], re.match(r"\s*([,)])\s*", text[end:])
    if before == ",":
        start -= 1
    elif before == "(" and after is not None:
        start, end = (start, end + after.end()) if after.group(1) == "," else (start - 1, end + after.end(1))
    return Edit(Span(argument.source, start, end), "")


def meant(guess: str | None, span: Span | None) -> list[Fix]:
    """The likely name, if there is one; it is put in the place of `span`, if there is one."""
    if not guess:
        return []
    return [Fix(f"did you mean `{guess}`?", (Edit(span, guess),) if span is not None else ())]


def first_here(span: Span | None) -> list[Label]:
    """Where a name was given first, as far as that is known."""
    return [] if span is None else [Label(span, "first here")]


def quoted_names(names: Iterable[str]) -> str:
    """Names in a row, each in backticks."""
    return ", ".join(f"`{name}`" for name in names)


def whole(span: Span) -> Fix:
    """How to make an integer of a fraction."""
    slashes = list(re.finditer(r"(?<!/)/(?!/)", span.text))
    if len(slashes) != 1:
        return Fix("`round`, `floor` and `ceil` make it an integer")
    start = span.start + slashes[0].start()
    return Fix("`//` divides and drops the remainder", (Edit(Span(span.source, start, start + 1), "//"),))
