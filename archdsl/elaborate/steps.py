"""Units: what a step does. Groups and references here; calls are resolved here and run by the modules that know them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, Silent, mistake
from archdsl.elaborate import joins, placing, statements
from archdsl.elaborate.called_archs import call_arch
from archdsl.elaborate.definitions import call_definition
from archdsl.elaborate.operators import apply_operator
from archdsl.elaborate.shared import call_shared
from archdsl.expressions.evaluate import evaluate
from archdsl.expressions.names import may_be_lost, reference
from archdsl.ops.operator import Operator
from archdsl.ops.registry import OPERATORS, find
from archdsl.program.builder import At, Builder
from archdsl.program.callables import ArchClosure, BodyArgument, Closure, SharedModule
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, ListValue, Unknown
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.callees import nearest_callee
from archdsl.wording.operators import unknown_argument
from archdsl.wording.values import counted, kind_of, quoted, show, this_is

_STEPS = (tree.Step, tree.For, tree.If, tree.Aux, tree.SharedModule)


def run_unit(
    ctx: Context,
    unit: tree.Unit,
    scope: Scope,
    builder: Builder,
    at: At,
    is_run: bool = False,
) -> Current:
    """Run one unit on the scope's current value; `at` says where it is."""
    if isinstance(unit, tree.Reference):
        return reference(unit, scope)
    if isinstance(unit, tree.Body):
        return _group(ctx, unit, scope, builder, at, is_run)
    return _call(ctx, unit, scope, builder, at)


def _group(
    ctx: Context,
    body: tree.Body,
    scope: Scope,
    builder: Builder,
    at: At,
    is_run: bool,
) -> Current:
    is_stage = at.role == "stage" or (is_run and scope.is_stage)
    if at.name is None or (is_run and _is_one_step(body)):
        inner = scope.child(scope.current)
        inner.is_stage, inner.forced = is_stage, at.name
        _nested(ctx, body, inner, builder, at.span)
        return inner.current
    own = Builder()
    inner = scope.child(placing.enter(own, scope.current))
    inner.is_stage = is_stage
    _nested(ctx, body, inner, own, at.span)
    return placing.place(own, "group", at, inner.current, scope.current, builder)


def _nested(ctx: Context, body: tree.Body, inner: Scope, builder: Builder, span: Span) -> None:
    with ctx.deeper(span):
        statements.run_body(ctx, body, inner, builder)


def _is_one_step(body: tree.Body) -> bool:
    steps = [s for s in body.branches[0].statements if isinstance(s, _STEPS)]
    return len(steps) == 1 and isinstance(steps[0], tree.Step)


def operator_names() -> Iterable[str]:
    return OPERATORS


def unknown_argument_of(operator: Operator, name: str, span: Span) -> Mistake:
    return unknown_argument(operator.name, name, tuple(a.name for a in operator.arguments), span)


def _call(
    ctx: Context,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    callee = resolve(c.name.text, scope)
    if isinstance(callee, (Closure, ArchClosure, SharedModule)) and c.over is not None:
        raise _no_join(c, "for", scope)
    match callee:
        case Closure():
            return call_definition(ctx, callee, c, scope, builder, at)
        case ArchClosure():
            return call_arch(ctx, callee, c, scope, builder, at)
        case SharedModule():
            return call_shared(ctx, callee, c, scope, builder, at)
        case BodyArgument():
            return _body_argument(ctx, callee, c, scope, builder, at)
        case Unknown():
            raise Silent
        case joins.Join():
            return _join(ctx, callee, c, scope, builder, at)
        case Operator():
            if c.body is not None or c.over is not None:
                raise _no_join(c, "body" if c.body is not None else "for", scope)
            return apply_operator(callee, c, scope, builder, at)
    if c.name.text == "pick":
        return _pick(c, scope)
    raise _unknown_callee(c, scope)


def resolve(name: str, scope: Scope) -> Any:
    """What a name calls: the nearest thing that can be called; None where there is none."""
    inner: Scope | None = scope
    while inner is not None:
        bound = inner.names.get(name)
        if isinstance(bound, Operator):
            return joins.JOINS.get(bound.name, bound)
        if isinstance(bound, (Closure, ArchClosure, SharedModule, BodyArgument, Unknown)):
            return bound
        inner = inner.parent
    return joins.JOINS.get(name) or find(name)


def _unknown_callee(c: tree.Call, scope: Scope) -> Exception:
    if may_be_lost(c.name.text, scope):
        return Silent()
    name = c.name.text
    span = Span(scope.source, c.name.start, c.name.end)
    bound = next((inner.names[name] for inner in scope.chain() if name in inner.names), None)
    if name == "body":
        return _no_body(span, scope)
    if bound is not None:
        return mistake("not-callable", f"`{name}` is {kind_of(bound)}, which does nothing as a step", span, this_is(bound))
    if any(name in inner.labels for inner in scope.chain()):
        fix = Fix(f"use the value as `@{name}`", (Edit(span, f"@{name}"),))
        return mistake("not-callable", f"`{name}` is a label, not a step", span, fixes=[fix])
    callables = [
        n for inner in scope.chain() for n, b in inner.names.items() if isinstance(b, (Closure, ArchClosure, SharedModule))
    ]
    guess = nearest_callee(name, callables)
    fixes = [Fix(f"did you mean `{guess}`?", (Edit(span, guess),))] if guess else []
    notes = ["a repetition is written `x3` or `x(depth)`"] if name == "x" else []
    return mistake("unknown-operator", f"no operator or definition is called `{name}`", span, notes=notes, fixes=fixes)


def _no_body(span: Span, scope: Scope) -> Mistake:
    if scope.frame is None:
        return mistake("no-body", "`body` stands for what a call hands over, and this is no definition", span)
    name = scope.frame.name
    notes = [f"a call hands one over: `{name} < … >`"]
    return mistake("no-body", f"`{name}` was called without a body", span, "it would run here", notes=notes)


def _no_join(c: tree.Call, what: str, scope: Scope) -> Mistake:
    part = c.over if what == "for" else c.body
    assert part is not None
    takes = "`for` makes the branches of a join" if what == "for" else "only joins and definitions take a body"
    return mistake(
        "unexpected-body",
        f"`{c.name.text}` takes no {'`for`' if what == 'for' else 'body'}",
        Span(scope.source, part.start, part.start + (3 if what == "for" else 1)),
        notes=[takes],
    )


def _body_argument(
    ctx: Context,
    body: BodyArgument,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """`body`: what the caller wrote, with the caller's names, from the current value here."""
    if c.arguments:
        raise mistake("unexpected-argument", "`body` takes no arguments", scope.span(c.arguments[0]))
    own = builder if at.name is None else Builder()
    start = scope.current if at.name is None else placing.enter(own, scope.current)
    # What goes wrong inside is seen with the callee's frames around it.
    inner = Scope(body.scope, body.scope.source, start, frame=scope.frame)
    inner.pending = None
    with ctx.deeper(at.span):
        statements.run(ctx, body.branch.statements, inner, own)
    if at.name is None:
        return inner.current
    return placing.place(own, "group", at, inner.current, scope.current, builder)


def _join(
    ctx: Context,
    join: Any,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """A join opens no scope; with a label or role of its own it stands in one."""
    if at.name is None:
        return joins.run_join(ctx, join, c, scope, builder)
    own = Builder()
    inner = scope.child(placing.enter(own, scope.current))
    result = joins.run_join(ctx, join, c, inner, own)
    return placing.place(own, "group", at, result, scope.current, builder)


def _pick(c: tree.Call, scope: Scope) -> Current:
    span = scope.span(c)
    if len(c.arguments) != 1 or c.arguments[0].name is not None:
        raise mistake("missing-argument", "`pick` needs the number of one value", span, notes=["it is used as `pick 0`"])
    index = evaluate(c.arguments[0].value, scope)
    current = scope.current
    if isinstance(current, Unknown):
        raise Silent
    if not isinstance(current, ListValue):
        raise mistake(
            "value-is-no-list",
            "`pick` takes one value of a list, and the current value is no list",
            span,
            notes=["`parallel < … | … >` makes a list"],
        )
    if not isinstance(index, int) or isinstance(index, bool) or not -len(current.items) <= index < len(current.items):
        message = f"`pick {show(index)}` is outside a list of {counted(len(current.items), 'value')}"
        if not isinstance(index, int) or isinstance(index, bool):
            message = f"`pick` takes an integer, not {quoted(index)}"
        raise mistake("bad-index", message, scope.span(c.arguments[0]), notes=["the first value has the number 0"])
    return current.items[index]
