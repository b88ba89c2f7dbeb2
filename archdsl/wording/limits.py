"""Messages about what is too large: limits that were reached, and networks beyond any size. Must not enforce limits."""

from __future__ import annotations

from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.limits import how_to_raise
from archdsl.shapes import Shape, shape_text
from archdsl.text import Span

_PAST_ANY = "this is larger than any network"
_REACHED = {
    "nesting": "bodies and calls are nested too deeply",
    "unrolled": "too many runs that differ from one another",
    "instances": "too many instances of definitions that differ from one another",
    "steps": "the network has too many different steps",
    "elements": "too many elements are computed",
    "imports": "the chain of imports is too long",
}
_HINTS = {"unrolled": ["a repetition whose body keeps its shape and does not read `index` may be of any length"]}


def reached(limit: str, span: Span) -> Mistake:
    """A limit of `archdsl.limits`, by its name."""
    notes = [*_HINTS.get(limit, ()), how_to_raise(limit)]
    return mistake("too-deep" if limit == "nesting" else "too-large", _REACHED[limit], span, notes=notes)


def nested_too_deeply(span: Span) -> Mistake:
    """The limit on the depth of one expression or body is Python's own."""
    return mistake("too-deep", "an expression or a body is nested too deeply", span)


def output_too_large(shape: Shape, span: Span) -> Mistake:
    return mistake("number-too-large", _PAST_ANY, span, notes=[f"the output would be {shape_text(shape)}"])


def too_many_runs(zeros: int, span: Span) -> Mistake:
    """The nodes in a repetition would run more often than 10 to the power `zeros`."""
    return mistake("number-too-large", _PAST_ANY, span, notes=[f"what is in it would run more than 10^{zeros} times"])
