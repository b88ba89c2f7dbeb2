"""Messages about `each`, a body for every part of a value. Must not cut values."""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.facts import Fact, SettingFact
from archdsl.ops.parts import Kind
from archdsl.shapes import Dim
from archdsl.text import Span


def _kinds(known: Mapping[str, Kind]) -> str:
    words = [f"`each {word}{f' {kind.setting}' if kind.setting else ''}`" for word, kind in known.items()]
    return "there are " + ", ".join(words[:-1]) + f" and {words[-1]}"


def no_kind(span: Span, known: Mapping[str, Kind]) -> Mistake:
    message = "`each` needs the word for its parts: `each rows < … >`"
    return mistake("missing-argument", message, span, notes=[_kinds(known)])


def unknown_kind(word: str, span: Span, known: Mapping[str, Kind]) -> Mistake:
    """A word that names no kind of part."""
    close = nearest(word, known)
    fixes = [Fix(f"did you mean `{close}`?", (Edit(span, close),))] if close is not None else []
    return mistake("bad-argument", f"`each` does not know `{word}`", span, notes=[_kinds(known)], fixes=fixes)


def no_body(word: str, setting: str, span: Span) -> Mistake:
    form = f"each {word} {setting}" if setting else f"each {word}"
    return mistake("no-body", f"`each` needs a body for one part: `{form} < … >`", span)


def wrong_settings(word: str, setting: str, many: int, span: Span) -> Mistake:
    """Too many, too few, or one with a name."""
    what = {"": "takes nothing more", "k": "takes the size of a window", "n": "takes the number of groups"}[setting]
    example = {"": "", "k": " 7", "n": " 4"}[setting]
    code = "unexpected-argument" if setting == "" or many else "missing-argument"
    return mistake(code, f"`each {word}` {what}: `each {word}{example} < … >`", span)


def other_number(word: str, first: Dim, other: Dim, span: Span) -> Mistake:
    """Of a list, two values have different numbers of parts."""
    message = f"the values of the list have different numbers of {word}: {first} and {other}"
    return mistake("shape-mismatch", message, span)


def output_inside(name: str, is_auxiliary: bool, span: Span) -> Mistake:
    what = "auxiliary head" if is_auxiliary else "output"
    message = f"the {what} `{name}` is inside `each`, so every part would give it"
    return mistake("duplicate-output", message, span, notes=["an output after `each` is of all parts together"])


def does_not_fit(word: str, fact: Fact, span: Span) -> Mistake:
    reason = fact.reason if isinstance(fact, SettingFact) else str(fact)
    return mistake("shape-mismatch", f"the parts of `each {word}` cannot be put back: {reason}", span)
