"""Statements: from the syntax of a body to the steps of a region. Units (calls, groups, joins) are in the modules beside this.

Elaboration is a pure function of (definition, arguments, input shapes). A mistake is reported where it is found; the value that
it leaves unknown is not reported again, so a run finds every independent mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent
from archdsl.elaborate import inside, placing, repetition, steps
from archdsl.expressions.evaluate import bind_element, condition, evaluate, items_of, refuse_twice
from archdsl.ir import Shared
from archdsl.ops.outside import find_anywhere
from archdsl.program.builder import At, Builder
from archdsl.program.callables import Closure, SharedClosure
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import UNKNOWN, Current, ListValue, Unknown, Value, like, values_of
from archdsl.syntax import tree
from archdsl.syntax.reductions import node_of
from archdsl.text import Span

_LEAVE_THE_VALUE = frozenset(
    {
        tree.Import,
        tree.Definition,
        tree.Let,
        tree.SideValue,
        tree.Default,
        tree.Meta,
        tree.Expect,
        tree.OutputOf,
        tree.Aux,
        tree.SharedLine,
        tree.Downsample,
    }
)
"""Statements that leave the current value alone, so that one of them that is broken does not lose it."""


def run(ctx: Context, statements: Sequence[tree.Statement], scope: Scope, builder: Builder) -> None:
    """Run the statements of a body; `scope.current` is its result."""
    if statements:
        ctx.count_statements(len(statements), scope.span(statements[0]))
    if ctx.look is not None:
        ctx.ran.add(id(statements))
    hoist(statements, scope)
    for statement in statements:
        action = _RUN.get(type(statement))
        if action is None:
            continue
        try:
            action(ctx, statement, scope, builder)
        except (Mistake, Silent, RecursionError) as found:
            wrong = wording.limits.nested_too_deeply(scope.span(statement)) if isinstance(found, RecursionError) else found
            ctx.say(wrong, scope)
            if ctx.look is not None and isinstance(wrong, Silent):
                ctx.look(ctx, statement, scope)
            _forget(statement, scope)
            if isinstance(wrong, Mistake) and isinstance(statement, tree.Step):
                _go_on(statement, wrong.result, scope, builder)
    if ctx.look is not None:
        for statement in statements:
            if isinstance(statement, (tree.Definition, tree.SharedLine)):
                ctx.look(ctx, statement, scope)


def run_body(ctx: Context, body: tree.Body, scope: Scope, builder: Builder) -> None:
    """Run the one branch of a body that is not a join's."""
    if len(body.branches) > 1:
        second = body.branches[1]
        place = scope.span(second) if second.start >= 0 else None
        raise wording.calls.branches_outside_join(scope.span(body), place)
    run(ctx, body.branches[0].statements, scope, builder)


def hoist(statements: Iterable[tree.Statement], scope: Scope) -> None:
    """A definition may be used before the line that defines it, and a `default` applies after its line, whatever runs first."""
    for statement in statements:
        if isinstance(statement, tree.Definition):
            scope.names.setdefault(statement.name.text, Closure(statement, scope))
        elif isinstance(statement, tree.Default):
            _hoist_default(statement, scope)
        elif isinstance(statement, tree.Broken):
            text = scope.source.text[statement.start : statement.end]
            words = re.findall(r"[A-Za-z_]\w*", text)
            scope.lost.update(words)
            if words[:1] in (["def"], ["input"]) and len(words) > 1:
                # Without the bracket after it, a name goes on with what is in the bracket: `def unitc, stride) <`.
                scope.lost.update(words[1][:end] for end in range(1, len(words[1])))


def _hoist_default(s: tree.Default, scope: Scope) -> None:
    operator = find_anywhere(s.operator.text)
    for place, setting in enumerate(s.settings if operator is not None else ()):
        if setting.name is None or operator is None or operator.argument(setting.name.text) is None:
            continue
        known = scope.defaults.setdefault(operator.name, {}).setdefault(setting.name.text, [])
        # Lines come in their order, some of them several times.
        if not known or known[-1][0] < s.end:
            known.append((s.end, place, setting))


def _forget(statement: tree.Statement, scope: Scope) -> None:
    """After a mistake: what the statement would have bound or computed is unknown."""
    if isinstance(statement, tree.Let):
        scope.names[statement.name.text] = UNKNOWN
    elif isinstance(statement, (tree.Step, tree.For, tree.If)):
        scope.current = UNKNOWN
        if isinstance(statement, tree.Step) and statement.label is not None:
            scope.labels.setdefault(statement.label.text, UNKNOWN)
    elif isinstance(statement, tree.SharedLine):
        scope.names[statement.name.text] = UNKNOWN
    elif isinstance(statement, tree.SideValue):
        scope.labels.setdefault(statement.name.text, UNKNOWN)


def _go_on(step: tree.Step, result: object, scope: Scope, builder: Builder) -> None:
    """The mistake in the step does not affect its shape, so what comes after it can be checked."""
    if not isinstance(result, Value) or result.home is not builder:
        return
    scope.current = result
    if step.label is not None:
        scope.labels[step.label.text] = result


def _let(ctx: Context, s: tree.Let, scope: Scope, builder: Builder) -> None:
    if s.name.text in scope.names:
        # A definition may have been elaborated with the old value.
        ctx.epoch += 1
    scope.names[s.name.text] = evaluate(s.value, scope)
    current = scope.current
    is_start = isinstance(current, Value) and current.home is builder and current.number == 0
    scope.bind(s.name.text, s.value, (), scope.frame.definition if is_start and scope.frame is not None else None)


def _side_value(ctx: Context, s: tree.SideValue, scope: Scope, builder: Builder) -> None:
    """`let k = < … >`: the body runs on the current value, which stays what it was."""
    name, span = s.name.text, scope.span(s)
    ctx.count_step(span)
    _refuse_second(s.name, scope)
    inner = scope.child(scope.current)
    inner.pending = None
    at = At(builder.name(name, numbered=False), None, name, span) if steps.has_steps(s.body) else At(None, None, None, span)
    result = steps.run_unit(ctx, s.body, inner, builder, at, is_run=True)
    scope.labels[name] = _named(result, scope.current, span)


def _named(result: Current, before: Current, span: Span) -> Current:
    """A label on what does nothing names a value of its own, so that messages and `unpool` find their step."""
    if not isinstance(result, Value) or result is not before:
        return result
    renamed = Value(result.home, result.number, result.shape, result.origins, span)
    renamed.pool, renamed.members = result.pool, result.members
    return renamed


def _refuse_second(label: tree.Ident, scope: Scope) -> None:
    """Two values of one body have two labels."""
    if label.text in scope.labels and label.text not in scope.names:
        before = scope.labels[label.text]
        first = before.step if isinstance(before, Value) else None
        raise wording.statements.label_twice(label.text, scope.span(label), first)


def _default(ctx: Context, s: tree.Default, scope: Scope, builder: Builder) -> None:
    name = s.operator.text
    operator = find_anywhere(name)
    if operator is None:
        if any(isinstance(inner.names.get(name), Closure) for inner in scope.chain()):
            raise wording.statements.default_of_definition(name, scope.span(s.operator))
        raise wording.statements.default_of_nothing(name, scope.span(s.operator))
    refuse_twice([setting.name for setting in s.settings if setting.name is not None], scope)
    for setting in s.settings:
        assert setting.name is not None
        if operator.argument(setting.name.text) is None:
            known = [argument.name for argument in operator.arguments]
            raise wording.arguments.unknown_argument(operator.name, setting.name.text, known, scope.span(setting.name))


def _definition(ctx: Context, s: tree.Definition, scope: Scope, builder: Builder) -> None:
    refuse_twice([parameter.name for parameter in s.parameters], scope)
    bound = scope.names.get(s.name.text)
    if isinstance(bound, Closure) and bound.definition is not s:
        imported = scope.file.imported.get(s.name.text) if scope.file is not None else None
        if imported is not None:
            raise wording.statements.imported_and_defined(s.name.text, scope.span(s.name), imported[1])
        first = scope.span(bound.definition.name)
        raise wording.statements.defined_twice(s.name.text, scope.span(s.name), first)


def _for(ctx: Context, s: tree.For, scope: Scope, builder: Builder) -> None:
    items = items_of(s.source, scope)
    for number in range(len(items)):
        inner = scope.child(scope.current)
        if number:
            inner.pending = None
        bind_element(s.targets, s.source, number, items, inner)
        with ctx.another_run(scope.span(s.source)):
            run_body(ctx, s.body, inner, builder)
        inside.take_in(scope, inner, several=True)
        scope.current = inner.current


def _if(ctx: Context, s: tree.If, scope: Scope, builder: Builder) -> None:
    body = next((body for test, body in s.arms if condition(test, scope)), s.otherwise)
    if body is None:
        return
    inner = scope.child(scope.current)
    run_body(ctx, body, inner, builder)
    inside.take_in(scope, inner)
    scope.current = inner.current


def _shared(ctx: Context, s: tree.SharedLine, scope: Scope, builder: Builder) -> None:
    span = Span(scope.source, s.name.start, s.name.end)
    existing = scope.names.get(s.name.text)
    if isinstance(existing, SharedClosure):
        raise wording.statements.shared_twice(s.name.text, span, existing.span)
    module = Shared(builder.name(s.name.text, numbered=False), span, builder.frozen)
    builder.declare(module)
    scope.names[s.name.text] = SharedClosure(s.name.text, s.body, scope, builder, module, span)


def _output(ctx: Context, s: tree.OutputOf, scope: Scope, builder: Builder) -> None:
    current = scope.current
    if isinstance(current, Unknown):
        raise Silent
    span = Span(scope.source, s.name.start, s.name.end)
    placing.export(builder, s.name.text, current, False, span)


def _aux(ctx: Context, s: tree.Aux, scope: Scope, builder: Builder) -> None:
    if ctx.drops_aux or (scope.frame is not None and scope.frame.drops_aux):
        return
    if isinstance(scope.current, Unknown):
        raise Silent
    span = Span(scope.source, s.name.start, s.name.end)
    inner_builder = Builder()
    entered = placing.enter(inner_builder, scope.current)
    inner = scope.child(entered)
    inner.pending = None
    run_body(ctx, s.body, inner, inner_builder)
    if isinstance(inner.current, Unknown):
        raise Silent
    name = builder.name(s.name.text, numbered=False)
    region = inner_builder.finish("aux", name, inner.current, scope.span(s), syntax=None)
    inputs, captured = values_of(scope.current), inner_builder.order
    results = builder.add_use(region, inputs, captured, (), At(name, None, None, scope.span(s)), call=None, aux=True)
    placing.export(builder, s.name.text, like(inner.current, tuple(results)), True, span)


def _downsample(ctx: Context, s: tree.Downsample, scope: Scope, builder: Builder) -> None:
    if not scope.is_stage:
        raise wording.repetition.downsample_outside_stage(scope.span(s))


def _expect_steps_in_arch(ctx: Context, s: tree.Statement, scope: Scope, builder: Builder) -> None:
    if scope.frame is not None or scope.file is None:
        raise wording.statements.top_in_body(s, scope.span(s))


def _broken(ctx: Context, s: tree.Broken, scope: Scope, builder: Builder) -> None:
    if node_of(s.word) not in _LEAVE_THE_VALUE:
        scope.current = UNKNOWN


def _step(ctx: Context, s: tree.Step, scope: Scope, builder: Builder) -> None:
    ctx.count_step(scope.span(s))
    if s.label is not None:
        _refuse_second(s.label, scope)
    forced, scope.forced = scope.forced, None
    name = forced
    if name is None:
        name = _module_name(s, builder)
    role = s.role.text if s.role is not None else None
    label = s.label.text if s.label is not None else None
    at = At(name, role, label, scope.span(s))
    before_step, outside = scope.current, scope.inside
    if label is not None:
        scope.inside = {}
    if s.repeat is None:
        inner = scope if role != "stage" else repetition.stage_scope(ctx, s, scope)
        result = steps.run_unit(ctx, s.unit, inner, builder, at)
        if inner is not scope:
            inside.take_in(scope, inner)
            repetition.check_pending(ctx, inner, s, scope)
    else:
        result = repetition.repeat(ctx, s, _times(ctx, s, scope), scope, builder, at)
    scope.current = result
    if isinstance(before_step, ListValue) and not isinstance(result, ListValue):
        scope.lost_list = before_step.items[0].step if before_step.items else None, scope.span(s)
    if label is not None:
        if isinstance(result, Value):
            result.members |= scope.inside
        scope.inside = outside
        result = _named(result, before_step, scope.span(s))
        scope.labels[label] = result


def _times(ctx: Context, s: tree.Step, scope: Scope) -> int:
    assert s.repeat is not None
    try:
        return repetition.times(s.repeat, scope)
    except Silent:
        if ctx.look is not None:
            inner = scope.child(UNKNOWN)
            inner.names |= dict.fromkeys(("index", "first", "last"), UNKNOWN)
            run(ctx, (s._replace(repeat=None, label=None),), inner, Builder())
        raise


def _module_name(s: tree.Step, builder: Builder) -> str | None:
    """The step's module name; None if it opens no scope of its own (groups, joins) or names itself later (calls)."""
    if s.label is not None:
        return None if isinstance(s.unit, tree.USED) else builder.name(s.label.text, numbered=False)
    if s.role is not None:
        return builder.name(s.role.text)
    if s.repeat is not None:
        return builder.name(s.unit.name.text if isinstance(s.unit, tree.Call) else "repeat")
    return None


_RUN: dict[type, Callable[[Context, Any, Scope, Builder], None]] = {
    tree.Step: _step,
    tree.Let: _let,
    tree.SideValue: _side_value,
    tree.Default: _default,
    tree.Definition: _definition,
    tree.For: _for,
    tree.If: _if,
    tree.SharedLine: _shared,
    tree.OutputOf: _output,
    tree.Aux: _aux,
    tree.Downsample: _downsample,
    tree.Broken: _broken,
    tree.Meta: _expect_steps_in_arch,
    tree.Expect: _expect_steps_in_arch,
    tree.Input: _expect_steps_in_arch,
    tree.Import: _expect_steps_in_arch,
    tree.ArchLine: _expect_steps_in_arch,
    tree.DerivedArch: _expect_steps_in_arch,
}
