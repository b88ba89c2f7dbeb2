"""Binding arguments: written ones, a stage's `downsample`, `default` lines. Must not run what is called."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import Literal

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent, together
from archdsl.expressions.evaluate import evaluate, refuse_word
from archdsl.expressions.names import look_up, may_be_lost
from archdsl.ops.arguments import Word
from archdsl.ops.operator import Argument, Operator
from archdsl.ops.registry import WORDS, find
from archdsl.program.callables import Closure
from archdsl.program.scope import Pending, Refusing, Scope
from archdsl.program.values import Callee, Evaluated, ListValue, Value
from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.text import Span


class _Slots(NamedTuple):
    """The arguments of an operator by name, their names, and how many of them may be given without these."""

    entries: dict[str, Argument]
    names: list[str]
    bare: int


@cache
def _slots(operator: Operator) -> _Slots:
    entries = {argument.name: argument for argument in operator.arguments if not argument.internal}
    return _Slots(entries, list(entries), len(operator.positional))


def bind_operator(
    operator: Operator,
    c: tree.Call,
    arguments: Iterable[tree.WrittenArgument],
    scope: Scope,
    values: dict[str, Value],
) -> tuple[dict[str, Evaluated], dict[str, Span]]:
    """Written settings by name, with the places where they are written; `@label` arguments go to `values`."""
    written: dict[str, Evaluated] = {}
    spans: dict[str, Span] = {}
    entries, names, bare = _slots(operator)
    position = 0
    wrong: list[Mistake | Silent] = []
    for argument in arguments:
        try:
            if argument.name is None and position >= bare:
                raise _one_too_many(operator, c, argument, scope)
            if operator.names_sizes and argument.name is not None and argument.name.text not in entries:
                _add_size(argument.name.text, argument, written, spans, scope)
                continue
            slot, position = fill(operator.name, names, argument, position, spans, scope)
            spans[slot] = scope.span(argument)
            written[slot] = _operator_argument(entries[slot], argument, operator, scope, values)
        except (Mistake, Silent) as found:
            wrong.append(with_sign(found, argument, c, names, scope))
            if is_one_too_many(found):
                break
    if wrong:
        raise together(wrong)
    pending = scope.pending
    if pending is not None and not pending.taken:
        offer(pending, operator.name, names, written, scope.span(c.name), spans)
    _add_defaults(operator, c, scope, written, spans)
    return written, spans


def _add_size(
    name: str, argument: tree.WrittenArgument, written: dict[str, Evaluated], spans: dict[str, Span], scope: Scope
) -> None:
    """The size of a name of a pattern."""
    if name in spans:
        raise wording.arguments.argument_twice("rearrange", name, [name], scope.span(argument), spans[name], True)
    spans[name] = scope.span(argument)
    known = written.get("sizes", ())
    assert isinstance(known, tuple)
    written["sizes"] = (*known, (name, evaluate(argument.value, scope)))


def _one_too_many(operator: Operator, c: tree.Call, argument: tree.WrittenArgument, scope: Scope) -> Mistake:
    """From this argument on nothing can stand without a name."""
    bare = [one for one in c.arguments if one.name is None]
    end = bare[-1].end
    is_number = isinstance(argument.value, tree.Number)
    return wording.arguments.one_too_many(operator, scope.span(argument), Span(scope.source, argument.start, end), is_number)


def with_sign(
    found: Mistake | Silent, argument: tree.WrittenArgument, c: tree.Call, known: list[str], scope: Scope
) -> Mistake | Silent:
    """What is said of `stride` in `conv 3x3 64 stride 2`: it is the name of an argument."""
    value = argument.value
    if isinstance(found, Silent) or found.diagnostic.name != "unknown-name" or c.touching:
        return found
    if argument.name is not None or not isinstance(value, tree.Variable) or value.name not in known:
        return found
    place = next((at for at, one in enumerate(c.arguments) if one is argument), len(c.arguments))
    following = c.arguments[place + 1] if place + 1 < len(c.arguments) else None
    if following is None or following.name is not None:
        return found
    return wording.arguments.setting_without_sign(found, value.name, scope.span(argument), scope.span(following))


def is_one_too_many(found: Mistake | Silent) -> bool:
    """Whether every further argument is one too many as well, which need not be reported again."""
    return isinstance(found, Mistake) and found.diagnostic.name == "too-many-arguments"


def fill(
    callee: str, known: list[str], argument: tree.WrittenArgument, position: int, filled: dict[str, Span], scope: Scope
) -> tuple[str, int]:
    """The parameter that an argument fills, and the next free position."""
    span = scope.span(argument)
    if argument.name is None:
        if position >= len(known):
            raise wording.arguments.too_many_arguments(callee, known, span)
        slot = known[position]
        position += 1
    else:
        slot = argument.name.text
        if slot not in known:
            raise wording.arguments.unknown_argument(callee, slot, known, span)
    if slot in filled:
        raise wording.arguments.argument_twice(callee, slot, known, span, filled[slot], argument.name is not None)
    return slot, position


def _operator_argument(
    entry: Argument, argument: tree.WrittenArgument, operator: Operator, scope: Scope, values: dict[str, Value]
) -> Evaluated:
    expression = argument.value
    if entry.is_value:
        return _value_argument(entry, expression, operator, scope, values)
    if entry.words and isinstance(expression, tree.Variable) and expression.name in entry.words:
        # A word of its own is that word, whatever is bound.
        return Word(expression.name)
    if entry.words and isinstance(expression, tree.Variable) and _is_no_name(expression.name, scope):
        raise wording.arguments.unknown_word(entry, operator, expression.name, scope.span(expression))
    value = evaluate(expression, scope)
    if type(value) in _NUMBERS:
        return value
    # A word that is also an operator's name was taken for the operator when a definition was called with it.
    if isinstance(value, (Operator, Closure)) and value.name in entry.words:
        return Word(value.name)
    if not entry.words:
        refuse_word(expression, value, scope)
    if isinstance(value, (Value, ListValue)):
        raise wording.arguments.value_as_setting(entry, operator, value, scope.span(argument))
    return value


_NUMBERS = (int, bool, float)
"""What most settings are; nothing that can be wrong with a value's kind is wrong with these."""


def _is_no_name(name: str, scope: Scope) -> bool:
    return look_up(name, scope) is None and name not in WORDS and find(name) is None and not may_be_lost(name, scope)


def _is_callable(value: Evaluated) -> bool:
    return isinstance(value, (Operator, Callee))


def _value_argument(
    entry: Argument, expression: tree.Expression, operator: Operator, scope: Scope, values: dict[str, Value]
) -> Literal[True] | None:
    value = evaluate(expression, scope)
    if value is None and entry.words:
        return None
    if isinstance(value, Value):
        values[entry.name] = value
        return True
    span = scope.span(expression)
    if isinstance(value, ListValue):
        raise wording.value_lists.list_for_argument(entry.name, operator.name, len(value.items), span)
    raise wording.arguments.no_value(entry, operator, value, span)


def offer(
    pending: Pending, callee: str, known: list[str], written: dict[str, Evaluated], span: Span, spans: dict[str, Span]
) -> None:
    """A stage's `downsample` goes to the first call that has all of its settings and sets none of them."""
    lacks = tuple(name for name in pending.settings if name not in known)
    sets = tuple(name for name in pending.settings if name in written)
    pending.known.update(known)
    if lacks or sets:
        pending.tried.append(Refusing(callee, span, lacks, sets))
        return
    written.update(pending.settings)
    spans.update(dict.fromkeys(pending.settings, pending.span))
    pending.taken = True


def _line_end(line: tuple[int, int, tree.WrittenArgument]) -> int:
    return line[0]


def _add_defaults(
    operator: Operator, c: tree.Call, scope: Scope, written: dict[str, Evaluated], spans: dict[str, Span]
) -> None:
    """`default` lines before the call in the bodies around it; inner and later ones win."""
    inner: Scope | None = scope
    while inner is not None:
        if inner.defaults:
            _add_defaults_of(inner, operator, c, scope, written, spans)
        inner = inner.parent


def _add_defaults_of(
    inner: Scope, operator: Operator, c: tree.Call, scope: Scope, written: dict[str, Evaluated], spans: dict[str, Span]
) -> None:
    found = []
    for name, lines in inner.defaults.get(operator.name, {}).items():
        before = bisect_right(lines, c.start, key=_line_end) if inner.source is scope.source else len(lines)
        if before and name not in written:
            found.append((-lines[before - 1][0], lines[before - 1][1], name, lines[before - 1][2]))
    for _, _, name, setting in sorted(found):
        at_call = Scope(inner, inner.source, scope.current)
        entry = operator.argument(name)
        assert entry is not None
        written[name] = _operator_argument(entry, setting, operator, at_call, {})
        spans[name] = inner.span(setting)
