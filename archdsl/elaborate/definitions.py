"""Running definitions, memoised by arguments and input shapes. Must not bind operators' arguments."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent, together
from archdsl.elaborate import statements
from archdsl.elaborate.arguments import fill, is_one_too_many, offer, with_sign
from archdsl.elaborate.instances import Instance, entered, instance_of, key_of, place_instance
from archdsl.elaborate.keys import key_of_names, plain_key
from archdsl.expressions.evaluate import evaluate
from archdsl.ops.registry import find
from archdsl.program.builder import At, Builder
from archdsl.program.callables import BodyArgument, Closure
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, Evaluated, Unknown, Value, values_of
from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.text import Span


class _Kept(NamedTuple):
    """An instance that is good for every run, and the definitions that it called, each by its file and place."""

    instance: Instance
    called: frozenset[tuple[str, int]]


def call_definition(ctx: Context, closure: Closure, c: tree.Call, scope: Scope, builder: Builder, at: At) -> Current:
    """Run a definition on the current value, once for each different (arguments, input shapes)."""
    given = _bind_definition(closure, c, scope)
    if isinstance(scope.current, Unknown):
        raise Silent
    at = at._replace(name=at.name or builder.name(c.name.text))
    values = tuple(value for value in given.values() if isinstance(value, Value))
    key = (ctx.epoch, key_of(scope.current), tuple((n, key_of(v)) for n, v in given.items()))
    instance = instance_of(closure.memo, key, lambda: _instance(ctx, closure, c, given, scope, at.span))
    return place_instance(instance, (*values_of(scope.current), *values), builder, at, c, scope.bound)


def _instance(
    ctx: Context, closure: Closure, c: tree.Call, given: dict[str, Evaluated], scope: Scope, span: Span
) -> Instance | None:
    """What an earlier run over the same text gave, if that is valid here too; else what elaborating gives."""
    key, results = _key_of_every_run(ctx, closure, given, scope), closure.scope.file.results if closure.scope.file else None
    found = results.get(key, _Kept) if results is not None and key else None
    if found is not None:
        ctx.called |= found.called
        return found.instance
    mistakes = len(ctx.report)
    with ctx.calls_apart() as called:
        called.add((closure.scope.source.name, closure.definition.start))
        instance = _elaborate_definition(ctx, closure, c, given, scope, span)
    if instance is None:
        return None
    is_alone = not instance.captured and not instance.region.modules and not instance.region.outputs
    if results is not None and key and is_alone and len(ctx.report) == mistakes:
        results.keep(key, _Kept(instance, frozenset(called)))
    return instance


def _key_of_every_run(ctx: Context, closure: Closure, given: dict[str, Evaluated], scope: Scope) -> tuple[object, ...] | None:
    """What decides the elaboration of a file's definition in any run; None if it depends on this run."""
    file = closure.scope.file
    if file is None:
        return None
    arguments = [(name, plain_key(value)) for name, value in given.items()]
    names = key_of_names(file, closure.definition, closure.scope)
    if names is None or any(key is None for _, key in arguments):
        return None
    shapes = tuple(value.shape for value in values_of(scope.current))
    drops_aux = ctx.drops_aux or (scope.frame is not None and scope.frame.drops_aux)
    return closure.definition.start, drops_aux, type(scope.current), shapes, tuple(arguments), names


def _bind_definition(closure: Closure, c: tree.Call, scope: Scope) -> dict[str, Evaluated]:
    """What the call gives, in the order of the parameters; `body` is the body at its end."""
    known = [parameter.name.text for parameter in closure.definition.parameters]
    written: dict[str, Evaluated] = {}
    spans: dict[str, Span] = {}
    position = 0
    wrong: list[Mistake | Silent] = []
    for argument in c.arguments:
        try:
            slot, position = fill(closure.name, known, argument, position, spans, scope)
            spans[slot] = scope.span(argument)
            written[slot] = evaluate(argument.value, scope)
        except (Mistake, Silent) as found:
            wrong.append(_where_defined(with_sign(found, argument, c, known, scope), closure))
            if is_one_too_many(found):
                break
    if wrong:
        raise together(wrong)
    pending = scope.pending
    if pending is not None and not pending.taken:
        offer(pending, closure.name, known, written, scope.span(c.name), spans)
    lacking = [p for p in closure.definition.parameters if p.name.text not in written and p.default is None]
    if lacking:
        raise _missing(closure, lacking, c, scope)
    given = {n: written[n] for n in known if n in written}
    if c.body is not None:
        _refuse_unused_body(closure, c, scope)
        given["body"] = _body_of(c, scope)
    return given


def _where_defined(wrong: Mistake | Silent, closure: Closure) -> Mistake | Silent:
    """With the place of a definition that hides an operator, which the call may have meant."""
    if isinstance(wrong, Silent) or not wrong.diagnostic.name.endswith(("-argument", "-arguments")) or not find(closure.name):
        return wrong
    defined = closure.scope.span(closure.definition.name)
    return wording.arguments.beside_hidden_operator(wrong, closure.name, defined)


def _missing(closure: Closure, lacking: list[tree.Parameter], c: tree.Call, scope: Scope) -> Mistake:
    needed = [p.name.text for p in closure.definition.parameters if p.default is None]
    places = [(parameter.name.text, closure.scope.span(parameter)) for parameter in lacking]
    return wording.arguments.missing_parameters(closure.name, needed, places, scope.span(c.name))


def _refuse_unused_body(closure: Closure, c: tree.Call, scope: Scope) -> None:
    """A body that a call passes must be run somewhere."""
    if any(isinstance(part, tree.Call) and part.name.text == "body" for part in tree.walk(closure.definition.body)):
        return
    assert c.body is not None
    defined = closure.scope.span(closure.definition.name)
    raise wording.calls.body_never_run(closure.name, scope.span(c.body), defined)


def _body_of(c: tree.Call, scope: Scope) -> BodyArgument:
    assert c.body is not None
    if len(c.body.branches) > 1:
        raise wording.calls.branches_for_definition(c.name.text, scope.span(c.body))
    handed_on = _handed_on(c.body.branches[0], scope)
    if handed_on is not None:
        return handed_on
    return BodyArgument(c.body.branches[0], scope, scope.span(c.body))


def _handed_on(branch: tree.Branch, scope: Scope) -> BodyArgument | None:
    """The body that `< body >` only passes on: calls that pass it on share one instance with those that do not."""
    if len(branch.statements) != 1 or not isinstance(branch.statements[0], tree.Step):
        return None
    step = branch.statements[0]
    if step.label is not None or step.role is not None or step.repeat is not None or not isinstance(step.unit, tree.Call):
        return None
    called = step.unit
    bound = next((inner.names["body"] for inner in scope.chain() if "body" in inner.names), None)
    is_plain = called.name.text == "body" and not called.arguments and called.body is None and called.over is None
    return bound if is_plain and isinstance(bound, BodyArgument) else None


def _elaborate_definition(
    ctx: Context, closure: Closure, c: tree.Call, given: dict[str, Evaluated], scope: Scope, span: Span
) -> Instance | None:
    own = Builder()
    outside = (*values_of(scope.current), *(value for value in given.values() if isinstance(value, Value)))
    frame = Frame(
        closure.name, scope.span(c), outside, scope.frame, scope.frame.drops_aux if scope.frame else False, closure.definition
    )
    main = entered(own, scope.current)
    callee = Scope(closure.scope, closure.scope.source, main, frame=frame)
    arguments = []
    for parameter in closure.definition.parameters:
        name = parameter.name.text
        if name in given:
            value = given[name]
        else:
            assert parameter.default is not None
            value = evaluate(parameter.default, callee)
        if isinstance(value, Value):
            callee.labels[name] = callee.names[name] = entered(own, value, keep_pool=True) if name in given else value
        else:
            arguments.append((name, value))
            callee.names[name] = value
    if "body" in given:
        callee.names["body"] = given["body"]
    inner = Scope(callee, callee.source, main)
    origin = (closure.scope.source.name, closure.definition.start)
    with ctx.instance_of(origin, span):
        statements.run_body(ctx, closure.definition.body, inner, own)
    if isinstance(inner.current, Unknown):
        return None
    defined = Span(closure.scope.source, closure.definition.start, closure.definition.end)
    region = own.finish(
        "definition",
        closure.name,
        inner.current,
        defined,
        syntax=closure.definition,
        arguments=tuple(arguments),
        definition=origin,
    )
    return Instance(region, tuple(own.order), inner.current)
