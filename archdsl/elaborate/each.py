"""`each rows < body >`: one body for every part of a value, folded into the batch. Must not know how a value is cut."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import statements
from archdsl.expressions.evaluate import evaluate
from archdsl.ops import parts
from archdsl.ops.attributes import Attributes
from archdsl.ops.binding import complete
from archdsl.ops.facts import Fact
from archdsl.program.builder import At, Builder
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, ListValue, Unknown, Value, like, values_of
from archdsl.shapes import Undecided, decide
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.origins import CallSite, Operand


def run_each(ctx: Context, c: tree.Call, scope: Scope, builder: Builder, at: At) -> Current:
    """Cut the current value, run the body once on a part, and put the parts back where they stood."""
    word, name = _word(c, scope), scope.span(c.name)
    kind = parts.KINDS[word]
    if c.over is not None:
        raise wording.calls.loop_for_no_join("each", scope.span(c.over))
    if c.body is None:
        raise wording.each.no_body(word, kind.setting, name)
    written = c.arguments[1:]
    if len(written) != bool(kind.setting) or any(argument.name is not None for argument in written):
        raise wording.each.wrong_settings(word, kind.setting, len(written), scope.span(written[-1]) if written else name)
    setting = evaluate(written[0].value, scope) if written else None
    start = scope.current
    if isinstance(start, Unknown):
        raise Silent
    if isinstance(start, ListValue) and not start.items:
        raise Silent
    place = CallSite(
        parts.CUTS[word],
        name,
        scope.span(c),
        at.span,
        {kind.setting: scope.span(written[0])} if written else {},
        values_of(start)[:1],
        scope.frame,
        (Operand(),),
    )
    try:
        given = {kind.setting: setting} if written else {}
        settings = [complete(parts.CUTS[word], given, (value.shape,)) for value in values_of(start)]
        cuts = [parts.cut(word, a, value.shape) for a, value in zip(settings, values_of(start), strict=True)]
        for other in cuts[1:]:
            if not decide("==", other.number, cuts[0].number):
                raise wording.each.other_number(word, cuts[0].number, other.number, name)
        return _in_parts(ctx, c, scope, builder, at, (word, settings, cuts))
    except Fact as fact:
        raise wording.operators.explain(fact, place) from None
    except Undecided as open_question:
        raise wording.expressions.undecided(f"each {word}", open_question, scope.span(c)) from None


def _word(c: tree.Call, scope: Scope) -> str:
    """The kind of part: a word of the form, never looked up."""
    first = c.arguments[0] if c.arguments else None
    if first is None or first.name is not None or not isinstance(first.value, tree.Variable):
        raise wording.each.no_kind(scope.span(first) if first is not None else scope.span(c.name), parts.KINDS)
    if first.value.name not in parts.KINDS:
        raise wording.each.unknown_kind(first.value.name, scope.span(first), parts.KINDS)
    return first.value.name


def _in_parts(
    ctx: Context,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    at: At,
    how: tuple[str, list[Attributes], list[parts.Cut]],
) -> Current:
    """The region between the cuts and what puts its results back."""
    word, settings, cuts = how
    assert c.body is not None
    operator, number = parts.CUTS[word], cuts[0].number
    # Names are given first: a step inside that captures must not take them.
    module = At(at.name or builder.name("each"), at.role, at.label, at.span)
    own = Builder()
    inside = [Value(own, -1, one.part, (at.span,) * len(one.part), at.span) for one in cuts]
    inner = scope.child(like(scope.current, own.enter(inside)))
    with ctx.deeper(at.span):
        statements.run_body(ctx, c.body, inner, own)
    result = inner.current
    if isinstance(result, Unknown):
        raise Silent
    for name, (_, aux, span) in own.exported.items():
        raise wording.each.output_inside(name, aux, span)
    region = own.finish("group", f"each_{word}", result, at.span, syntax=None, parts=number)

    def node(name: str) -> At:
        return At(builder.name(name), None, None, at.span)

    entered = [
        builder.add_node(operator, one.site, (value,), node(word), call=None)
        for one, value in zip(cuts, values_of(scope.current), strict=True)
    ]
    captured = [
        builder.add_node(parts.AGAIN, parts.again(number, value.shape), (value,), node("again"), call=None)
        for value in own.order
    ]
    ended = builder.add_use(region, entered, captured, (), module, call=None)
    try:
        sites = [parts.put(word, settings[0], cuts[0], value.shape) for value in ended]
    except Fact as fact:
        raise wording.each.does_not_fit(word, fact, _last(c.body, scope)) from None
    back = [
        builder.add_node(parts.PUTS[word], site, (value,), node("together"), call=None)
        for site, value in zip(sites, ended, strict=True)
    ]
    return like(result, tuple(back))


def _last(body: tree.Body, scope: Scope) -> Span:
    """The last step of the body, which makes what does not fit."""
    statements_of = body.branches[0].statements
    return scope.span(statements_of[-1]) if statements_of else scope.span(body)
