"""What is meant by settings that an operator does not have, as other frameworks give them. Must not bind arguments."""

from __future__ import annotations

import re
from collections.abc import Collection

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.operator import Argument
from archdsl.ops.registry import called_elsewhere, find
from archdsl.syntax.errors.foreign_names import FOLLOWS, SILENT, own_name
from archdsl.text import Span
from archdsl.wording.phrases import WIDTH_FOLLOWS, left_out

_AXES = ("dim", "start_dim")
_STEPS = {
    "activation": "an activation is",
    "act": "an activation is",
    "act_layer": "an activation is",
    "nonlinearity": "an activation is",
    "norm": "a norm is",
    "norm_layer": "a norm is",
    "normalization": "a norm is",
    "dropout": "dropout is",
}


def synonym(name: str, known: Collection[str]) -> str | None:
    """The known argument that was meant: a near name, or what other frameworks call so."""
    return nearest(name, known) or own_name(name, known)


def foreign_setting(name: str, argument: Span, known: Collection[str]) -> tuple[list[str], list[Fix]]:
    """Notes and fixes for a setting `name=…` that is a step, a label or nothing here; `argument` is all of it."""
    if name in _STEPS and synonym(name, known) is None:
        return [f"{_STEPS[name]} a step of its own, after a `;`"], _as_step(argument)
    if name in FOLLOWS or (own_name(name, ("c",)) == "c" and not {"c", "d"}.intersection(known)):
        return ["what comes in is known from the value"], [Fix(WIDTH_FOLLOWS, (left_out(argument),))]
    if (name in SILENT or name in _AXES) and name not in known:
        return [], [Fix("leave it out", (left_out(argument),))]
    if name in ("mode", "padding_mode", "pad_mode") and {"amount", "pad"}.intersection(known):
        return ["padding is zeros; a reflection or a copy of the edge is not in the language"], []
    if name in ("size", "output_size", "like") and "output_pad" in known:
        return ["`output_pad=1` adds a row and a column, `crop like=@a` takes some away"], []
    if name == "name":
        return ["a step gets its name by a label: `conv1: conv 3x3 64`"], _as_label(argument)
    return [], []


def _as_step(argument: Span) -> list[Fix]:
    """`conv 3x3 64 activation=relu` is `conv 3x3 64 ; relu`."""
    word = re.fullmatch(r"\w+\s*=\s*[\"']?([A-Za-z_]\w*)[\"']?", argument.text)
    step = word.group(1) if word else ""
    operator = find(step) or find(called_elsewhere(step) or "")
    if operator is None:
        return []
    end = call_end(argument)
    gap = left_out(argument)
    if gap.span.end == end:
        return [Fix(f"write `; {operator.name}`", (Edit(gap.span, f" ; {operator.name}"),))]
    return [Fix(f"write `; {operator.name}`", (gap, Edit(Span(argument.source, end, end), f" ; {operator.name}")))]


def _as_label(argument: Span) -> list[Fix]:
    word = re.fullmatch(r"name\s*=\s*[\"']?([A-Za-z_]\w*)[\"']?", argument.text)
    if word is None:
        return []
    start = call_start(argument)
    return [
        Fix(
            f"label it `{word.group(1)}`", (Edit(Span(argument.source, start, start), f"{word.group(1)}: "), left_out(argument))
        )
    ]


def call_end(argument: Span) -> int:
    """Where the call that has this argument ends, told from the text."""
    text, depth, at = argument.source.text, 0, argument.end
    while at < len(text):
        sign = text[at]
        if sign in "([":
            depth += 1
        elif sign in ")]":
            if depth == 0:
                return at + 1
            depth -= 1
        elif depth == 0 and sign in ";|\n<>#":
            break
        at += 1
    while at > argument.end and text[at - 1] in " \t":
        at -= 1
    return at


def call_start(argument: Span) -> int:
    """Where the statement with this argument starts, told from the text."""
    text, at = argument.source.text, argument.start
    while at and text[at - 1] not in ";|\n<":
        at -= 1
    while text[at] in " \t":
        at += 1
    return at


def other_word(got: object, arguments: Collection[Argument], span: Span) -> list[Fix]:
    """`upsample 2 bilinear`: the word belongs to another argument, which is named."""
    owner = next((argument for argument in arguments if span.text in argument.words), None)
    if owner is None or not isinstance(got, str):
        return []
    return [Fix(f"`{span.text}` is a word of `{owner.name}`", (Edit(span, f"{owner.name}={span.text}"),))]
