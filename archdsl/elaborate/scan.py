"""`scan h=@start < body >`: one body token after token, which passes its states on. Must not know how it runs."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import statements
from archdsl.expressions.evaluate import evaluate
from archdsl.ops.binding import complete
from archdsl.ops.facts import ArgumentFact
from archdsl.ops.registry import OPERATORS
from archdsl.ops.sequences import IN_SEQUENCE
from archdsl.program.builder import At, Builder
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, ListValue, Unknown, Value, like, values_of
from archdsl.shapes import Dim, Undecided, decide
from archdsl.syntax import tree
from archdsl.text import Span


def run_scan(ctx: Context, c: tree.Call, scope: Scope, builder: Builder, at: At) -> Value:
    """Run the body once on a token; it stands for all of them."""
    name = scope.span(c.name)
    if c.over is not None:
        raise wording.calls.loop_for_no_join("scan", scope.span(c.over))
    if c.body is None:
        raise wording.scan.no_body(name)
    if not c.arguments:
        raise wording.scan.no_state(name)
    if isinstance(scope.current, Unknown):
        raise Silent
    tokens = values_of(scope.current)
    length = _length(tokens, name)
    module = At(at.name or builder.name("scan"), at.role, at.label, at.span)
    starts = _starts(c, scope, builder, tokens[0])
    own = Builder()
    inside = [Value(own, -1, value.shape[1:], (at.span,), at.span) for value in tokens]
    entered = own.enter([*inside, *starts.values()])
    outer = scope.child(like(scope.current, entered[: len(tokens)]))
    outer.labels.update(zip(starts, entered[len(tokens) :], strict=True))
    outer.given |= set(starts)
    inner = outer.child(outer.current)
    with ctx.deeper(at.span):
        statements.run_body(ctx, c.body, inner, own)
    states = [_state_after(state, start, inner, name) for state, start in starts.items()]
    result = inner.current
    if isinstance(result, Unknown):
        raise Silent
    if not isinstance(result, Value) or len(result.shape) != 1:
        raise wording.scan.no_vector(result, name)
    for output, (_, aux, span) in own.exported.items():
        raise wording.scan.output_inside(output, aux, span)
    region = own.finish("group", "scan", ListValue((result, *states)), at.span, syntax=None, parts=length, scans=len(tokens))
    ended = builder.add_use(region, [*tokens, *starts.values()], own.order, (), module, call=None)
    site = IN_SEQUENCE.site(complete(IN_SEQUENCE, {}, ((length, *result.shape),)), ((length, *result.shape),))
    return builder.add_node(IN_SEQUENCE, site, (ended[0],), At(builder.name("sequence"), None, None, at.span), call=None)


def _length(tokens: tuple[Value, ...], span: Span) -> Dim:
    for value in tokens:
        if len(value.shape) != 2:
            raise wording.scan.no_tokens(value.shape, span)
    length = tokens[0].shape[0]
    for value in tokens[1:]:
        try:
            same = decide("==", value.shape[0], length)
        except Undecided as open_question:
            raise wording.expressions.undecided("scan", open_question, span) from None
        if not same:
            raise wording.scan.other_length(length, value.shape[0], span)
    return length


def _starts(c: tree.Call, scope: Scope, builder: Builder, first: Value) -> dict[str, Value]:
    """The states before the first token: values, or zeros of given axes."""
    found: dict[str, Value] = {}
    for argument in c.arguments:
        span = scope.span(argument)
        if argument.name is None:
            raise wording.scan.no_name(span)
        name = argument.name.text
        if name in found:
            raise wording.arguments.argument_twice("scan", name, [name], span, span, True)
        value = evaluate(argument.value, scope)
        if isinstance(value, Unknown):
            raise Silent
        if isinstance(value, Value):
            found[name] = value
            continue
        constant = OPERATORS["constant"]
        try:
            attributes = complete(constant, {"value": 0, "axes": value}, (first.shape,))
        except ArgumentFact:
            raise wording.scan.no_start(name, value, span) from None
        site = constant.site(attributes, (first.shape,))
        found[name] = builder.add_node(constant, site, (first,), At(builder.name("zeros"), None, None, span), call=None)
    return found


def _state_after(name: str, start: Value, inner: Scope, span: Span) -> Value:
    """What the body set the state to."""
    after: Current | None = inner.labels.get(name)
    if isinstance(after, Unknown):
        raise Silent
    if not isinstance(after, Value):
        raise wording.scan.not_set(name, span)
    if after.shape != start.shape:
        raise wording.scan.other_shape(name, start.shape, after.shape, after.step or span)
    return after
