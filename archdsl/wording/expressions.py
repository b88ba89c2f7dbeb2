"""Messages about conditions and arithmetic: what an operator needs and did not get. Must not evaluate."""

from __future__ import annotations

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.shapes import Undecided
from archdsl.text import Span
from archdsl.wording.values import asked, kind_of, show, this_is

# Conditions


def no_condition(value: object, span: Span, is_named_number: bool) -> Mistake:
    """Neither true nor false. A number that is read by a name most likely means that it is not 0."""
    compared = Fix("compare it with a number", (Edit(Span(span.source, span.end, span.end), " != 0"),))
    return mistake(
        "not-a-condition",
        f"a condition is true or false, but this is {kind_of(value)}",
        span,
        this_is(value),
        fixes=[compared] if is_named_number else [],
    )


def no_truth(operator: str, value: object, span: Span) -> Mistake:
    """The operand of a `not`, `and` or `or` is neither true nor false."""
    text = this_is(value) if operator != "not" else ""
    return mistake("not-a-condition", f"`{operator}` needs true or false, but this is {kind_of(value)}", span, text)


def undecided_comparison(left: object, right: object, span: Span) -> Mistake:
    return mistake(
        "undecided-condition",
        f"`{span.text}` holds for some sizes of the input and fails for others",
        span,
        notes=[f"it compares `{show(left)}` with `{show(right)}`"],
    )


def undecided(name: str, question: Undecided, span: Span) -> Mistake:
    """A function or operator asks something that depends on the free dimensions."""
    return mistake(
        "undecided-condition",
        f"`{name}` cannot be checked for every size of the input",
        span,
        notes=[f"it depends on {asked(question)}", "give the free dimension a number to decide it"],
    )


def no_order(relation: str, left: object, right: object, span: Span) -> Mistake:
    return mistake("not-a-number", f"`{relation}` orders numbers, not {kind_of(left)} and {kind_of(right)}", span)


# Arithmetic


def no_number(operator: str, value: object, span: Span) -> Mistake:
    """One of an operator's two operands."""
    return mistake("not-a-number", f"`{operator}` needs numbers, but this is {kind_of(value)}", span, this_is(value))


def no_number_to_negate(value: object, span: Span) -> Mistake:
    return mistake("not-a-number", f"`-` needs a number, but this is {kind_of(value)}", span, this_is(value))


def divides_by_zero(left: object, operator: str, right: object, span: Span) -> Mistake:
    return mistake("division-by-zero", "this divides by zero", span, f"this is `{show(left)} {operator} {show(right)}`")


def no_exact_result(left: object, operator: str, right: object, span: Span) -> Mistake:
    base = f"({show(left)})" if show(left).startswith("-") else show(left)
    return mistake(
        "no-exact-result",
        "this has no exact value",
        span,
        f"this is `{base} {operator} {show(right)}`",
    )


def number_too_large(span: Span) -> Mistake:
    return mistake(
        "number-too-large",
        "this number is larger than any network needs",
        span,
        notes=["a number may have up to 1,233 digits"],
    )
