"""Instances: what elaborating a definition, a shared module or a called arch gave for some arguments and input shapes.

Each is elaborated once for what decides it, and used wherever that is the same. Must not know what is elaborated.
"""

from __future__ import annotations

from collections.abc import Callable

from archdsl.diagnostics.mistake import Silent
from archdsl.elaborate import placing
from archdsl.ir import Bound, Region, Shared
from archdsl.program.builder import At, Builder
from archdsl.program.values import Current, Evaluated, FromInput, ListValue, Origin, Value, like, values_of
from archdsl.records import NamedTuple
from archdsl.shapes.traced import identity_of
from archdsl.syntax import tree


class Instance(NamedTuple):
    """A region, the outside values that it captures, and its result."""

    region: Region
    captured: tuple[Value, ...]
    result: Current


Memo = dict[object, "Instance | None"]
"""Instances by what decides them; None if elaborating found a mistake, which was reported then."""


def instance_of(memo: Memo, key: object, elaborate: Callable[[], Instance | None]) -> Instance:
    """The instance for the key, elaborated if it is the first.

    Raises:
        Silent: it has a mistake that was reported, here or before.
    """
    if key not in memo:
        # A mistake that breaks off the first one is known to the second.
        memo[key] = None
        memo[key] = elaborate()
    instance = memo[key]
    if instance is None:
        raise Silent
    return instance


def key_of(value: Current | Evaluated) -> object:
    """What decides an elaboration: equal keys give equal regions. 1, 1.0 and true are different."""
    if isinstance(value, Value):
        pool = value.pool
        return ("value", identity_of(value.shape), (id(pool.home), pool.step) if pool is not None else None)
    if isinstance(value, ListValue):
        return ("list", tuple(identity_of(item.shape) for item in value.items))
    if isinstance(value, tuple):
        return (type(value), tuple(key_of(item) for item in value))
    return (type(value), identity_of(value))


def entered(own: Builder, current: Current, keep_pool: bool = False) -> Current:
    """The caller's value inside: who fixed its axes is looked up through the call."""
    inside_values = []
    for value in values_of(current):
        (inside,) = own.enter([value])
        inside.origins = tuple(FromInput(inside.number, axis) for axis in range(len(value.shape)))
        inside.pool = value.pool if keep_pool else None
        inside_values.append(inside)
    return like(current, tuple(inside_values))


def place_instance(
    instance: Instance,
    inputs: tuple[Value, ...],
    builder: Builder,
    at: At,
    call: tree.Call,
    bound: Bound | None,
    shared: Shared | None = None,
) -> Current:
    """Use an instance on values; its named outputs become members of its result, its auxiliary ones go on."""
    region = instance.region
    origins = tuple(tuple(_outside_origin(origin, inputs) for origin in value.origins) for value in values_of(instance.result))
    given = builder.add_use(region, inputs, instance.captured, origins, at, call=call, shared=shared, bound=bound)
    main = like(instance.result, tuple(given[: len(region.results)]))
    for output, value in zip(region.outputs, given[len(region.results) :], strict=True):
        if output.aux:
            placing.export_one(builder, output.name, value, True, at.span)
        elif isinstance(main, Value):
            name, _, item = output.name.partition(".")
            known = main.members.get(name) if item else None
            main.members[name] = ListValue((*(values_of(known) if known is not None else ()), value)) if item else value
    return main


def _outside_origin(origin: Origin, inputs: tuple[Value, ...]) -> Origin:
    if not isinstance(origin, FromInput) or origin.number >= len(inputs):
        return origin if not isinstance(origin, FromInput) else None
    outer = inputs[origin.number].origins
    return outer[origin.axis] if origin.axis < len(outer) else None
