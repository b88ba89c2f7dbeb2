"""Calling shared modules and archs. Must not bind operators' arguments."""

from __future__ import annotations

from typing import Any

from archdsl.diagnostics import Label
from archdsl.diagnostics.mistake import Silent, mistake
from archdsl.elaborate import arch as whole_arch
from archdsl.elaborate import statements
from archdsl.elaborate.arguments import fill, offer
from archdsl.elaborate.definitions import FAILED, Instance, entered, key_of, outside_origin, place_instance
from archdsl.elaborate.file_scope import parameters_of
from archdsl.expressions.evaluate import evaluate
from archdsl.program import placing
from archdsl.program.builder import Builder
from archdsl.program.callables import ArchClosure, SharedModule
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import Current, ListValue, Unknown, like, values_of
from archdsl.shapes import shape_text
from archdsl.syntax import tree
from archdsl.text import Span


def call_shared(
    ctx: Context,
    shared: SharedModule,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    name: str | None,
    role: str | None,
    label: str | None,
    span: Span,
) -> Current:
    """Apply a shared module: the same parameters every time."""
    if c.arguments or c.body is not None:
        part = c.arguments[0] if c.arguments else c.body
        raise mistake("unexpected-argument", f"the shared module `{shared.name}` takes no arguments", scope.span(part))
    if isinstance(scope.current, Unknown):
        raise Silent
    key = (ctx.epoch, key_of(scope.current))
    if shared.is_running:
        raise mistake(
            "definition-circle",
            f"the shared module `{shared.name}` applies itself",
            scope.span(c.name),
            labels=[Label(shared.span, "declared here")],
            notes=["every program ends, so there is no recursion"],
        )
    instance = shared.memo.get(key)
    if instance is None:
        shared.memo[key] = FAILED
        instance = shared.memo[key] = _elaborate_shared(ctx, shared, c, scope, span)
    if instance is FAILED:
        raise Silent
    _check_fit(shared, instance, scope, span)
    values = values_of(scope.current)
    results = values_of(instance.result)
    origins = tuple(tuple(outside_origin(origin, values) for origin in value.origins) for value in results)
    module = name or builder.name(f"{c.name.text}_call")
    given = builder.add_use(
        instance.region,
        values,
        instance.captured,
        origins,
        module,
        span,
        call=c,
        role=role,  # type: ignore[arg-type]
        label=label,
        shared=shared.module,
    )
    return like(instance.result, tuple(given[: len(instance.region.results)]))


def _elaborate_shared(ctx: Context, shared: SharedModule, c: tree.Call, scope: Scope, span: Span) -> Any:
    own = Builder()
    frame = Frame(shared.name, scope.span(c), values_of(scope.current), scope.frame)
    inner = Scope(shared.scope, shared.scope.source, entered(own, scope.current), frame=frame)
    with ctx.deeper(span), shared.running():
        statements.run_body(ctx, shared.body, inner, own)
    if isinstance(inner.current, Unknown):
        return FAILED
    for name, (_, _, place) in own.exported.items():
        raise mistake(
            "duplicate-output", f"the output `{name}` stands in a shared module, which is applied several times", place
        )
    region = own.finish("shared", shared.module.name, inner.current, shared.span, syntax=None)
    return Instance(region, tuple(own.order), inner.current)


def _check_fit(shared: SharedModule, instance: Instance, scope: Scope, span: Span) -> None:
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


def call_arch(
    ctx: Context,
    arch: ArchClosure,
    c: tree.Call,
    scope: Scope,
    builder: Builder,
    name: str | None,
    role: str | None,
    label: str | None,
    span: Span,
) -> Current:
    """An arch called like a definition: the current value replaces its only input; aux heads, meta and expects are dropped."""
    if c.body is not None:
        raise mistake(
            "unexpected-body", f"the arch `{arch.name}` takes no body", Span(scope.source, c.body.start, c.body.start + 1)
        )
    parameters = parameters_of(arch.file)
    written: dict[str, Any] = {}
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
        raise mistake("value-is-list", f"the arch `{arch.name}` takes one value, and the current one is a list", span)
    module = name or builder.name(c.name.text)
    key = (key_of(current), tuple(sorted((n, key_of(v)) for n, v in written.items())))
    instance = arch.memo.get(key)
    if instance is None:
        arch.memo[key] = instance = FAILED
        own = Builder()
        frame = Frame(arch.name, scope.span(c), (current,), scope.frame, drops_aux=True)
        with ctx.deeper(span):
            result = whole_arch.run_as_definition(ctx, arch.file, written, entered(own, current), own, frame)
        if not isinstance(result, Unknown):
            region = own.finish(
                "arch",
                arch.name,
                result,
                span,
                syntax=None,
                arguments=tuple(written.items()),
                definition=(arch.file.source.name, arch.name),
            )
            instance = Instance(region, tuple(own.order), result)
        arch.memo[key] = instance
    if instance is FAILED:
        raise Silent
    return place_instance(instance, (current,), builder, module, role, label, span, c, scope.bound)
