"""Applying operators: one node a call. Must not know single operators, but for `unpool`, whose input is a pool's choice."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import placing, windows
from archdsl.elaborate.arguments import bind_operator
from archdsl.ops.attributes import Attributes
from archdsl.ops.binding import complete
from archdsl.ops.facts import ArgumentFact, DivisibilityFact, Fact, MissingArgumentFact
from archdsl.ops.operator import REQUIRED, Operator
from archdsl.program.builder import At, Builder
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, Evaluated, ListValue, Pool, Unknown, Value
from archdsl.shapes import Shape, Undecided
from archdsl.shapes.traced import plain
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.origins import CallSite, Operand

_MOST_DIM = 10**12
_SHAPELESS = ("heads", "groups")
"""Arguments that must divide something and do not show in the output's shape."""


def apply_operator(
    ctx: Context,
    operator: Operator,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
) -> Current:
    """One node: bind the arguments, check the shapes, number the result."""
    values: dict[str, Value] = {}
    written, spans = bind_operator(operator, c, c.arguments, scope, values)
    current = scope.current
    if isinstance(current, Unknown):
        # The shapes are lost to an earlier mistake; what is written can still be wrong by itself.
        refuse_settings(
            operator, written, CallSite(operator, scope.span(c.name), scope.span(c), at.span, spans, (), scope.frame)
        )
        raise Silent
    if not operator.computes:
        return current
    if isinstance(current, ListValue):
        raise wording.value_lists.list_for_operator(operator.name, len(current.items), scope.span(c.name))
    # In the operator's order, whatever the order in the call.
    values = {argument.name: values[argument.name] for argument in operator.arguments if argument.name in values}
    given = inputs = (current, *values.values())
    undoes = None
    shapes = tuple(value.shape for value in inputs)

    def place() -> CallSite:
        operands = (Operand(), *(Operand(written=spans[name]) for name in values))
        return CallSite(operator, scope.span(c.name), scope.span(c), at.span, spans, given, scope.frame, operands)

    if operator.positions == "takes":
        pool, inputs, shapes = _unpooled(values, current, place())
        undoes = pool.window
    try:
        attributes = complete(operator, written, shapes)
        if operator.by_steps and windows.is_several(attributes, shapes):
            return _on_map(operator, written, attributes, current, values, builder, at)
        site = operator.site(attributes, shapes)
        site.undoes = undoes
    except Fact as fact:
        ctx.refused()
        wrong = wording.operators.explain(fact, place())
        if isinstance(fact, DivisibilityFact) and fact.argument in _SHAPELESS:
            wrong.result = _mended(operator, written, fact.argument, inputs, builder, scope.span(c))
        raise wrong from None
    except Undecided as open_question:
        raise wording.expressions.undecided(operator.name, open_question, scope.span(c)) from None
    for axis in site.y:
        if (axis if type(axis) is int else plain(axis) if isinstance(axis, int) else axis.largest) > _MOST_DIM:
            raise wording.limits.output_too_large(site.y, scope.span(c))
    if operator.parts is not None:
        return parts_of(ctx, operator, written, inputs[0], builder, scope, c)
    at = At(at.name or builder.name(c.name.text), at.role, at.label, scope.span(c))
    return builder.add_node(operator, site, inputs, at, c, written=tuple(written), bound=scope.bound)


def _on_map(
    operator: Operator,
    written: dict[str, Evaluated],
    attributes: Attributes,
    current: Value,
    values: dict[str, Value],
    builder: Builder,
    at: At,
) -> Value:
    """Several steps; with a name of its own, or as a run of a repetition, they are a group."""
    if at.name is None:
        return windows.in_steps(operator, written, attributes, current, values, builder, at)
    own = Builder()
    entered = placing.enter(own, current)
    assert isinstance(entered, Value)
    result = windows.in_steps(operator, written, attributes, entered, values, own, At(None, None, None, at.span))
    placed = placing.place(own, "group", at, result, current, builder)[0]
    assert isinstance(placed, Value)
    return placed


def parts_of(
    ctx: Context, operator: Operator, written: dict[str, Evaluated], value: Value, builder: Builder, scope: Scope, c: tree.Call
) -> ListValue:
    """A use of the operator for each part of the value; settings and shapes were checked."""
    assert operator.parts is not None
    shapes, parts = (value.shape,), []
    number = operator.parts(complete(operator, written, shapes))
    for i in range(number):
        with ctx.another_run(scope.span(c)):
            site = operator.site(complete(operator, {**written, "i": i}, shapes), shapes)
            at = At(builder.name(operator.name), None, None, scope.span(c))
            # A call of another name, a join, has settings of its own.
            own = c if c.name.text == operator.name else None
            parts.append(builder.add_node(operator, site, (value,), at, own, written=tuple(written), bound=scope.bound))
    return ListValue(tuple(parts))


def _mended(
    operator: Operator, written: dict[str, Evaluated], argument: str, inputs: tuple[Value, ...], builder: Builder, span: Span
) -> Value | None:
    """The value that the call gives with 1 for the argument, so that what comes after it is checked too."""
    shapes = tuple(value.shape for value in inputs)
    try:
        site = operator.site(complete(operator, {**written, argument: 1}, shapes), shapes)
    except (Fact, Undecided):
        return None
    return builder.add_node(operator, site, inputs, At("", None, None, span), call=None)


def refuse_settings(operator: Operator, written: dict[str, Evaluated], place: CallSite) -> None:
    """Raise for a setting that no input could make right: one of a wrong kind, or one that is missing."""
    for argument in operator.arguments:
        if argument.name not in written:
            if argument.default is REQUIRED:
                raise wording.operators.explain(MissingArgumentFact(argument.name), place)
            continue
        if argument.is_value:
            continue
        try:
            argument.take(written[argument.name], *((None,) if argument.spatial else ()))
        except ArgumentFact as fact:
            fact.argument = argument.name
            raise wording.operators.explain(fact, place) from None


def _unpooled(values: dict[str, Value], current: Value, place: CallSite) -> tuple[Pool, tuple[Value, ...], tuple[Shape, ...]]:
    """`unpool @pool`: the pool; the inputs are the value and the pool's positions; the shapes also have the pool's input."""
    if "pool" not in values:
        raise wording.arguments.missing_argument("unpool", place.operator.arguments, (), place.name)
    pooled = values["pool"]
    if pooled.pool is None:
        raise wording.operators.no_pool(place.arguments["pool"], pooled.step)
    indices = pooled.pool.home.indices_of(pooled.pool)
    return pooled.pool, (current, indices), (current.shape, pooled.shape, pooled.pool.input_shape)
