"""Statements in forms that are right elsewhere, with the form that is right here. Must not parse, and must not list forms.

A pattern sees the statement from its first sign to the end of its line, without a comment. What it proposes is tried before it
is offered, so a pattern may propose what only most likely is meant; its message has to be true in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.syntax.errors.context import FARTHEST, Met, error
from archdsl.syntax.errors.forms import Rewrite
from archdsl.text import Source, Span

_LONGEST = 400
_BETWEEN = re.compile(r";|(?<![|&])\|(?![|>])")
"""What separates statements; `||` and `|>` are of other languages."""
_PHRASE = re.compile(r"(?:[^;<>#\n]|[-=|]>|>>|(?<=[-=|>])>)*")
"""Steps of one line, up to the end of the body that they are in."""


def statement_at(span: Span) -> Span:
    """From the start of the span to the end of its line, without a comment and the blanks before it."""
    text, farthest = span.source.text, span.start + FARTHEST
    end = text.find("\n", span.start, farthest)
    line = text[span.start : end if end >= 0 else farthest]
    code = re.match(r'(?:"[^"\n]*"|[^"#\n])*', line)
    return Span(span.source, span.start, span.start + len((code.group() if code else line).rstrip()))


def starts_of(source: Source, anchor: int) -> list[int]:
    """Where the statement that holds the place may start: after `;` or `|`, at the start of its line, in the innermost body."""
    text = source.text
    farthest = max(anchor - FARTHEST, 0)
    line = max(text.rfind("\n", farthest, anchor) + 1, farthest)
    before = text[line:anchor]
    statement = anchor - len(_BETWEEN.split(before)[-1].lstrip())
    whole = anchor - len(before.lstrip())
    inner = anchor - len(re.split(r"<(?!=)", text[statement:anchor])[-1].lstrip())
    return list(dict.fromkeys((statement, whole, inner)))


@cache
def _all_forms() -> tuple[Rewrite, ...]:
    """Only a text with a mistake pays for these patterns."""
    from archdsl.syntax.errors.language_forms import LANGUAGE
    from archdsl.syntax.errors.step_forms import REPETITIONS, STEPS

    return (*REPETITIONS, *LANGUAGE, *STEPS)


def rewrites(statement: Span) -> Iterator[tuple[Rewrite, Fix | None]]:
    """The forms that the statement has, each with its fix."""
    for rewrite in _all_forms() if statement.end - statement.start <= _LONGEST else ():
        found = rewrite.pattern.match(statement.text)
        if found is None:
            continue
        text = rewrite.meant(found)
        if text is None:
            continue
        place = Span(statement.source, statement.start, statement.start + found.end())
        fix = _written(place, text) if text and text != place.text else None
        if fix is not None or rewrite.note:
            yield rewrite, fix


def _written(place: Span, text: str) -> Fix:
    return Fix(f"write `{text}`", (Edit(place, text),))


def rewritten(met: Met) -> Diagnostic | None:
    """The diagnostic for a statement in such a form, with the fixes of all the forms that it has."""
    anchor = met.last.end if met.is_end and met.last is not None else met.token.start
    for start in starts_of(met.source, anchor):
        found = list(rewrites(statement_at(met.at(start, start))))
        if found:
            first, _ = found[0]
            fixes = tuple(fix for _, fix in found if fix is not None)
            name = "bad-character" if met.token.type == "BAD" else "unexpected-token"
            return error(name, first.message, met.span, notes=(first.note,) if first.note else (), fixes=fixes)
    return None


def form_fixes(call: Span) -> list[Fix]:
    """Fixes for a call of something unknown whose statement, from this name on, has such a form."""
    return [fix for _, fix in rewrites(statement_at(call)) if fix is not None]


def form_notes(call: Span) -> list[str]:
    """What is said of the form of such a statement where no fix says it."""
    return [rewrite.note for rewrite, fix in rewrites(statement_at(call)) if fix is None]


def notes_at(place: Span) -> list[str]:
    """What is said of the form of the statement at the place where no fix says it; the first of it."""
    starts = starts_of(place.source, place.start)
    return [note for start in starts for note in form_notes(Span(place.source, start, start))][:1]


def phrase_fixes(place: Span) -> list[Fix]:
    """The statement that holds the place, read as people and papers write steps."""
    from archdsl.syntax.errors.step_phrases import steps

    for start in starts_of(place.source, place.start):
        phrase = _PHRASE.match(place.source.text, start, start + FARTHEST)
        text = phrase.group().rstrip() if phrase is not None else ""
        meant = steps(text)
        if meant is not None and meant != text and start + len(text) >= place.end:
            return [_written(Span(place.source, start, start + len(text)), meant)]
    return []


def fixes_at(place: Span) -> list[Fix]:
    """All fixes that the form of the statement at the place suggests."""
    found = [fix for start in starts_of(place.source, place.start) for fix in form_fixes(Span(place.source, start, start))]
    return [*found, *phrase_fixes(place)]
