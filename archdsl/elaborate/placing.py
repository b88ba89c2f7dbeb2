"""Putting finished regions into their place, and the outputs that leave them. Must not read syntax."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from archdsl import wording
from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import inside
from archdsl.ir import Bound, Node, Region, Use
from archdsl.program.builder import At, Builder
from archdsl.program.values import Current, ListValue, Unknown, Value, like, values_of
from archdsl.syntax import tree
from archdsl.text import Span


def enter(own: Builder, current: Current) -> Current:
    """The current value as the first inputs of a region under construction."""
    return like(current, own.enter(values_of(current)))


def place(
    own: Builder,
    kind: Literal["group", "repetition"],
    at: At,
    result: Current,
    start: Current,
    builder: Builder,
    *,
    read: Mapping[inside.Path, Current] = MappingProxyType({}),
    bound: Bound | None = None,
    times: tree.Expression | None = None,
) -> tuple[Current, dict[str, Current]]:
    """Finish a region whose body was written here and use it; its outputs go on to the region around.

    `read` are values in it that are read after it. Gives its result, and these as they came out.
    """
    if isinstance(result, Unknown):
        raise Silent
    assert at.name is not None
    own_outputs = dict(own.exported)
    names = inside.bring_out(own, read, at.span)
    # Whether a lone role's module has a number is known only at the end of the body; its region is the same either way.
    called = at.role if at.role is not None and at.label is None else at.name
    region = own.finish(kind, called, result, at.span, syntax=None)
    given = builder.add_use(
        region,
        values_of(start),
        own.order,
        tuple(value.origins for value in values_of(result)),
        at,
        call=None,
        bound=bound,
        times=times,
    )
    placed = like(result, tuple(given[: len(region.results)]))
    outputs = {output.name: value for output, value in zip(region.outputs, given[len(region.results) :], strict=True)}
    for name, (_, aux, span) in own_outputs.items():
        export_one(builder, name, outputs[name], aux, span)
    return placed, inside.members(names, read, outputs)


def export(builder: Builder, name: str, current: Current, aux: bool, span: Span) -> None:
    """Make the current value an output of the region; of a list each value, as `name.0`, `name.1` and so on."""
    if isinstance(current, ListValue):
        for number, value in enumerate(current.items):
            export_one(builder, f"{name}.{number}", value, aux, span)
    elif isinstance(current, Value):
        export_one(builder, name, current, aux, span)


def export_one(builder: Builder, name: str, value: Value, aux: bool, span: Span) -> None:
    """Make a value an output of the region. What one line gives several times is the list of what it was.

    Raises:
        Mistake: another line gave an output of this name in this instance.
    """
    first = builder.export(name, value, aux, span)
    if first is not None:
        raise wording.outputs.output_twice(name.split(".")[0], span, first)


def parameter_shapes(region: Region) -> list[tuple[object, ...]]:
    """Shapes of all parameters and buffers below a region, in order: what a shared module must have in common with itself."""
    found: list[tuple[object, ...]] = []
    for step in region.steps:
        if isinstance(step, Node):
            found += [(tensor.name, tensor.shape, step.count) for tensor in step.site.parameters]
        elif isinstance(step, Use) and step.shared is None:
            found += [(*entry, step.count) for entry in parameter_shapes(step.region)]
    return found
