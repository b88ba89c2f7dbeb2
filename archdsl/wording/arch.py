"""Messages about a file as a whole: its `arch` line, parameters, facts and contracts. Must not evaluate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.text import Span
from archdsl.wording.phrases import first_here, meant, quoted_names
from archdsl.wording.values import counted, kind_of

# The `arch` line


_LINE = "a line such as `arch mine` and an `input` make a network of it"


def no_arch(span: Span) -> Mistake:
    """The file is a library, but a network is needed."""
    message = "this file has no `arch` line, so there is no network"
    return mistake("no-arch", message, span, notes=["it is a library of definitions", _LINE])


def empty_file(span: Span) -> Mistake:
    return mistake("no-arch", "this file holds nothing", span, notes=[_LINE])


def network_without_arch(what: str, span: Span, line: str, place: Span) -> Mistake:
    """A file describes a network but does not name it; `line` belongs at `place`."""
    message = f"this file has {what} and no `arch` line, so it would not be checked as a network"
    fix = Fix(f"name the network: `{line}`", (Edit(place, f"{line}\n"),))
    return mistake("no-arch", message, span, fixes=[fix])


def set_from_outside(settings: Sequence[str]) -> str:
    """A note."""
    return f"set from outside the file: {quoted_names(settings)}"


def misspelt_arch(word: Span) -> Mistake:
    """The line that names the network starts with another word."""
    fix = Fix("it is written `arch`", (Edit(word, "arch"),))
    return mistake("no-arch", f"`{word.text}` does not name a network", word, fixes=[fix])


def two_archs(span: Span, first: Span) -> Mistake:
    return mistake("two-archs", "a file has at most one `arch` line", span, labels=first_here(first))


def definition_as_arch(name: str, span: Span) -> Mistake:
    """OLD of `arch NEW = OLD(…)` is imported, but it is not an arch."""
    notes = ["a definition is called in a body: it needs an `input` before it"]
    return mistake("unknown-arch", f"`{name}` is a definition, not an arch", span, notes=notes)


def unknown_arch(name: str, span: Span, head: Span, imported: Iterable[str], is_in_zoo: bool) -> Mistake:
    """OLD of `arch NEW = OLD(…)`, which is at `head`, is not imported."""
    line = f'from "{name}" import {name}'
    above = Span(head.source, head.start, head.start)
    fixes = meant(nearest(name, imported), span)
    if not fixes and is_in_zoo:
        fixes = [Fix("import it", (Edit(above, f"{line}\n"),))]
    notes = [] if fixes else [f"import it first: `{line}`, or from a path that ends in `.arch`"]
    return mistake("unknown-arch", f"no arch `{name}` is imported", span, notes=notes, fixes=fixes)


# Parameters


def parameter_without_default(name: str, span: Span) -> Mistake:
    return mistake(
        "parameter-without-default",
        f"the arch parameter `{name}` has no default",
        span,
        notes=["every arch parameter has one, so that the file is complete by itself"],
    )


def unknown_parameter(arch: str, name: str, known: Sequence[str], span: Span) -> Mistake:
    """`span`: where it is set, or the arch if that is outside."""
    written = Span(span.source, span.start, span.start + len(name)) if span.text.startswith(f"{name}=") else None
    return mistake(
        "unknown-parameter",
        f"the arch `{arch}` has no parameter `{name}`",
        written or span,
        notes=_parameters(known),
        fixes=meant(nearest(name, known), written),
    )


def too_many_parameters(arch: str, known: Sequence[str], span: Span) -> Mistake:
    message = f"the arch `{arch}` takes {counted(len(known), 'parameter')}"
    return mistake("too-many-arguments", message, span, notes=_parameters(known))


def _parameters(known: Sequence[str]) -> list[str]:
    return [f"its parameters: {quoted_names(known)}"] if known else ["it has no parameters"]


# `meta` and `expect`


def bad_fact(value: object, span: Span) -> Mistake:
    message = f"a fact is a number, a string or a list, but this is {kind_of(value)}"
    return mistake("bad-meta", message, span)


def approximate_without_literal(span: Span) -> Mistake:
    return mistake(
        "approximate-needs-literal",
        "`~=` compares with a number as it is written, so it needs a literal on its right",
        span,
        notes=["`expect macs ~= 4.1G` holds when the value, rounded to two digits, is 4.1G"],
    )


def several_relations(span: Span) -> Mistake:
    """`expect A and B`, which the parser takes where B needs no parentheses."""
    from archdsl.syntax.errors import contracts

    return Mistake(contracts.several_relations(span))


def bad_contract(value: object, span: Span) -> Mistake:
    message = f"a contract compares with a number or a shape, but this is {kind_of(value)}"
    return mistake("not-a-number", message, span)
