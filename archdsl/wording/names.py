"""Messages about names, labels and axes in expressions: what is unknown, and what was meant. Must not look them up."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import WORDS
from archdsl.shapes import Shape
from archdsl.text import Span
from archdsl.wording.phrases import first_here, meant, quoted_names
from archdsl.wording.values import kind_of, show, this_is

_CONSTANTS = ("true", "false", "none")
_LONG_NAMES = {"channels": "c", "height": "h", "width": "w", "tokens": "t", "size": "shape", "dim": "d"}
_AXES = {"h": "height", "w": "width", "t": "token count"}

# Names


def unknown_name(name: str, span: Span, bound: Iterable[str], functions: Collection[str], is_label: bool) -> Mistake:
    """`is_label`: it is the label of a value instead."""
    fixes = meant(nearest(name, bound) or nearest(name, [*functions, *WORDS, *_CONSTANTS]), span)
    notes = []
    if name in functions:
        fixes, notes = [], [f"`{name}` is a function: write `{name}(…)`"]
    if is_label:
        fixes, notes = [], [f"`{name}` is a label: its value is `@{name}`, its channels are `@{name}.c`"]
    if name == "input":
        fixes = [Fix("the current value is `in`", (Edit(span, "in"),))]
    return mistake("unknown-name", f"there is no `{name}` here", span, notes=notes, fixes=fixes)


def named_twice(name: str, span: Span, first: Span) -> Mistake:
    return mistake("named-twice", f"`{name}` is named twice", span, labels=first_here(first))


def no_current_value(span: Span, is_library: bool) -> Mistake:
    """`in` has no meaning: never in a library, and in an arch not before its `input`."""
    why = "a library has no current value" if is_library else "there is no current value yet"
    return mistake(
        "no-current-value",
        f"{why}, so `in` has no meaning here",
        span,
        notes=["use `in` inside a definition, or in an arch after its `input`"],
    )


# Labels


def unknown_label(label: str, span: Span, known: Iterable[str]) -> Mistake:
    guess = nearest(label, known)
    message = f"no value is labeled `{label}` before this point"
    return mistake("unknown-label", message, span, notes=_labelling(guess), fixes=_meant_label(guess, span))


def no_label(name: str, value: object, span: Span, known: Iterable[str]) -> Mistake:
    """The name is defined as something that is not a value of the network."""
    guess, kind = nearest(name, known), kind_of(value)
    message = f"`@` needs the label of a value, but `{name}` is {kind}"
    text = "" if kind.startswith("the ") else this_is(value)
    return mistake("unknown-label", message, span, text, notes=_labelling(guess), fixes=_meant_label(guess, span))


def _labelling(guess: str | None) -> list[str]:
    return [] if guess else ["a label is a name and a colon before a step: `skip: conv 3x3 64`"]


def _meant_label(guess: str | None, span: Span) -> list[Fix]:
    return meant(f"@{guess}" if guess else None, span)


def unknown_output(label: str, output: str, known: Collection[str], span: Span) -> Mistake:
    guess = nearest(output, known)
    return mistake(
        "unknown-output",
        f"`@{label}` has no output `{output}`",
        span,
        notes=[f"its outputs: {quoted_names(known)}" if known else f"`{label}` has no `output` inside"],
        fixes=meant(f"@{label}.{guess}" if guess else None, span),
    )


# Axes


def no_attribute(value: object, name: str, span: Span) -> Mistake:
    return mistake("no-such-attribute", f"{kind_of(value)} has no `.{name}`", span)


def unknown_axis(name: str, known: Iterable[str], span: Span) -> Mistake:
    """A value of the network of any shape has no attribute of this name."""
    fixes = meant(nearest(name, known), span)
    if not fixes and name in _LONG_NAMES:
        fixes = [Fix(f"it is written `.{_LONG_NAMES[name]}`", (Edit(span, _LONG_NAMES[name]),))]
    notes = ["it has `.c`, `.d`, `.h`, `.w`, `.t` and `.shape`"]
    return mistake("no-such-attribute", f"a value has no `.{name}`", span, notes=notes, fixes=fixes)


def missing_axis(shape: Shape, name: str, span: Span) -> Mistake:
    """A value of this shape has no `.h`, `.w` or `.t`."""
    return mistake("no-such-axis", f"a value of shape {show(shape)} has no {_AXES[name]}", span)
