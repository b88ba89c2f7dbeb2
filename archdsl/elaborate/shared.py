"""`shared NAME < body >`: a module that is built from its first input, then applied with the same parameters."""

from __future__ import annotations

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import placing, statements
from archdsl.elaborate.instances import Instance, entered, instance_of, key_of, place_instance
from archdsl.program.builder import At, Builder
from archdsl.program.callables import SharedClosure
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, Unknown, values_of
from archdsl.syntax import tree
from archdsl.text import Span


def call_shared(ctx: Context, shared: SharedClosure, c: tree.Call, scope: Scope, builder: Builder, at: At) -> Current:
    """Apply a shared module: the same parameters every time."""
    part = c.arguments[0] if c.arguments else c.body
    if part is not None:
        raise wording.shared.takes_no_arguments(shared.name, scope.span(part))
    if isinstance(scope.current, Unknown):
        raise Silent
    if shared.is_running:
        raise wording.circles.shared_circle(shared.name, scope.span(c.name), shared.span)
    if builder.frozen and not shared.module.frozen:
        raise wording.shared.frozen_elsewhere(shared.name, scope.span(c.name), shared.span)
    key = (ctx.epoch, key_of(scope.current))
    instance = instance_of(shared.memo, key, lambda: _elaborate_shared(ctx, shared, c, scope, at.span))
    _check_fit(shared, instance, at.span)
    at = at._replace(name=at.name or builder.name(f"{c.name.text}_call"))
    return place_instance(instance, values_of(scope.current), builder, at, c, scope.bound, shared.module)


def _elaborate_shared(ctx: Context, shared: SharedClosure, c: tree.Call, scope: Scope, span: Span) -> Instance | None:
    own = Builder()
    ctx.called.add((shared.span.source.name, shared.span.start))
    frame = Frame(shared.name, scope.span(c), values_of(scope.current), scope.frame)
    inner = Scope(shared.scope, shared.scope.source, entered(own, scope.current), frame=frame)
    with ctx.instance_of((shared.span.source.name, shared.span.start), span), shared.running():
        statements.run_body(ctx, shared.body, inner, own)
    if isinstance(inner.current, Unknown):
        return None
    for name, (_, _, place) in own.exported.items():
        raise wording.outputs.output_in_shared(name, place)
    region = own.finish("shared", shared.module.name, inner.current, shared.span, syntax=None)
    return Instance(region, tuple(own.order), inner.current)


def _check_fit(shared: SharedClosure, instance: Instance, span: Span) -> None:
    if shared.first is None:
        shared.first = (instance.region, span)
        shared.module.region = instance.region
        return
    first, first_span = shared.first
    if instance.region is first or placing.parameter_shapes(instance.region) == placing.parameter_shapes(first):
        return
    shapes, first_shapes = instance.region.input_shapes, first.input_shapes
    raise wording.shared.does_not_fit(shared.name, shapes, span, first_shapes, first_span, shared.span)
