"""Joins: branches that start from one value and end in one. Must not know what joining computes: the operators do."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import inside, statements
from archdsl.elaborate.arguments import bind_operator
from archdsl.elaborate.operators import parts_of
from archdsl.expressions.evaluate import bind_element, condition, items_of, used
from archdsl.ops.binding import complete
from archdsl.ops.checks import require_equal
from archdsl.ops.facts import Fact
from archdsl.ops.joins import EQUAL_RULE
from archdsl.ops.operator import Operator
from archdsl.ops.registry import OPERATORS
from archdsl.program.builder import At, Builder
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, Evaluated, ListValue, Unknown, Value, values_of
from archdsl.records import NamedTuple
from archdsl.shapes import channel_axis
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.origins import CallSite, Operand


class Join(NamedTuple):
    """The operator that joins. `residual` adds, `parallel` joins nothing."""

    name: str
    operator: Operator | None


JOINS = {
    **{name: Join(name, operator) for name, operator in OPERATORS.items() if operator.joins},
    "residual": Join("residual", OPERATORS["add"]),
    "parallel": Join("parallel", None),
}


class _Arm(NamedTuple):
    """One operand: its value and which it is."""

    value: Current
    operand: Operand


def _is_reference(argument: tree.WrittenArgument) -> bool:
    return argument.name is None and tree.is_used(argument.value)


def run_join(ctx: Context, join: Join, c: tree.Call, scope: Scope, builder: Builder, step: Span) -> Current:
    """Run the branches, then join them; the result is the join's value. `step` is the step that the call is."""
    references = [a for a in c.arguments if _is_reference(a)]
    settings = tuple(a for a in c.arguments if not _is_reference(a))
    name = Span(scope.source, c.name.start, c.name.end)
    _check_form(join, c, bool(references), name, scope)
    is_plain = False
    if join.name == "residual":
        is_plain = not _when(settings, scope)
        settings = ()
    elif join.operator is None and settings:
        raise wording.joins.unknown_setting("parallel", settings[0], (), scope.span(settings[0]))
    written: dict[str, Evaluated] = {}
    spans: dict[str, Span] = {}
    if join.operator is not None and join.name != "residual":
        written, spans = bind_operator(join.operator, c, settings, scope, {})
    if references:
        arms = [_Arm(scope.current, Operand())]
        arms += [_Arm(value, Operand(written=scope.span(r))) for r in references for value in values_of(used(r.value, scope))]
    elif c.body is None:
        assert isinstance(scope.current, ListValue)
        arms = [_Arm(value, Operand()) for value in scope.current.items]
    else:
        starts = _starts(ctx, c, scope, builder, written)
        arms = _branches(ctx, c, scope, builder, starts, only_first=is_plain)
        if join.name == "residual" and len(arms) == 1 and not is_plain:
            arms.append(_Arm(scope.current, Operand(branch=2, is_identity=True)))
    return _joined(ctx, join, arms, c, scope, builder, written, spans, name, step)


def _check_form(join: Join, c: tree.Call, has_references: bool, name: Span, scope: Scope) -> None:
    if c.body is None and not has_references and isinstance(scope.current, ListValue) and join.operator is not None:
        return
    if c.body is None and not has_references:
        if isinstance(scope.current, Unknown) and join.operator is not None:
            # It may have been a list, before an earlier mistake.
            raise Silent
        labels = {label for inner in scope.chain() for label in inner.labels}
        raise wording.joins.nothing_to_join(join.name, c, name, labels)
    if c.body is not None and has_references:
        raise wording.joins.branches_and_references(join.name, name)
    if has_references and join.name in ("residual", "parallel"):
        raise wording.joins.references_for_branches(join.name, name)
    if c.body is None:
        return
    count = len(c.body.branches)
    if join.name == "residual" and (count > 2 or c.over is not None):
        raise wording.joins.too_many_for_residual(count, c.over is not None, name)
    if c.over is not None and count > 1:
        raise wording.joins.branches_and_loop(count, name)


def _when(settings: tuple[tree.WrittenArgument, ...], scope: Scope) -> bool:
    verdict = True
    for setting in settings:
        if setting.name is None or setting.name.text != "when":
            raise wording.joins.unknown_setting("residual", setting, ("when",), scope.span(setting))
        verdict = condition(setting.value, scope)
    return verdict


def _starts(ctx: Context, c: tree.Call, scope: Scope, builder: Builder, written: dict[str, Evaluated]) -> list[Current]:
    """Where each branch starts: the current value, or with `split=true` a slice of its channels."""
    assert c.body is not None
    count = len(items_of(c.over.source, scope)) if c.over is not None else len(c.body.branches)
    if written.get("split") is not True:
        return [scope.current] * count
    current = scope.current
    if isinstance(current, Unknown):
        raise Silent
    span = scope.span(c)
    if isinstance(current, ListValue):
        raise wording.value_lists.list_to_split(span)
    axis = channel_axis(current.shape)
    size = current.shape[axis]
    if size % count != 0 if count else True:
        setting = next((scope.span(a) for a in c.arguments if a.name is not None and a.name.text == "split"), span)
        raise wording.joins.unequal_slices(size, count, setting)
    return list(parts_of(ctx, OPERATORS["split"], {"parts": count}, current, builder, scope, c).items)


def _branches(
    ctx: Context, c: tree.Call, scope: Scope, builder: Builder, starts: list[Current], only_first: bool
) -> list[_Arm]:
    assert c.body is not None
    if c.over is None:
        pairs = list(zip(c.body.branches, starts, strict=True))[: 1 if only_first else None]
        inners = [(branch, scope.child(start)) for branch, start in pairs]
        arms = [_arm(ctx, branch, inner, builder, number) for number, (branch, inner) in enumerate(inners)]
        for _, inner in inners:
            inside.take_in(scope, inner)
        return arms
    items = items_of(c.over.source, scope)
    arms = []
    for number in range(len(items)):
        span = scope.span(c.over.source)
        inner = scope.child(starts[number])
        if number:
            inner.pending = None
        bind_element(c.over.targets, c.over.source, number, items, inner)
        with ctx.another_run(span):
            arms.append(_arm(ctx, c.body.branches[0], inner, builder, number))
        inside.take_in(scope, inner, several=True)
    return arms


def _arm(ctx: Context, branch: tree.Branch, inner: Scope, builder: Builder, number: int) -> _Arm:
    start = inner.current
    with ctx.deeper(inner.span(branch)):
        statements.run(ctx, branch.statements, inner, builder)
    return _Arm(inner.current, Operand(branch=number + 1, is_identity=inner.current is start))


def _joined(
    ctx: Context,
    join: Join,
    arms: list[_Arm],
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    written: dict[str, Evaluated],
    spans: dict[str, Span],
    name: Span,
    step: Span,
) -> Current:
    if not arms:
        raise wording.joins.no_elements(join.name, name)
    if any(isinstance(arm.value, Unknown) for arm in arms):
        raise Silent
    if join.operator is None:
        return ListValue(tuple(value for arm in arms for value in _tensors(arm, name)))
    values = tuple(value for arm in arms for value in _tensors(arm, name))
    if len(values) == 1:
        return values[0]
    shapes = tuple(value.shape for value in values)
    operands = tuple(arm.operand for arm in arms)
    try:
        attributes = complete(join.operator, written, shapes)
        if join.name == "residual":
            # A shortcut that does not fit is a mistake, never one that is to be repeated.
            require_equal(EQUAL_RULE, *shapes)
        site = join.operator.site(attributes, shapes)
    except Fact as fact:
        ctx.refused()
        place = CallSite(join.operator, name, scope.span(c), step, spans, values, scope.frame, operands)
        wrong = wording.operators.explain(fact, place)
        file = next((one.file for one in scope.chain() if one.file is not None), None)
        own = file.tree if file is not None and file.source is scope.source else None
        raise wording.shortcuts.with_shortcut_fix(wrong, fact, c, place, own) from None
    at = At(builder.name(c.name.text), None, None, scope.span(c))
    return builder.add_node(join.operator, site, values, at, c, bound=scope.bound)


def _tensors(arm: _Arm, name: Span) -> tuple[Value, ...]:
    if isinstance(arm.value, Value):
        return (arm.value,)
    assert isinstance(arm.value, ListValue)
    items = arm.value.items
    raise wording.value_lists.list_for_join(arm.operand, len(items), name, items[0].step if items else None)
