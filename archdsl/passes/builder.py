"""A region under construction: numbering values, naming modules, capturing what comes from outside. Must not read syntax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from archdsl.ir import Declare, Node, Output, Region, Shared, Step, Use
from archdsl.ir.network import Role
from archdsl.ops.operator import Operator, Site
from archdsl.passes.values import UNKNOWN, Current, ListValue, Origin, Pool, Unknown, Value
from archdsl.shapes import Shape
from archdsl.text import Span

_ALONE = ("stem", "neck", "head")


class Builder:
    """Collects the steps of one scope.

    Values of surrounding scopes that a step uses are captured: they become further inputs of the region, and the place
    that uses the region passes them on (through as many scopes as lie between).
    """

    __slots__ = ("captured", "entered", "exported", "modules", "names", "order", "owned", "shapes", "steps")

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.steps: list[Step] = []
        self.entered = 0
        self.captured: dict[int, tuple[Value, int]] = {}
        self.order: list[Value] = []
        self.names: dict[str, int] = {}
        self.exported: dict[str, tuple[Value, bool, Span]] = {}
        self.modules: list[Shared] = []
        self.owned: list[Shared] = []

    # Values

    def enter(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """New inputs with the shapes (and origins) of values outside."""
        entered = []
        for value in values:
            inside = self._number(value.shape, value.origins, value.step)
            inside.pool, inside.members = value.pool, value.members
            entered.append(inside)
        self.entered += len(entered)
        return tuple(entered)

    def local(self, value: Value) -> int:
        """The value's number here; a value of a surrounding scope is captured. Captured ones are numbered at the end."""
        if value.builder is self:
            return value.number
        found = self.captured.get(id(value))
        if found is None:
            # Negative until the region is finished: inputs come first, and how many there are is not known yet.
            found = (value, -1 - len(self.captured))
            self.captured[id(value)] = found
            self.order.append(value)
        return found[1]

    def _number(self, shape: Shape, origins: tuple[Origin, ...], step: Span | None) -> Value:
        value = Value(self, len(self.shapes), shape, origins, step)
        self.shapes.append(shape)
        return value

    # Steps

    def add_node(
        self,
        operator: Operator,
        site: Site,
        inputs: tuple[Value, ...],
        name: str,
        span: Span,
        call: Any = None,
        label: str | None = None,
        role: Role | None = None,
        written: tuple[str, ...] = (),
    ) -> Value:
        numbers = tuple(self.local(value) for value in inputs)
        result = self._number(site.y, _origins(site, inputs, span), span)
        node = Node(operator, site, name, numbers, result.number, span, label=label, role=role, call=call, written=written)
        self.steps.append(node)
        if operator.name == "maxpool":
            result.pool = Pool(self, len(self.steps) - 1, site.x)
        return result

    def indices_of(self, pool: Pool) -> Value:
        """The positions that a `maxpool` of this region chose, as a value."""
        node = self.steps[pool.step]
        assert isinstance(node, Node)
        if node.indices is None:
            node.indices = self._number(node.site.y, (), node.span).number
        return Value(self, node.indices, node.site.y, (), node.span)

    def add_use(
        self,
        region: Region,
        inputs: Iterable[Value],
        captured: Iterable[Value],
        origins: tuple[tuple[Origin, ...], ...],
        name: str,
        span: Span,
        *,
        count: int = 1,
        label: str | None = None,
        role: Role | None = None,
        shared: Shared | None = None,
        aux: bool = False,
    ) -> list[Value]:
        """Put a finished region here. Gives its results, then its outputs."""
        numbers = tuple(self.local(value) for value in (*inputs, *captured))
        shapes = [*region.result_shapes, *(region.shapes[output.value] for output in region.outputs)]
        results = [
            self._number(shape, origins[i] if i < len(origins) else (span,) * len(shape), span)
            for i, shape in enumerate(shapes)
        ]
        self.steps.append(
            Use(
                region,
                name,
                numbers,
                tuple(result.number for result in results),
                span,
                count=count,
                label=label,
                role=role,
                shared=shared,
                aux=aux,
            )
        )
        self.need([shared] if shared is not None else [])
        self.need(region.modules)
        return results

    def need(self, modules: Iterable[Shared]) -> None:
        """Shared modules that a step here applies; those declared elsewhere come in from outside."""
        for module in modules:
            if module not in self.owned and module not in self.modules:
                self.modules.append(module)

    def declare(self, module: Shared) -> None:
        self.owned.append(module)
        self.steps.append(Declare(module))

    # Names

    def name(self, written: str, numbered: bool = True) -> str:
        """A module name: `conv` becomes `conv1`, `conv2` …; a label stays as it is until it is met again (`u`, `u2`)."""
        if not numbered and written not in self.names:
            self.names[written] = 1
            return written
        key = (written, "#")
        number = self.names.get(key[0] + key[1], 0 if numbered else 1) + 1
        while f"{written}{number}" in self.names:
            number += 1
        self.names[written + "#"] = number
        name = f"{written}{number}"
        self.names[name] = 1
        return name

    def export(self, name: str, value: Value, aux: bool, span: Span) -> Span | None:
        """Make a value an output of the region; the place of the first one if the name is taken."""
        if name in self.exported:
            return self.exported[name][2]
        self.exported[name] = (value, aux, span)
        return None

    # The end

    @property
    def runs(self) -> int:
        """How many nodes run in the steps so far, repetitions multiplied out."""
        return sum(_runs(step) for step in self.steps)

    def finish(
        self,
        kind: Literal["arch", "definition", "group", "repetition", "shared", "aux"],
        name: str,
        result: Current,
        span: Span,
        arguments: tuple[tuple[str, Any], ...] = (),
        definition: object = None,
    ) -> Region:
        """The region; captured values are numbered behind the entered ones, so every number above them moves up."""
        results = tuple(self.local(value) for value in _values(result))
        outputs = tuple(Output(n, self.local(value), aux) for n, (value, aux, _) in self.exported.items())
        self._unnumber_lone_roles()
        extra = len(self.order)
        if extra:
            results, outputs = self._renumber(results, outputs, extra)
        return Region(
            kind,
            name,
            self.shapes,
            self.entered + extra,
            tuple(self.steps),
            results,
            span,
            outputs=outputs,
            captures=extra,
            arguments=arguments,
            modules=tuple(self.modules),
            runs=self.runs,
            definition=definition,
        )

    def _renumber(
        self, results: tuple[int, ...], outputs: tuple[Output, ...], extra: int
    ) -> tuple[tuple[int, ...], tuple[Output, ...]]:
        entered = self.entered

        def moved(number: int) -> int:
            if number < 0:
                return entered - 1 - number
            return number if number < entered else number + extra

        def all_moved(numbers: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(moved(number) for number in numbers)

        self.shapes[entered:entered] = [value.shape for value in self.order]
        for step in self.steps:
            if isinstance(step, Node):
                step.inputs = all_moved(step.inputs)
                step.output = moved(step.output)
                step.indices = None if step.indices is None else moved(step.indices)
            elif isinstance(step, Use):
                step.inputs = all_moved(step.inputs)
                step.outputs = all_moved(step.outputs)
        return all_moved(results), tuple(output._replace(value=moved(output.value)) for output in outputs)

    def _unnumber_lone_roles(self) -> None:
        for role in _ALONE:
            if self.names.get(role + "#") != 1 or role in self.names:
                continue
            for step in self.steps:
                if step.name == f"{role}1" and not isinstance(step, Declare) and step.role == role and step.label is None:
                    step.name = role
                    if isinstance(step, Use) and step.region.kind in ("group", "repetition"):
                        step.region.name = role


def _runs(step: Step) -> int:
    if isinstance(step, Declare):
        return 0
    return step.count if isinstance(step, Node) else step.count * step.region.runs


def _values(current: Current) -> tuple[Value, ...]:
    if isinstance(current, Unknown):
        return ()
    return current.items if isinstance(current, ListValue) else (current,)


def values_of(current: Current) -> tuple[Value, ...]:
    """The tensors of a current value: one, or those of a list."""
    return _values(current)


def like(current: Current, values: tuple[Value, ...]) -> Current:
    """`values` in the form of `current`: a list where that is one."""
    if isinstance(current, ListValue):
        return ListValue(values)
    return values[0] if values else UNKNOWN


def _origins(site: Site, inputs: tuple[Value, ...], span: Span) -> tuple[Origin, ...]:
    """An axis that comes through unchanged was fixed by whoever fixed it before."""
    if not inputs:
        return (span,) * len(site.y)
    first = inputs[0]
    if len(first.shape) != len(site.y) or len(first.origins) != len(site.y):
        return (span,) * len(site.y)
    # A layer that sets the channels is what a person looks for, even where it sets what they were.
    sets_channels = site.parameters and "c" in site.a
    channel_axis = 0 if len(site.y) == 3 else len(site.y) - 1
    return tuple(
        span if before != after or (sets_channels and axis == channel_axis) else first.origins[axis]
        for axis, (before, after) in enumerate(zip(first.shape, site.y, strict=True))
    )
