"""Messages about `scan`, a body for one token after the other. Must not run it."""

from __future__ import annotations

from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.shapes import Dim, Shape, shape_text
from archdsl.text import Span
from archdsl.wording.values import quoted

_FORM = "it is used as `scan h=[64] < let h = < … > ; @h >`, or with `h=@start`"


def no_body(span: Span) -> Mistake:
    return mistake("no-body", "`scan` needs a body for one token", span, notes=[_FORM])


def no_state(span: Span) -> Mistake:
    message = "`scan` needs a state that it passes from token to token"
    return mistake("missing-argument", message, span, notes=[_FORM, "without one, `each tokens < … >` does the same"])


def no_name(span: Span) -> Mistake:
    return mistake("unexpected-argument", "a state of `scan` has a name", span, notes=[_FORM])


def no_start(name: str, value: object, span: Span) -> Mistake:
    message = f"`{name}` must start as a value, written `@label`, or as zeros of axes such as `[64]`, not {quoted(value)}"
    return mistake("bad-argument", message, span)


def no_tokens(shape: Shape, span: Span) -> Mistake:
    notes = ["`tokens` makes a token of every position"] if len(shape) > 2 else []
    return mistake("wrong-rank", f"`scan` goes through tokens, [T, D], but this is {shape_text(shape)}", span, notes=notes)


def other_length(first: Dim, other: Dim, span: Span) -> Mistake:
    return mistake("shape-mismatch", f"the values of the list have {first} and {other} tokens", span)


def not_set(name: str, span: Span) -> Mistake:
    message = f"the body does not set the state `{name}` for the next token"
    return mistake("bad-argument", message, span, notes=[f"it is set by `let {name} = < … >`"])


def other_shape(name: str, before: Shape, after: Shape, span: Span) -> Mistake:
    message = f"the state `{name}` is {shape_text(before)} before a token, and {shape_text(after)} after it"
    return mistake("shape-mismatch", message, span)


def no_vector(result: object, span: Span) -> Mistake:
    shape = getattr(result, "shape", None)
    found = "a list" if shape is None else shape_text(shape)
    return mistake("shape-mismatch", f"the body of `scan` must end in a vector, the token that comes out, not {found}", span)


def output_inside(name: str, is_auxiliary: bool, span: Span) -> Mistake:
    what = "auxiliary head" if is_auxiliary else "output"
    return mistake("duplicate-output", f"the {what} `{name}` is inside `scan`, so every token would give it", span)
