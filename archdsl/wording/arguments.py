"""Messages about arguments of calls: too many, unknown, missing, of the wrong kind. Must not bind them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.operator import REQUIRED, Argument, Operator
from archdsl.ops.registry import WORDS, find
from archdsl.syntax.errors.forms import find_name
from archdsl.syntax.errors.rewrites import fixes_at
from archdsl.text import Span
from archdsl.wording.phrases import WIDTH_FOLLOWS, first_here, left_out, meant, quoted_names
from archdsl.wording.settings import foreign_setting, synonym
from archdsl.wording.values import counted, kind_of, listed, this_is

# Which argument


def too_many_arguments(callee: str, known: Sequence[str], span: Span) -> Mistake:
    notes = [f"{'they are' if len(known) > 1 else 'it is'} {quoted_names(known)}"] if known else []
    message = f"`{callee}` takes {counted(len(known), 'argument') if known else 'no arguments'}"
    return mistake("too-many-arguments", message, span, notes=notes)


def one_too_many(operator: Operator, span: Span, all_of_them: Span, is_number: bool) -> Mistake:
    """The argument at the span, and those after it, would need a name.

    `is_number`: it is one, as where other frameworks want the width of what comes in.
    """
    named = [argument.name for argument in operator.arguments if argument.by_name]
    if not named:
        wrong = too_many_arguments(operator.name, [argument.name for argument in operator.arguments], span)
        title = "leave it out"
    else:
        first = counted(len(operator.positional), "argument") if operator.positional else "no argument"
        notes = [f"by name it takes {listed([f'`{name}=`' for name in named])}"]
        wrong = mistake("too-many-arguments", f"`{operator.name}` takes {first} without a name", span, notes=notes)
        title = WIDTH_FOLLOWS if is_number else "leave it out"
    is_step = find_name(re.split(r"\W", span.text)[0]) is not None or span.text in named
    fixes = [*(fixes_at(span) if is_step else []), Fix(title, (left_out(all_of_them),))]
    if is_number and "eps" in named and re.fullmatch(r"[\d.]+e-\d+|0?\.\d+", span.text):
        fixes = [Fix(f"write `eps={span.text}`", (Edit(span, f"eps={span.text}"),))]
    numbered = find(f"{operator.name}{span.text}")
    if numbered is not None:
        gap = left_out(all_of_them).span
        fixes = [Fix(f"it is one word: `{numbered.name}`", (Edit(gap, span.text),)), *fixes]
    return Mistake(wrong.diagnostic._replace(fixes=tuple(fixes)))


def argument_twice(callee: str, name: str, known: Sequence[str], span: Span, first: Span, is_named: bool) -> Mistake:
    """The argument at `span` fills the parameter `name`, which the one at `first` filled before."""
    order = f"arguments without a name fill the parameters in order: {quoted_names(known)}"
    return mistake(
        "argument-twice",
        f"`{callee}` gets `{name}` twice",
        span,
        labels=first_here(first),
        notes=[order] if not is_named or "=" not in first.text else [],
    )


def unknown_argument(callee: str, name: str, known: Sequence[str], span: Span) -> Mistake:
    """The callee has no argument `name`; `span` is where it is written, its value perhaps included."""
    guess = synonym(name, known)
    written = Span(span.source, span.start, span.start + len(name)) if span.text.startswith(name) else span
    notes = [f"`{callee}` {f'takes {quoted_names(known)}' if known else 'takes no arguments'}"]
    more, fixes = foreign_setting(name, span, known) if span.text.startswith(f"{name}=") else ([], [])
    quoted = re.fullmatch(rf'{re.escape(name)}="(\w+)"', span.text)
    if guess and quoted is not None and quoted.group(1) in WORDS:
        text = f"{guess}={quoted.group(1)}"
        fixes = [Fix(f"did you mean `{text}`?", (Edit(span, text),))]
    fixes = fixes or meant(guess, written if written.text == name else None)
    return mistake("unknown-argument", f"`{callee}` has no argument `{name}`", written, notes=[*notes, *more], fixes=fixes)


def setting_without_sign(wrong: Mistake, name: str, span: Span, following: Span) -> Mistake:
    """`conv 3x3 64 stride 2`: the name of an argument stands bare, before its value."""
    text = f"{name}={following.text}"
    fix = Fix(f"a setting is written `{text}`", (Edit(Span(span.source, span.start, following.end), text),))
    return Mistake(wrong.diagnostic._replace(fixes=(fix, *wrong.diagnostic.fixes)), wrong.further)


def missing_argument(callee: str, arguments: Sequence[Argument], given: Container[str], span: Span) -> Mistake:
    """Arguments of an operator have no default and were not given."""
    needed = [a for a in arguments if a.default is REQUIRED]
    used = [f"@{a.name}" if a.is_value else a.name for a in needed]
    lacking = listed([f"`{a.name}`" for a in needed if a.name not in given])
    notes = [f"it is used as `{' '.join([callee, *used])}`"]
    return mistake("missing-argument", f"`{callee}` needs {lacking}", span, notes=notes)


def missing_parameters(definition: str, needed: Sequence[str], lacking: Sequence[tuple[str, Span]], span: Span) -> Mistake:
    """Parameters of a definition have no default and were not given; `lacking` says where they are written."""
    return mistake(
        "missing-argument",
        f"`{definition}` needs {listed([f'`{name}`' for name, _ in lacking])}",
        span,
        labels=[Label(place, "it has no default") for _, place in lacking],
        notes=[f"it is used as `{definition}({', '.join(needed)})`"],
    )


def beside_hidden_operator(wrong: Mistake, name: str, defined: Span) -> Mistake:
    """What is wrong with an argument of a definition that hides an operator, which the call may have meant."""
    label = Label(defined, f"this definition hides the operator `{name}`")
    return Mistake(wrong.diagnostic._replace(labels=(*wrong.diagnostic.labels, label)), wrong.further)


# Wrong kinds


def value_as_setting(argument: Argument, operator: Operator, value: object, span: Span) -> Mistake:
    return mistake(
        "bad-argument",
        f"`{argument.name}` of `{operator.name}` is a setting, but this is a value of the network",
        span,
        this_is(value),
        notes=["its channels are read by `.c`: `in.c`, `@label.c`"],
    )


def no_value(argument: Argument, operator: Operator, value: object, span: Span) -> Mistake:
    """The argument takes a value of the network, but this is not one."""
    message = f"`{argument.name}` of `{operator.name}` must be a value, written `@label`, not {kind_of(value)}"
    return mistake("bad-argument", message, span, this_is(value))


def unknown_word(argument: Argument, operator: Operator, word: str, span: Span) -> Mistake:
    """An undefined bare name, for an argument that takes one of a few words."""
    words = quoted_names(argument.words)
    return mistake(
        "bad-argument",
        f"`{argument.name}` of `{operator.name}` does not take the word `{word}`",
        span,
        notes=[f"it takes the words {words}" if len(argument.words) > 1 else f"it takes the word {words}"],
        fixes=meant(nearest(word, argument.words), span),
    )
