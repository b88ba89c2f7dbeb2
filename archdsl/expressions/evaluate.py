"""Expressions: exact arithmetic over numbers, formulas, lists, words and names. Must not run statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from archdsl import wording
from archdsl.diagnostics.mistake import LimitReached, Mistake, Silent
from archdsl.expressions import functions
from archdsl.expressions.arithmetic import ARITHMETIC, simplified
from archdsl.expressions.functions import is_number as is_number
from archdsl.expressions.lists import arithmetic, fitting
from archdsl.expressions.names import axis_of, is_axis, look_up, may_be_lost, member_of, reference, unknown_name
from archdsl.limits import limit
from archdsl.ops.arguments import Size, Word
from archdsl.ops.operator import Operator
from archdsl.ops.registry import WORDS, find
from archdsl.program.callables import Closure
from archdsl.program.scope import Scope
from archdsl.program.values import NOT_YET, NOTHING, Evaluated, ListValue, Unknown, Value, of_values
from archdsl.shapes import Number, Undecided, decide
from archdsl.shapes.dimension import Relation
from archdsl.shapes.traced import pinned
from archdsl.syntax import tree
from archdsl.text import Span


def evaluate(expression: tree.Expression, scope: Scope) -> Evaluated:
    """The value of an expression in a body.

    Raises:
        Mistake: it has none.
        Silent: it depends on something that was already reported.
    """
    return _EVALUATE[type(expression)](expression, scope)


def condition(expression: tree.Expression, scope: Scope) -> bool:
    """A condition: true or false, not a number."""
    value = evaluate(expression, scope)
    if isinstance(value, bool):
        return value
    is_named = isinstance(expression, (tree.Variable, tree.Attribute, tree.Index))
    raise wording.expressions.no_condition(value, scope.span(expression), is_named and is_number(value))


_LIKE_NAMES = frozenset({"height", "width"})


def _variable(e: tree.Variable, scope: Scope) -> Evaluated:
    found = look_up(e.name, scope)
    if found is not None:
        return found.value
    # A name of both kinds is the operator: what takes words knows one of them when it meets it.
    op = find(e.name)
    if op is not None:
        return op
    if e.name in WORDS:
        return Word(e.name)
    if may_be_lost(e.name, scope):
        raise Silent
    start = e.start + scope.source.text[e.start : e.end].index(e.name)
    raise unknown_name(e.name, Span(scope.source, start, start + len(e.name)), scope)


def refuse_word(e: tree.Expression, value: Evaluated, scope: Scope) -> None:
    """A bare word that texts use as the name of a number, where a number is taken: it is meant as a name, which nothing has.

    Raises:
        Mistake: it is such a word.
    """
    if isinstance(e, tree.Variable) and type(value) is Word and value in _LIKE_NAMES and look_up(e.name, scope) is None:
        raise unknown_name(e.name, scope.span(e), scope)


def _current(e: tree.Current, scope: Scope) -> Value | ListValue:
    current = scope.current
    if current is NOTHING or current is NOT_YET:
        raise wording.names.no_current_value(scope.span(e), is_library=current is NOTHING)
    if isinstance(current, Unknown):
        raise Silent
    return current


def _attribute(e: tree.Attribute, scope: Scope) -> Evaluated:
    value = evaluate(e.value, scope)
    name = Span(scope.source, e.name.start, e.name.end)
    if isinstance(value, Value):
        found = member_of(value, name.text)
        if found is not None:
            return found
        if isinstance(e.value, tree.Current):
            return axis_of(value, name.text, name)
        if is_axis(name.text):
            return axis_of(value, name.text, scope.span(e))
        raise wording.names.unknown_output(scope.span(e.value).text, name.text, value.members, scope.span(e))
    if isinstance(value, ListValue):
        raise wording.value_lists.no_attribute(len(value.items), name.text, scope.span(e))
    raise wording.names.no_attribute(value, name.text, scope.span(e))


def _items(e: tree.Index | tree.Slice, scope: Scope) -> tuple[Evaluated, ...]:
    value = evaluate(e.value, scope)
    if isinstance(value, ListValue):
        return value.items
    if not isinstance(value, tuple):
        raise wording.lists.no_list_to_index(value, scope.span(e.value))
    return value


def _index(e: tree.Index, scope: Scope) -> Evaluated:
    value, index = _items(e, scope), _whole(e.position, scope)
    if not -len(value) <= index < len(value):
        raise wording.lists.index_outside(index, value, scope.span(e.position))
    return value[pinned(index)]


def used(e: tree.Expression, scope: Scope) -> Value | ListValue:
    """What a step or a join takes: `@label`, `@part.label`, `@list[0]`, `[@p3, @p4]`."""
    value = evaluate(e, scope)
    if isinstance(value, (Value, ListValue)):
        return value
    if isinstance(e, tree.Attribute):
        owner = evaluate(e.value, scope)
        if isinstance(owner, Value):
            raise wording.names.unknown_output(scope.span(e.value).text, e.name.text, owner.members, scope.span(e))
    raise wording.joins.no_value(value, scope.span(e))


def _slice(e: tree.Slice, scope: Scope) -> Evaluated:
    value = _items(e, scope)
    first, last = (None if end is None else pinned(_whole(end, scope)) for end in (e.first, e.last))
    return of_values(tuple(value[first:last]))


def _whole(e: tree.Expression, scope: Scope) -> int:
    index = evaluate(e, scope)
    if not isinstance(index, int) or isinstance(index, bool):
        raise wording.lists.no_index(index, scope.span(e))
    return index


def _unary(e: tree.Unary, scope: Scope) -> Number:
    value = evaluate(e.operand, scope)
    if e.operator == "not":
        if isinstance(value, bool):
            return not value
        raise wording.expressions.no_truth("not", value, scope.span(e.operand))
    if is_number(value):
        return -value
    refuse_word(e.operand, value, scope)
    raise wording.expressions.no_number_to_negate(value, scope.span(e.operand))


def _binary(e: tree.Binary, scope: Scope) -> Evaluated:
    left, right = evaluate(e.left, scope), evaluate(e.right, scope)
    if isinstance(left, tuple) or isinstance(right, tuple):
        return arithmetic(e, left, right, scope)
    return simplified(_computed(e, _operand(e, e.left, left, scope), _operand(e, e.right, right, scope), scope))


def _operand(e: tree.Binary, side: tree.Expression, value: Evaluated, scope: Scope) -> Number:
    if is_number(value):
        return value
    refuse_word(side, value, scope)
    raise wording.expressions.no_number(e.operator, value, scope.span(side))


def _computed(e: tree.Binary, left: Number, right: Number, scope: Scope) -> Number:
    try:
        result = ARITHMETIC[e.operator](left, right)
    except ZeroDivisionError:
        raise wording.expressions.divides_by_zero(left, e.operator, right, scope.span(e)) from None
    except (OverflowError, ValueError):
        raise wording.expressions.number_too_large(scope.span(e)) from None
    except TypeError:
        result = None
    if result is None:
        raise wording.expressions.no_exact_result(left, e.operator, right, scope.span(e))
    return result


def _list(e: tree.ListOf, scope: Scope) -> Evaluated:
    return of_values(fitting(tuple(evaluate(item, scope) for item in e.items), e, scope))


def _logic(e: tree.Logic, scope: Scope) -> bool:
    left = _logic_side(e, e.left, scope)
    if left == (e.operator == "or"):
        return left
    return _logic_side(e, e.right, scope)


def _logic_side(e: tree.Logic, side: tree.Expression, scope: Scope) -> bool:
    value = evaluate(side, scope)
    if isinstance(value, bool):
        return value
    raise wording.expressions.no_truth(e.operator, value, scope.span(side))


def _compare(e: tree.Compare, scope: Scope) -> bool:
    left_e, left = e.first, evaluate(e.first, scope)
    for relation, right_e in e.rest:
        right = evaluate(right_e, scope)
        if not _related(relation, left, right, Span(scope.source, left_e.start, right_e.end)):
            return False
        left_e, left = right_e, right
    return True


def _related(relation: Relation, left: Evaluated, right: Evaluated, span: Span) -> bool:
    if is_number(left) and is_number(right):
        try:
            return decide(relation, left, right)
        except Undecided:
            raise wording.expressions.undecided_comparison(left, right, span) from None
    if relation in ("==", "!="):
        is_equal = _plain(left) == _plain(right)
        return is_equal if relation == "==" else not is_equal
    raise wording.expressions.no_order(relation, left, right, span)


def _plain(value: Evaluated) -> object:
    # A shape, a list and a size with the same numbers are equal; true is not 1, and a word is not a string by accident.
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, bool):
        return ("bool", value)
    return str(value) if isinstance(value, str) else value


def _conditional(e: tree.Conditional, scope: Scope) -> Evaluated:
    return evaluate(e.value if condition(e.condition, scope) else e.otherwise, scope)


def items_of(expression: tree.Expression, scope: Scope) -> tuple[Evaluated, ...]:
    """The elements of a list that a `for` loops over."""
    value = evaluate(expression, scope)
    if isinstance(value, ListValue):
        return value.items
    if isinstance(value, tuple) and not isinstance(value, Size):
        return value
    raise wording.lists.no_list_to_go_over(value, scope.span(expression))


def refuse_twice(names: Sequence[tree.Ident], scope: Scope) -> None:
    """A list of names that bind has each once."""
    met: dict[str, tree.Ident] = {}
    for name in names:
        first = met.setdefault(name.text, name)
        if first is not name:
            raise wording.names.named_twice(name.text, scope.span(name), scope.span(first))


def bind_element(
    targets: tuple[tree.Ident, ...], source: tree.Expression, number: int, items: tuple[Evaluated, ...], scope: Scope
) -> None:
    """Bind what a run of a loop has: `index`, `first`, `last`, which a target of that name hides, and the targets."""
    scope.names |= {"index": number, "first": number == 0, "last": number == len(items) - 1}
    bind_targets(targets, items[number], scope, scope.span(source))
    for at, target in enumerate(targets):
        scope.bind(target.text, source, (number,) if len(targets) == 1 else (number, at))


def bind_targets(targets: tuple[tree.Ident, ...], item: Evaluated, scope: Scope, span: Span) -> None:
    """Bind the names of a `for` to one element, unpacked when there are several."""
    refuse_twice(targets, scope)
    if len(targets) == 1:
        _bind(targets[0].text, item, scope)
        return
    if not isinstance(item, tuple) or len(item) != len(targets):
        raise wording.lists.cannot_unpack([target.text for target in targets], item, span)
    for target, part in zip(targets, item, strict=True):
        _bind(target.text, part, scope)


def _bind(name: str, item: Evaluated, scope: Scope) -> None:
    """A number is read by its name, a value of the network as `@name`: the two stand apart."""
    if isinstance(item, (Value, ListValue)):
        scope.labels[name] = item
        scope.given.add(name)
    else:
        scope.names[name] = item


def _comprehension(e: tree.Comprehension, scope: Scope) -> Evaluated:
    result = []
    inner = Scope(scope, scope.source, scope.current)
    most = limit("elements")
    for item in items_of(e.source, scope):
        scope.budget.elements += 1
        if scope.budget.elements > most:
            raise LimitReached("elements", scope.span(e))
        bind_targets(e.targets, item, inner, scope.span(e.source))
        if e.condition is None or condition(e.condition, inner):
            result.append(evaluate(e.element, inner))
    return of_values(fitting(tuple(result), e, scope))


def _function(e: tree.Function, scope: Scope) -> Evaluated:
    name = e.name.text
    function = functions.FUNCTIONS.get(name)
    if function is None:
        raise _no_function(name, scope.span(e.name), scope)
    for argument in e.arguments:
        if argument.name is not None:
            raise wording.functions.named_argument(name, scope.span(argument))
    values = [evaluate(argument.value, scope) for argument in e.arguments]
    given = [value.items if isinstance(value, ListValue) else value for value in values]
    try:
        return simplified(of_values(function(*given)))
    except functions.Refused as refused:
        raise wording.functions.refused(name, str(refused), scope.span(e), _arguments(e, values, scope)) from None
    except Undecided as open_question:
        raise wording.expressions.undecided(name, open_question, scope.span(e)) from None
    except (TypeError, OverflowError, ValueError, ZeroDivisionError):
        usage = functions.USAGE[name]
        raise wording.functions.called_wrongly(name, usage, scope.span(e), _arguments(e, values, scope)) from None


def _arguments(e: tree.Function, values: list[Evaluated], scope: Scope) -> list[tuple[Span, Evaluated]]:
    return [(scope.span(argument.value), value) for argument, value in zip(e.arguments, values, strict=True)]


def _no_function(name: str, span: Span, scope: Scope) -> Mistake:
    bound = look_up(name, scope)
    if find(name) is not None or (bound is not None and isinstance(bound.value, (Closure, Operator))):
        return wording.functions.step_as_function(name, span)
    return wording.functions.unknown_function(name, functions.FUNCTIONS, span)


_EVALUATE: dict[type, Callable[[Any, Scope], Evaluated]] = {
    tree.Number: lambda e, scope: e.value,
    tree.SizeLiteral: lambda e, scope: Size(e.numbers),
    tree.String: lambda e, scope: e.value,
    tree.Constant: lambda e, scope: e.value,
    tree.Variable: _variable,
    tree.Current: _current,
    tree.Reference: reference,
    tree.ListOf: _list,
    tree.Comprehension: _comprehension,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Logic: _logic,
    tree.Compare: _compare,
    tree.Conditional: _conditional,
    tree.Index: _index,
    tree.Slice: _slice,
    tree.Attribute: _attribute,
    tree.Function: _function,
}
