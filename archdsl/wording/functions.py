"""Messages about functions of expressions: why one has no value, and how it is called. Must not evaluate.

The reason follows the name: `log` needs numbers above 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from archdsl.diagnostics import Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.text import Span
from archdsl.wording.phrases import meant
from archdsl.wording.values import kind_of, listed, show

NEEDS_A_NUMBER = "needs a number"
NEEDS_ANY_NUMBER = "needs at least one number"
NEEDS_NUMBERS = "needs numbers or one list of numbers"
NEEDS_NUMBERS_ABOVE_0 = "needs numbers above 0"
NEEDS_ANOTHER_BASE = "needs a base other than 1"
NEEDS_A_LIST_OF_NUMBERS = "needs a list of numbers"
NEEDS_A_LIST = "needs a list"
NEEDS_LISTS = "needs lists"
NEEDS_INTEGERS = "needs one, two or three integers"
NEEDS_A_STEP = "needs a step that is not 0"
NEEDS_A_DIVISOR = "needs a positive integer as its second argument"
NO_VALUE_YET = "has no value while a dimension is free"


_ELSEWHERE = {"int": "floor", "trunc": "floor", "sqrt": "isqrt", "pow": "**"}
"""Functions of other languages."""


def no_value_for(value: object) -> str:
    return f"has no value for {value}"


def too_many_items(most: int) -> str:
    return f"would give more than the {most:,} elements that a list may have"


def lengths_differ(lengths: Iterable[int]) -> str:
    return "needs lists of one length, but these have " + " and ".join(map(str, lengths))


Arguments = Sequence[tuple[Span, object]]
"""The arguments in the parentheses: their places and values."""


def refused(name: str, why: str, span: Span, arguments: Arguments) -> Mistake:
    """`why`: one of the above."""
    return mistake("bad-function-argument", f"`{name}` {why}", span, labels=_given(arguments))


def called_wrongly(name: str, usage: str, span: Span, arguments: Arguments) -> Mistake:
    forms = usage.replace(", range", "`, `range").replace(" or ", "` or `")
    given = listed([kind_of(value) for _, value in arguments]) if arguments else "nothing"
    message = f"`{name}` is called as `{forms}`, not with {given}"
    return mistake("bad-function-argument", message, span, labels=_given(arguments))


def _given(arguments: Arguments) -> list[Label]:
    """The values of the arguments, if they are not what is written."""
    shown = [(span, show(value)) for span, value in arguments]
    return [Label(span, f"this is {text}") for span, text in shown if span.text != text][:3]


def named_argument(name: str, span: Span) -> Mistake:
    return mistake("named-function-argument", f"`{name}` takes its arguments by position", span)


def step_as_function(name: str, span: Span) -> Mistake:
    return mistake(
        "not-a-function",
        f"`{name}` is a step of a network, not a function of expressions",
        span,
        notes=["a definition or an operator is passed by its bare name"],
    )


def unknown_function(name: str, known: Collection[str], span: Span) -> Mistake:
    return mistake(
        "unknown-function",
        f"there is no function `{name}`",
        span,
        notes=["the functions are " + " ".join(f"`{function}`" for function in known)],
        fixes=meant(_ELSEWHERE.get(name) or nearest(name, known), span),
    )
