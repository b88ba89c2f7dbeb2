"""An arch called like a definition: the current value replaces its only input. Must not read files."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import arch as files
from archdsl.elaborate.arguments import fill, offer
from archdsl.elaborate.file_scope import parameters_of
from archdsl.elaborate.instances import Instance, entered, instance_of, key_of, place_instance
from archdsl.expressions.evaluate import evaluate
from archdsl.program.builder import At, Builder
from archdsl.program.callables import ArchClosure
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, Evaluated, ListValue, Unknown, values_of
from archdsl.syntax import tree
from archdsl.text import Span


def call_arch(ctx: Context, arch: ArchClosure, c: tree.Call, scope: Scope, builder: Builder, at: At) -> Current:
    """An arch called like a definition: the current value replaces its only input; aux heads, meta and expects are dropped."""
    if c.body is not None:
        raise wording.calls.body_for_arch(arch.name, scope.span(c.body))
    parameters = parameters_of(arch.file)
    written: dict[str, Evaluated] = {}
    spans: dict[str, Span] = {}
    position = 0
    for argument in c.arguments:
        slot, position = fill(arch.name, parameters, argument, position, spans, scope)
        spans[slot] = scope.span(argument)
        written[slot] = evaluate(argument.value, scope)
    if scope.pending is not None and not scope.pending.taken:
        offer(scope.pending, arch.name, parameters, written, scope.span(c.name), spans)
    current = scope.current
    if isinstance(current, Unknown):
        raise Silent
    if isinstance(current, ListValue):
        raise wording.value_lists.list_for_arch(arch.name, at.span)
    at = at._replace(name=at.name or builder.name(c.name.text))
    key = (key_of(current), tuple(sorted((n, key_of(v)) for n, v in written.items())))
    instance = instance_of(arch.memo, key, lambda: _elaborate_arch(ctx, arch, c, written, scope, at.span))
    return place_instance(instance, (current,), builder, at, c, scope.bound)


def _elaborate_arch(
    ctx: Context, arch: ArchClosure, c: tree.Call, written: dict[str, Evaluated], scope: Scope, span: Span
) -> Instance | None:
    own = Builder()
    frame = Frame(arch.name, scope.span(c), values_of(scope.current), scope.frame, drops_aux=True)
    with ctx.instance_of((arch.file.source.name, 0), span):
        result = files.run_as_definition(ctx, arch.file, written, entered(own, scope.current), own, frame)
    if isinstance(result, Unknown):
        return None
    region = own.finish(
        "arch",
        arch.name,
        result,
        span,
        syntax=None,
        arguments=tuple(written.items()),
        definition=(arch.file.source.name, arch.name),
    )
    return Instance(region, tuple(own.order), result)
