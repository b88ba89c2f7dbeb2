"""Messages about statements: names that are defined twice, defaults, and lines in the wrong place. Must not run them."""

from __future__ import annotations

from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import OPERATORS
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.phrases import first_here, meant

_KEYWORDS: dict[type, str] = {tree.Meta: "meta", tree.Expect: "expect", tree.Input: "input", tree.Import: "from"}
"""The keywords of statements at the top level of a file; the others start with `arch`."""


def label_twice(label: str, span: Span, first: Span | None) -> Mistake:
    """`first`: the step that has it, if that is known."""
    return mistake("duplicate-label", f"the label `{label}` is used twice in one body", span, labels=first_here(first))


def defined_twice(name: str, span: Span, first: Span) -> Mistake:
    return _twice(f"`{name}` is defined twice in one body", span, first)


def imported_and_defined(name: str, span: Span, imported: Span) -> Mistake:
    return _twice(f"`{name}` is imported and defined in one body", span, imported)


def shared_twice(name: str, span: Span, first: Span) -> Mistake:
    return _twice(f"`{name}` is declared twice in one body", span, first)


def imported_twice(name: str, span: Span, first: Span) -> Mistake:
    return _twice(f"`{name}` is imported from two files", span, first)


def _twice(message: str, span: Span, first: Span) -> Mistake:
    return mistake("defined-twice", message, span, labels=first_here(first))


def default_of_definition(name: str, span: Span) -> Mistake:
    return mistake(
        "unknown-operator",
        f"`default` changes an operator, but `{name}` is a definition",
        span,
        notes=["the defaults of a definition are in its own first line: `def unit(c, k=5)`"],
    )


def default_of_nothing(name: str, span: Span) -> Mistake:
    message = f"`default` changes an operator, but `{name}` is not an operator"
    return mistake("unknown-operator", message, span, fixes=meant(nearest(name, OPERATORS), span))


def top_in_body(statement: tree.Statement, span: Span) -> Mistake:
    word = _KEYWORDS.get(type(statement), "arch")
    return mistake("misplaced-statement", f"`{word}` belongs at the top level of a file, not inside a body", span)


def steps_beside_structure(span: Span) -> Mistake:
    """Something that computes is in a file whose arch takes its structure from another."""
    return mistake(
        "misplaced-statement",
        "`arch NEW = OLD(…)` takes the structure of OLD, so there can be no steps here",
        span,
        notes=["an arch may be called like a definition: `arch NEW(…)`, `input …`, then `OLD(…)`"],
    )
