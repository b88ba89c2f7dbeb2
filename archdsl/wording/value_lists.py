"""Messages about a list of values in the place of a value, or a value in the place of a list. Must not join or pick values.

Those about lists in expressions are in `archdsl.wording.lists`.
"""

from __future__ import annotations

from archdsl.diagnostics import Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.text import Span
from archdsl.wording.origins import Operand, head
from archdsl.wording.values import counted, quoted, show

_PICK = "`pick i` takes one of them"


def _is_list(message: str, span: Span, *notes: str, first: Span | None = None) -> Mistake:
    """`first`: what made the first of its values."""
    labels = [Label(first, "one of its values")] if first is not None else []
    return mistake("value-is-list", message, span, labels=labels, notes=notes)


def no_attribute(count: int, name: str, span: Span) -> Mistake:
    return _is_list(f"the current value is a list of {count} values, so it has no `.{name}`", span, _PICK)


def list_for_operator(operator: str, count: int, span: Span) -> Mistake:
    each = "; `parallel for i in range(n) < pick i ; … >` handles each of them"
    return _is_list(f"`{operator}` takes one value, but the current value is a list of {count}", span, _PICK + each)


def list_for_argument(argument: str, operator: str, count: int, span: Span) -> Mistake:
    return _is_list(f"`{argument}` of `{operator}` is one value, but this is a list of {count}", span, _PICK)


def list_for_arch(arch: str, span: Span) -> Mistake:
    return _is_list(f"the arch `{arch}` takes one value, but the current value is a list", span)


def list_for_join(operand: Operand, count: int, span: Span, first: Span | None) -> Mistake:
    is_current = not operand.branch and operand.written is None
    who = f"the {operand.title}" if is_current else operand.title
    return _is_list(f"{who} is a list of {count} values", span, _PICK, first=first)


def list_to_split(span: Span) -> Mistake:
    return _is_list("a list of values cannot be split", span)


# `pick`


def no_list_to_pick_from(span: Span, lost: tuple[Span | None, Span] | None) -> Mistake:
    """`lost`: where a list was made that is gone, and the step that left one value in its place."""
    message = "`pick` takes one value of a list, but the current value is not a list"
    if lost is None:
        return mistake("value-is-no-list", message, span, notes=["`parallel < … | … >` makes a list"])
    made, replaced = lost
    labels = [Label(head(replaced), "this left one value in place of the list")]
    labels += [Label(head(made), "one of the list's values")] if made is not None else []
    notes = [
        "a label keeps the list: `l: parallel < … | … >`, and later `@l ; pick 0`",
        "or write the step that replaced it in a branch, where its value goes no further",
    ]
    return mistake("value-is-no-list", message, span, labels=labels, notes=notes)


def nothing_picked(span: Span) -> Mistake:
    """`pick` without the number of one value."""
    return mistake("missing-argument", "`pick` needs the number of a value", span, notes=["it is used as `pick 0`"])


def bad_pick(index: object, count: int, span: Span) -> Mistake:
    """The index is not an integer, or outside the list."""
    message = f"`pick {show(index)}` is outside a list of {counted(count, 'value')}"
    if not isinstance(index, int) or isinstance(index, bool):
        message = f"`pick` takes an integer, not {quoted(index)}"
    return mistake("bad-index", message, span, notes=["the first value has the number 0"])
