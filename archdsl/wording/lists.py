"""Messages about lists in expressions: indexed, joined, unpacked, looped over. Must not evaluate.

Those about lists of the network's values are in `archdsl.wording.value_lists`.
"""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.text import Span
from archdsl.wording.values import kind_of, show, this_is


def no_list_to_index(value: object, span: Span) -> Mistake:
    return mistake("not-a-list", f"only a list can be indexed, but this is {kind_of(value)}", span, this_is(value))


def no_index(value: object, span: Span) -> Mistake:
    return mistake("bad-index", f"an index is an integer, but this is {kind_of(value)}", span, this_is(value))


def index_outside(index: int, items: tuple[object, ...], span: Span) -> Mistake:
    return mistake(
        "bad-index",
        f"index {index} is outside a list of {len(items)}",
        span,
        notes=[f"the list is {show(items)}", "the first element has index 0, the last one -1"],
    )


def no_list_to_go_over(value: object, span: Span) -> Mistake:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    fixes = [Fix(f"`range({span.text})` counts from 0", (Edit(span, f"range({span.text})"),))] if is_count else []
    return mistake("not-a-list", f"`for` goes over a list, but this is {kind_of(value)}", span, this_is(value), fixes=fixes)


def cannot_unpack(targets: Sequence[str], item: object, span: Span) -> Mistake:
    return mistake(
        "cannot-unpack",
        f"`{', '.join(targets)}` cannot be taken from {show(item)}",
        span,
        notes=[f"each element must be a list of {len(targets)}"],
    )


def no_list_arithmetic(operator: str, left: object, right: object, span: Span) -> Mistake:
    return mistake(
        "not-a-number",
        f"`{operator}` does not take {kind_of(left)} and {kind_of(right)}",
        span,
        notes=["lists are joined by `list + list` and repeated by `list * n`"],
    )


def too_long(most: int, span: Span, has_lists: bool = False) -> Mistake:
    """`has_lists`: it is the elements of lists in it that make it so."""
    notes = ["elements of nested lists count too"] if has_lists else []
    return mistake("list-too-long", f"a list may have up to {most:,} elements", span, notes=notes)
