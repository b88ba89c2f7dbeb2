"""Expressions: exact arithmetic over numbers, formulas, lists, words and names. Must not run statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, Silent, TooLarge, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.expressions import functions
from archdsl.expressions.arithmetic import ARITHMETIC
from archdsl.expressions.lists import arithmetic, fitting
from archdsl.expressions.names import axis_of, look_up, may_be_lost, reference, unknown_name
from archdsl.limits import limit
from archdsl.ops.arguments import Size, Word
from archdsl.ops.operator import Operator
from archdsl.ops.registry import WORDS, find
from archdsl.program.callables import Closure
from archdsl.program.scope import Scope
from archdsl.program.values import NOT_YET, NOTHING, ListValue, Unknown, Value
from archdsl.shapes import Formula, Undecided, decide
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.values import asked, kind_of, listed, show, this_is


def evaluate(expression: tree.Expression, scope: Scope) -> Any:
    """The value of an expression in a body.

    Raises:
        Mistake: it has none.
        Silent: it hangs on something that was already reported.
    """
    return _EVALUATE[type(expression)](expression, scope)


def condition(expression: tree.Expression, scope: Scope) -> bool:
    """A condition: true or false, not a number."""
    value = evaluate(expression, scope)
    if isinstance(value, bool):
        return value
    raise mistake(
        "not-a-condition",
        f"a condition is true or false, and this is {kind_of(value)}",
        scope.span(expression),
        this_is(value),
        fixes=_compared(expression, scope) if is_number(value) else [],
    )


def _compared(expression: tree.Expression, scope: Scope) -> list[Fix]:
    """A number as a condition most likely means that it is not 0."""
    if not isinstance(expression, (tree.Variable, tree.Attribute, tree.Index)):
        return []
    end = Span(scope.source, expression.end, expression.end)
    return [Fix("compare it with a number", (Edit(end, " != 0"),))]


def is_number(value: object) -> bool:
    return isinstance(value, (int, Fraction, float, Formula)) and not isinstance(value, bool)


def _variable(e: tree.Variable, scope: Scope) -> Any:
    found = look_up(e.name, scope)
    if found is not None:
        return found.value
    if e.name in WORDS:
        return Word(e.name)
    op = find(e.name)
    if op is not None:
        return op
    if may_be_lost(e.name, scope):
        raise Silent
    start = e.start + scope.source.text[e.start : e.end].index(e.name)
    raise unknown_name(e.name, Span(scope.source, start, start + len(e.name)), scope)


def _current(e: tree.Current, scope: Scope) -> Any:
    current = scope.current
    if current is NOTHING or current is NOT_YET:
        why = "a library has no current value" if current is NOTHING else "there is no current value yet"
        raise mistake(
            "no-current-value",
            f"{why}, so `in` stands for nothing here",
            scope.span(e),
            notes=["`in` is read inside a definition, or in an arch behind its `input`"],
        )
    if isinstance(current, Unknown):
        raise Silent
    return current


def _attribute(e: tree.Attribute, scope: Scope) -> Any:
    value = evaluate(e.value, scope)
    name = e.name.text
    if isinstance(value, Value):
        return axis_of(value, name, Span(scope.source, e.name.start, e.name.end))
    if isinstance(value, ListValue):
        raise mistake(
            "value-is-list",
            f"the current value is a list of {len(value.items)} values, which has no `.{name}`",
            scope.span(e),
            notes=["`pick i` takes one of them"],
        )
    raise mistake("no-such-attribute", f"{kind_of(value)} has no `.{name}`", scope.span(e))


def _index(e: tree.Index, scope: Scope) -> Any:
    value, index = evaluate(e.value, scope), evaluate(e.position, scope)
    if isinstance(value, ListValue):
        value = value.items
    if not isinstance(value, tuple):
        raise mistake(
            "not-a-list", f"only a list is indexed, and this is {kind_of(value)}", scope.span(e.value), this_is(value)
        )
    if not isinstance(index, int) or isinstance(index, bool):
        raise mistake(
            "bad-index", f"an index is an integer, and this is {kind_of(index)}", scope.span(e.position), this_is(index)
        )
    if not -len(value) <= index < len(value):
        raise mistake(
            "bad-index",
            f"index {index} is outside a list of {len(value)}",
            scope.span(e.position),
            notes=[f"the list is {show(value)}", "the first element has index 0, the last one -1"],
        )
    return value[index]


def _unary(e: tree.Unary, scope: Scope) -> Any:
    value = evaluate(e.operand, scope)
    if e.operator == "not":
        if isinstance(value, bool):
            return not value
        raise mistake("not-a-condition", f"`not` wants true or false, and this is {kind_of(value)}", scope.span(e.operand))
    if is_number(value):
        return -value
    raise mistake("not-a-number", f"`-` wants a number, and this is {kind_of(value)}", scope.span(e.operand), this_is(value))


def _binary(e: tree.Binary, scope: Scope) -> Any:
    left, right = evaluate(e.left, scope), evaluate(e.right, scope)
    if isinstance(left, tuple) or isinstance(right, tuple):
        return arithmetic(e, left, right, scope)
    for value, side in ((left, e.left), (right, e.right)):
        if not is_number(value):
            raise mistake(
                "not-a-number", f"`{e.operator}` wants numbers, and this is {kind_of(value)}", scope.span(side), this_is(value)
            )
    try:
        result = ARITHMETIC[e.operator](left, right)
    except ZeroDivisionError:
        raise mistake(
            "division-by-zero", "this divides by zero", scope.span(e), f"this is `{show(left)} {e.operator} {show(right)}`"
        ) from None
    except (OverflowError, ValueError):
        raise _too_large(e, scope) from None
    except TypeError:
        result = NotImplemented
    if result is NotImplemented or isinstance(result, complex):
        raise mistake(
            "no-exact-result",
            "this has no value that the language can hold",
            scope.span(e),
            f"this is `{f'({show(left)})' if show(left).startswith('-') else show(left)} {e.operator} {show(right)}`",
        )
    return _simplified(result)


def _too_large(e: Any, scope: Scope) -> Mistake:
    return mistake(
        "number-too-large",
        "this number grows past any network's size",
        scope.span(e),
        notes=["a number may have up to 1,233 digits"],
    )


def _list(e: tree.ListOf, scope: Scope) -> tuple[Any, ...]:
    return fitting(tuple(evaluate(item, scope) for item in e.items), e, scope)


def _simplified(value: Any) -> Any:
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return value


def _logic(e: tree.Logic, scope: Scope) -> bool:
    left = _logic_side(e, e.left, scope)
    if left == (e.operator == "or"):
        return left
    return _logic_side(e, e.right, scope)


def _logic_side(e: tree.Logic, side: tree.Expression, scope: Scope) -> bool:
    value = evaluate(side, scope)
    if isinstance(value, bool):
        return value
    raise mistake(
        "not-a-condition", f"`{e.operator}` wants true or false, and this is {kind_of(value)}", scope.span(side), this_is(value)
    )


def _compare(e: tree.Compare, scope: Scope) -> bool:
    left_e, left = e.first, evaluate(e.first, scope)
    for relation, right_e in e.rest:
        right = evaluate(right_e, scope)
        if not _related(relation, left, right, left_e, right_e, scope):
            return False
        left_e, left = right_e, right
    return True


def _related(relation: Any, left: Any, right: Any, left_e: Any, right_e: Any, scope: Scope) -> bool:
    span = Span(scope.source, left_e.start, right_e.end)
    if is_number(left) and is_number(right):
        try:
            return decide(relation, left, right)
        except Undecided:
            raise mistake(
                "undecided-condition",
                f"`{span.text}` holds for some sizes of the input and fails for others",
                span,
                notes=[f"it compares `{show(left)}` with `{show(right)}`"],
            ) from None
    if relation in ("==", "!="):
        is_equal: bool = _plain(left) == _plain(right)
        return is_equal if relation == "==" else not is_equal
    raise mistake("not-a-number", f"`{relation}` orders numbers, not {kind_of(left)} and {kind_of(right)}", span)


def _plain(value: Any) -> Any:
    # A shape, a list and a size with the same numbers are equal; true is not 1, and a word is not a string by accident.
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, bool):
        return ("bool", value)
    return str(value) if isinstance(value, str) else value


def _conditional(e: tree.Conditional, scope: Scope) -> Any:
    return evaluate(e.value if condition(e.condition, scope) else e.otherwise, scope)


def items_of(expression: tree.Expression, scope: Scope) -> tuple[Any, ...]:
    """The elements of a list that a `for` goes over."""
    value = evaluate(expression, scope)
    if isinstance(value, tuple) and not isinstance(value, Size):
        return value
    raise mistake("not-a-list", f"`for` goes over a list, and this is {kind_of(value)}", scope.span(expression), this_is(value))


def refuse_twice(names: Sequence[tree.Ident], scope: Scope) -> None:
    """A list of names that bind has each once."""
    for number, name in enumerate(names):
        first = next((other for other in names[:number] if other.text == name.text), None)
        if first is not None:
            raise mistake(
                "named-twice",
                f"`{name.text}` is named twice",
                Span(scope.source, name.start, name.end),
                labels=[Label(Span(scope.source, first.start, first.end), "first here")],
            )


def bind_element(
    targets: tuple[tree.Ident, ...], source: tree.Expression, number: int, items: tuple[Any, ...], scope: Scope
) -> None:
    """Bind what a run of a loop has: `index`, `first`, `last`, which a target of that name hides, and the targets."""
    scope.names |= {"index": number, "first": number == 0, "last": number == len(items) - 1}
    bind_targets(targets, items[number], scope, scope.span(source))
    for at, target in enumerate(targets):
        scope.bind(target.text, source, (number,) if len(targets) == 1 else (number, at))


def bind_targets(targets: tuple[tree.Ident, ...], item: Any, scope: Scope, span: Span) -> None:
    """Bind the names of a `for` to one element, unpacked when there are several."""
    refuse_twice(targets, scope)
    if len(targets) == 1:
        scope.names[targets[0].text] = item
        return
    if not isinstance(item, tuple) or len(item) != len(targets):
        raise mistake(
            "cannot-unpack",
            f"`{', '.join(target.text for target in targets)}` cannot be taken from {show(item)}",
            span,
            notes=[f"each element must be a list of {len(targets)}"],
        )
    for target, part in zip(targets, item, strict=True):
        scope.names[target.text] = part


def _comprehension(e: tree.Comprehension, scope: Scope) -> tuple[Any, ...]:
    result = []
    inner = Scope(scope, scope.source, scope.current)
    most = limit("elements")
    for item in items_of(e.source, scope):
        scope.budget.elements += 1
        if scope.budget.elements > most:
            raise TooLarge("elements", scope.span(e))
        bind_targets(e.targets, item, inner, scope.span(e.source))
        if e.condition is None or condition(e.condition, inner):
            result.append(evaluate(e.element, inner))
    return fitting(tuple(result), e, scope)


def _function(e: tree.Function, scope: Scope) -> Any:
    name = e.name.text
    function = functions.FUNCTIONS.get(name)
    span = Span(scope.source, e.name.start, e.name.end)
    if function is None:
        raise _no_function(name, span, scope)
    for argument in e.arguments:
        if argument.name is not None:
            raise mistake("named-function-argument", f"`{name}` takes its arguments by position", scope.span(argument))
    values = [evaluate(argument.value, scope) for argument in e.arguments]
    try:
        return _simplified(function(*values))
    except functions.Refused as refused:
        raise mistake("bad-function-argument", f"`{name}` {refused}", scope.span(e), labels=_given(e, values, scope)) from None
    except Undecided as open_question:
        raise undecided(name, open_question, scope.span(e)) from None
    except (TypeError, OverflowError, ValueError, ZeroDivisionError):
        usage = functions.USAGE[name].replace(", range", "`, `range").replace(" or ", "` or `")
        given = listed([kind_of(value) for value in values]) if values else "nothing"
        message = f"`{name}` is called as `{usage}`, not with {given}"
        raise mistake("bad-function-argument", message, scope.span(e), labels=_given(e, values, scope)) from None


def _given(e: tree.Function, values: list[Any], scope: Scope) -> list[Label]:
    """What the arguments came to, where that is not what is written."""
    pairs = [(scope.span(argument.value), show(value)) for argument, value in zip(e.arguments, values, strict=True)]
    return [Label(span, f"this is {text}") for span, text in pairs if span.text != text][:3]


def undecided(name: str, question: Undecided, span: Span) -> Mistake:
    """A function or operator asks what the free dimensions do not tell."""
    message = f"`{name}` cannot be checked for every size of the input"
    notes = [f"it hangs on {asked(question)}", "a number in place of the free dimension decides it"]
    return mistake("undecided-condition", message, span, notes=notes)


def _no_function(name: str, span: Span, scope: Scope) -> Mistake:
    bound = look_up(name, scope)
    if find(name) is not None or (bound is not None and isinstance(bound.value, (Closure, Operator))):
        return mistake(
            "not-a-function",
            f"`{name}` is a step of a network, not a function of expressions",
            span,
            notes=["a definition or operator is passed on by its bare name"],
        )
    guess = nearest(name, functions.FUNCTIONS)
    fixes = [Fix(f"did you mean `{guess}`?", (Edit(span, guess),))] if guess else []
    return mistake(
        "unknown-function",
        f"no function `{name}`",
        span,
        notes=["the functions are " + " ".join(f"`{known}`" for known in functions.FUNCTIONS)],
        fixes=fixes,
    )


_EVALUATE: dict[type, Callable[[Any, Scope], Any]] = {
    tree.Number: lambda e, scope: e.value,
    tree.SizeLiteral: lambda e, scope: Size((e.height, e.width)),
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
    tree.Attribute: _attribute,
    tree.Function: _function,
}
