"""Messages about names, labels and axes in expressions: what is unknown, and what was meant. Must not look them up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import WORDS, called_elsewhere, find
from archdsl.shapes import Shape, shape_text
from archdsl.syntax import tree
from archdsl.syntax.errors.rewrites import fixes_at, phrase_fixes
from archdsl.syntax.labels import Placed
from archdsl.text import Span
from archdsl.wording.phrases import first_here, meant, quoted_names
from archdsl.wording.values import kind_of, this_is

_CONSTANTS = ("true", "false", "none")
_LONG_NAMES = {"channels": "c", "height": "h", "width": "w", "tokens": "t", "frames": "t", "size": "shape", "dim": "d"}
_AXES = {"c": "channels", "d": "channels", "h": "height", "w": "width", "t": "tokens and no frames"}

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
    fixes = _from_elsewhere(name, span) or fixes
    return mistake("unknown-name", f"there is no `{name}` here", span, notes=notes, fixes=fixes)


_ELSEWHERE = {
    **dict.fromkeys(("no", "off", "False", "FALSE"), "false"),
    **dict.fromkeys(("yes", "on", "True", "TRUE"), "true"),
    **dict.fromkeys(("None", "null", "nil", "undefined"), "none"),
    **dict.fromkeys(("in_channels", "in_ch", "c_in", "in_features", "input_channels", "in_dim", "channels"), "in.c"),
}
"""Values of other languages, and names that their programs have for what comes in."""


def _from_elsewhere(name: str, span: Span) -> list[Fix]:
    """What a name of other languages is here, where the text around it makes that likely."""
    text = span.source.text
    if name in _ELSEWHERE:
        return [Fix(f"it is written `{_ELSEWHERE[name]}`", (Edit(span, _ELSEWHERE[name]),))]
    # As far as a size and the blanks around it reach.
    near = max(span.start - 20, 0)
    before = re.search(r"(?<!\d)(\d+)\s+$", text[near : span.start])
    after = re.match(r"\s+(\d+)", text[span.end : span.end + 20])
    if name in ("x", "X") and before is not None and after is not None:
        size = f"{before.group(1)}x{after.group(1)}"
        place = Span(span.source, near + before.start(), span.end + after.end())
        return [Fix(f"a size is written `{size}`", (Edit(place, size),))]
    window = re.fullmatch(r"k(\d+)", name)
    if window is not None:
        size = f"{window.group(1)}x{window.group(1)}"
        return phrase_fixes(span) or [Fix(f"a window is written `{size}`", (Edit(span, size),))]
    operator = find(name.lower()) or find(called_elsewhere(name) or "")
    if operator is not None and text[span.start - 1 : span.start] in (" ", "\t"):
        start = len(text[: span.start].rstrip())
        return [Fix("steps are separated by `;`", (Edit(Span(span.source, start, span.end), f" ; {operator.name}"),))]
    return fixes_at(span)


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


def unknown_label(label: str, span: Span, known: Iterable[str], places: Sequence[Placed] = ()) -> Mistake:
    """`places`: where steps are labeled so, in bodies that are not seen from here, or further on."""
    if places:
        return _not_seen(label, span, places)
    guess = nearest(label, known)
    message = f"no value is labeled `{label}` before this point"
    return mistake("unknown-label", message, span, notes=_labelling(guess), fixes=_meant_label(guess, span))


def _not_seen(label: str, span: Span, places: Sequence[Placed]) -> Mistake:
    """The label is there, and not for this place: it says where, why, and both ways out."""
    placed = places[0]
    where = Span(span.source, placed.label.start, placed.label.end)
    if not placed.around:
        message = f"`{label}` is labeled further on, and a label is seen after its step"
        return mistake("unknown-label", message, span, labels=[Label(where, "labeled here")])
    message = f"`{label}` is labeled inside {placed.around}, and seen only there"
    labels = [Label(where, "labeled here")]
    if placed.part is None:
        way = "a step outside can be labeled, before or after it"
        if placed.around == "a `for`":
            way = f"label a group around the loop: `l: < for … >`; after it `@l.{label}` is the list of all of them"
        if placed.around.startswith(("the definition", "the shared")):
            way = "`output NAME` in it lets a labeled call read the value there: `call: f` and `@call.NAME`"
        return mistake("unknown-label", message, span, labels=labels, notes=[way])
    whole = f"{label}: {_opening(placed.part)}"
    if placed.part.label is not None:
        part = placed.part.label.text
        fix = Fix(f"outside it is `@{part}.{label}`", (Edit(span, f"@{part}.{label}"),))
        notes = [f"`@{part}` is the last value of the whole"]
        return mistake("unknown-label", message, span, labels=labels, notes=notes, fixes=[fix])
    further = f"to read a value inside, label the whole too: `part: {_opening(placed.part)}`, then `@part.{label}`"
    if not placed.is_last:
        notes = [f"a label on the whole names its last value: `{whole}`", further]
        return mistake("unknown-label", message, span, labels=labels, notes=notes)
    start = placed.part.start
    inner = Span(span.source, placed.label.start, _after_colon(span.source.text, placed.label.end))
    edits = (Edit(Span(span.source, start, start), f"{label}: "), Edit(inner, ""))
    fix = Fix(f"label the whole; this is its last value: `{whole}`", edits)
    return mistake("unknown-label", message, span, labels=labels, notes=[further], fixes=[fix])


def _opening(part: tree.Step) -> str:
    role = f"{part.role.text} " if part.role is not None else ""
    return f"{role}< … >"


def _after_colon(text: str, end: int) -> int:
    found = re.compile(r"\s*:\s*").match(text, end)
    return found.end() if found else end


def no_label(name: str, value: object, span: Span, known: Iterable[str]) -> Mistake:
    """The name is defined as something that is not a value of the network."""
    guess, kind = nearest(name, known), kind_of(value)
    message = f"`@` needs the label of a value, but `{name}` is {kind}"
    text = "" if kind.startswith("the ") else this_is(value)
    fixes = _meant_label(guess, span)
    if not fixes and span.text.startswith("@") and not kind.startswith("the "):
        fixes = [Fix("a name is written without `@`", (Edit(span, span.text[1:]),))]
    return mistake("unknown-label", message, span, text, notes=_labelling(guess), fixes=fixes)


def _labelling(guess: str | None) -> list[str]:
    return [] if guess else ["a label is a name and a colon before a step: `skip: conv 3x3 64`"]


def _meant_label(guess: str | None, span: Span) -> list[Fix]:
    return meant(f"@{guess}" if guess else None, span)


def unknown_output(label: str, output: str, known: Collection[str], span: Span) -> Mistake:
    guess = nearest(output, known)
    return mistake(
        "unknown-output",
        f"`{label}` has no output `{output}`",
        span,
        notes=[f"its outputs: {quoted_names(known)}" if known else f"`{label.removeprefix('@')}` has no `output` inside"],
        fixes=meant(f"{label}.{guess}" if guess else None, span),
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
    return mistake("no-such-axis", f"a value of shape {shape_text(shape)} has no {_AXES[name]}", span)
