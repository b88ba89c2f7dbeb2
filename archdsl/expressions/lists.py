"""Lists of the language: joined, repeated, and limited in length. Must not evaluate what is in them."""

from __future__ import annotations

from archdsl import wording
from archdsl.expressions.functions import MOST_ITEMS
from archdsl.ops.arguments import Size
from archdsl.program.scope import Scope
from archdsl.program.values import Evaluated
from archdsl.syntax import tree


def arithmetic(e: tree.Binary, left: Evaluated, right: Evaluated, scope: Scope) -> tuple[Evaluated, ...]:
    """`list + list`, `list * n` and `n * list`.

    Raises:
        Mistake: another operator, or too long a list.
    """
    if e.operator == "+" and isinstance(left, tuple) and isinstance(right, tuple) and not isinstance(left, Size):
        joined: tuple[Evaluated, ...] = (*left, *right)
    elif e.operator == "*" and sorted(map(_is_times, (left, right))) == [0, 1]:
        items, times = (left, right) if isinstance(left, tuple) else (right, left)
        assert isinstance(items, tuple)
        assert isinstance(times, int)
        if times * len(items) > MOST_ITEMS:
            raise wording.lists.too_long(MOST_ITEMS, scope.span(e))
        joined = tuple(items) * times
    else:
        raise wording.lists.no_list_arithmetic(e.operator, left, right, scope.span(e))
    return fitting(joined, e, scope)


def fitting(items: tuple[Evaluated, ...], e: tree.Expression, scope: Scope) -> tuple[Evaluated, ...]:
    """The list, if it is not too long with the lists in it: sixty lists that hold the one before twice are 2**60 elements."""
    left = MOST_ITEMS
    lists = [items]
    while lists:
        inner = lists.pop()
        left -= len(inner)
        if left < 0:
            raise wording.lists.too_long(MOST_ITEMS, scope.span(e), has_lists=len(items) <= MOST_ITEMS)
        lists += [item for item in inner if isinstance(item, tuple)]
    return items


def _is_times(value: object) -> int:
    if isinstance(value, tuple) and not isinstance(value, Size):
        return 0
    return 1 if isinstance(value, int) and not isinstance(value, bool) else 2
