"""Units: what a step does. Groups and references here; calls are resolved here and run by the modules that know them."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent
from archdsl.elaborate import called_archs, definitions, each, inside, joins, placing, scan, shared, statements
from archdsl.elaborate.operators import apply_operator
from archdsl.expressions.evaluate import evaluate, used
from archdsl.expressions.names import may_be_lost
from archdsl.ops.operator import Operator
from archdsl.ops.outside import find_anywhere
from archdsl.ops.registry import find
from archdsl.program.builder import At, Builder
from archdsl.program.callables import ArchClosure, BodyArgument, Closure, SharedClosure
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Callee, Current, ListValue, Unknown
from archdsl.shapes.traced import pinned
from archdsl.syntax import tree
from archdsl.text import Span

_FORMS = ("pick", "each", "scan", "frozen", "body")
"""What is called like an operator and is none."""
_STEPS = (tree.Step, tree.For, tree.If, tree.Aux, tree.SharedLine)


def run_unit(
    ctx: Context,
    unit: tree.Unit,
    scope: Scope,
    builder: Builder,
    at: At,
    is_run: bool = False,
) -> Current:
    """Run one unit on the scope's current value; `at` says where it is."""
    if isinstance(unit, tree.USED):
        return used(unit, scope)
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
        inside.take_in(scope, inner)
        return inner.current
    own = Builder()
    inner = scope.child(placing.enter(own, scope.current))
    inner.is_stage = is_stage
    _nested(ctx, body, inner, own, at.span)
    return _placed(own, at, inner.current, scope, inner, builder)


def _placed(own: Builder, at: At, result: Current, scope: Scope, inner: Scope, builder: Builder) -> Current:
    """A group, with what is read of its labels."""
    read = inside.leaving(scope, inner, at.label)
    placed, members = placing.place(own, "group", at, result, scope.current, builder, read=read)
    scope.inside |= members
    return placed


def _nested(ctx: Context, body: tree.Body, inner: Scope, builder: Builder, span: Span) -> None:
    with ctx.deeper(span):
        statements.run_body(ctx, body, inner, builder)


def has_steps(body: tree.Body) -> bool:
    """Whether anything in the body computes."""
    return any(isinstance(s, _STEPS) for s in body.branches[0].statements)


def _is_one_step(body: tree.Body) -> bool:
    steps = [s for s in body.branches[0].statements if isinstance(s, _STEPS)]
    return len(steps) == 1 and isinstance(steps[0], tree.Step)


def _call(
    ctx: Context,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    callee = resolve(c.name.text, scope)
    if isinstance(callee, (Closure, ArchClosure, SharedClosure)) and c.over is not None:
        raise wording.calls.loop_for_no_join(c.name.text, scope.span(c.over))
    match callee:
        case Closure():
            return definitions.call_definition(ctx, callee, c, scope, builder, at)
        case ArchClosure():
            return called_archs.call_arch(ctx, callee, c, scope, builder, at)
        case SharedClosure():
            return shared.call_shared(ctx, callee, c, scope, builder, at)
        case BodyArgument():
            return _body_argument(ctx, callee, c, scope, builder, at)
        case Unknown():
            raise Silent
        case joins.Join():
            return _join(ctx, callee, c, scope, builder, at)
        case Operator():
            if c.body is not None:
                raise wording.calls.body_for_operator(c.name.text, scope.span(c.body))
            if c.over is not None:
                raise wording.calls.loop_for_no_join(c.name.text, scope.span(c.over))
            return apply_operator(ctx, callee, c, scope, builder, at)
    if c.name.text == "pick":
        return _pick(c, scope)
    if c.name.text == "each":
        return _each(ctx, c, scope, builder, at)
    if c.name.text == "scan":
        return _scan(ctx, c, scope, builder, at)
    if c.name.text == "frozen":
        return _frozen(ctx, c, scope, builder, at)
    raise _unknown_callee(c, scope)


def resolve(name: str, scope: Scope) -> joins.Join | Operator | Callee | Unknown | None:
    """What a name calls: the nearest thing that can be called; None if there is none."""
    inner: Scope | None = scope
    while inner is not None:
        bound = inner.names.get(name)
        if isinstance(bound, Operator):
            return joins.JOINS.get(bound.name, bound)
        if isinstance(bound, (Callee, Unknown)):
            return bound
        inner = inner.parent
    own = joins.JOINS.get(name) or find(name)
    if own is not None or name in _FORMS:
        return own
    return find_anywhere(name)


def _unknown_callee(c: tree.Call, scope: Scope) -> Exception:
    if may_be_lost(c.name.text, scope):
        return Silent()
    name, span = c.name.text, scope.span(c.name)
    bound = next((inner.names[name] for inner in scope.chain() if name in inner.names), None)
    if name == "body":
        return _no_body(span, scope)
    if bound is not None:
        return wording.calls.not_callable(name, bound, span)
    if any(name in inner.labels for inner in scope.chain()):
        return wording.calls.label_as_step(name, scope.span(c))
    callables = [
        n for inner in scope.chain() for n, b in inner.names.items() if isinstance(b, (Closure, ArchClosure, SharedClosure))
    ]
    return wording.calls.unknown_callee(name, scope.span(c), callables)


def _no_body(span: Span, scope: Scope) -> Mistake:
    if scope.frame is None:
        return wording.calls.body_outside_definition(span)
    return wording.calls.called_without_body(scope.frame.name, span)


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
        raise wording.calls.body_with_arguments(scope.span(c.arguments[0]))
    own = builder if at.name is None else Builder()
    start = scope.current if at.name is None else placing.enter(own, scope.current)
    # A mistake inside is reported with the callee's frames around it.
    inner = Scope(body.scope, body.scope.source, start, frame=scope.frame)
    inner.pending = None
    with ctx.instance_of((body.span.source.name, body.span.start), at.span):
        statements.run(ctx, body.branch.statements, inner, own)
    if at.name is None:
        return inner.current
    return placing.place(own, "group", at, inner.current, scope.current, builder)[0]


def _join(
    ctx: Context,
    join: joins.Join,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """A join opens no scope, but with a label or role of its own it is in one."""
    if at.name is None:
        return joins.run_join(ctx, join, c, scope, builder, at.span)
    own = Builder()
    inner = scope.child(placing.enter(own, scope.current))
    result = joins.run_join(ctx, join, c, inner, own, at.span)
    return _placed(own, at, result, scope, inner, builder)


def _each(
    ctx: Context,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """A run of a repetition is one step, and so is a stage; cutting and putting back are steps beside the body's."""
    if at.name is None or not (at.name.isdigit() or at.role):
        return each.run_each(ctx, c, scope, builder, at)
    own = Builder()
    inner = scope.child(placing.enter(own, scope.current))
    result = each.run_each(ctx, c, inner, own, At(None, None, None, at.span))
    return _placed(own, at, result, scope, inner, builder)


def _scan(
    ctx: Context,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """As `each`: with what makes its first states it is several steps."""
    if at.name is None or not (at.name.isdigit() or at.role):
        return scan.run_scan(ctx, c, scope, builder, at)
    own = Builder()
    inner = scope.child(placing.enter(own, scope.current))
    result = scan.run_scan(ctx, c, inner, own, At(None, None, None, at.span))
    return _placed(own, at, result, scope, inner, builder)


def _frozen(
    ctx: Context,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """A group that opens no scope; what it builds does not learn."""
    if c.over is not None:
        raise wording.calls.loop_for_no_join("frozen", scope.span(c.over))
    if c.arguments:
        raise wording.calls.form_with_arguments("frozen", scope.span(c.arguments[0]))
    if c.body is None:
        raise wording.calls.form_without_body("frozen", scope.span(c.name))
    if at.name is not None:
        # With a name of its own it is a group, which has the steps.
        own = Builder()
        inner = scope.child(placing.enter(own, scope.current))
        result = _frozen(ctx, c, inner, own, At(None, None, None, at.span))
        return _placed(own, at, result, scope, inner, builder)
    outside, builder.frozen = builder.frozen, True
    try:
        return _group(ctx, c.body, scope, builder, at, False)
    finally:
        builder.frozen = outside


def _pick(c: tree.Call, scope: Scope) -> Current:
    span = scope.span(c)
    if len(c.arguments) != 1 or c.arguments[0].name is not None:
        raise wording.value_lists.nothing_picked(span)
    index = evaluate(c.arguments[0].value, scope)
    current = scope.current
    if isinstance(current, Unknown):
        raise Silent
    if not isinstance(current, ListValue):
        lost = next((inner.lost_list for inner in scope.chain() if inner.lost_list is not None), None)
        raise wording.value_lists.no_list_to_pick_from(span, lost)
    count = len(current.items)
    if not isinstance(index, int) or isinstance(index, bool) or not -count <= index < count:
        raise wording.value_lists.bad_pick(index, count, scope.span(c.arguments[0]))
    return current.items[pinned(index)]
