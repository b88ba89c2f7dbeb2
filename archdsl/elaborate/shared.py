"""`shared NAME < body >`: a module that is built from its first input, then applied with the same parameters."""

from __future__ import annotations

from archdsl.diagnostics import Label
from archdsl.diagnostics.mistake import Silent, mistake
from archdsl.elaborate import placing, statements
from archdsl.elaborate.instances import Instance, entered, instance_of, key_of, place_instance
from archdsl.program.builder import At, Builder
from archdsl.program.callables import SharedModule
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, Unknown, values_of
from archdsl.shapes import shape_text
from archdsl.syntax import tree
from archdsl.text import Span


def call_shared(ctx: Context, shared: SharedModule, c: tree.Call, scope: Scope, builder: Builder, at: At) -> Current:
    """Apply a shared module: the same parameters every time."""
    if c.arguments or c.body is not None:
        part = c.arguments[0] if c.arguments else c.body
        raise mistake("unexpected-argument", f"the shared module `{shared.name}` takes no arguments", scope.span(part))
    if isinstance(scope.current, Unknown):
        raise Silent
    if shared.is_running:
        raise mistake(
            "definition-circle",
            f"the shared module `{shared.name}` applies itself",
            scope.span(c.name),
            labels=[Label(shared.span, "declared here")],
            notes=["every program ends, so there is no recursion"],
        )
    key = (ctx.epoch, key_of(scope.current))
    instance = instance_of(shared.memo, key, lambda: _elaborate_shared(ctx, shared, c, scope, at.span))
    _check_fit(shared, instance, at.span)
    at = at._replace(name=at.name or builder.name(f"{c.name.text}_call"))
    return place_instance(instance, values_of(scope.current), builder, at, c, scope.bound, shared.module)


def _elaborate_shared(ctx: Context, shared: SharedModule, c: tree.Call, scope: Scope, span: Span) -> Instance | None:
    own = Builder()
    frame = Frame(shared.name, scope.span(c), values_of(scope.current), scope.frame)
    inner = Scope(shared.scope, shared.scope.source, entered(own, scope.current), frame=frame)
    with ctx.deeper(span), shared.running():
        statements.run_body(ctx, shared.body, inner, own)
    if isinstance(inner.current, Unknown):
        return None
    for name, (_, _, place) in own.exported.items():
        raise mistake(
            "duplicate-output", f"the output `{name}` stands in a shared module, which is applied several times", place
        )
    region = own.finish("shared", shared.module.name, inner.current, shared.span, syntax=None)
    return Instance(region, tuple(own.order), inner.current)


def _check_fit(shared: SharedModule, instance: Instance, span: Span) -> None:
    if shared.first is None:
        shared.first = (instance.region, span)
        shared.module.region = instance.region
        return
    first, first_span = shared.first
    if instance.region is first or placing.parameter_shapes(instance.region) == placing.parameter_shapes(first):
        return
    shapes = [", ".join(shape_text(shape) for shape in region.input_shapes[:1]) for region in (first, instance.region)]
    raise mistake(
        "shared-mismatch",
        f"the parameters of `{shared.name}` do not fit this input",
        span,
        f"the input is {shapes[1]}",
        labels=[Label(first_span, f"it was built here, from {shapes[0]}"), Label(shared.span, "declared here")],
    )
