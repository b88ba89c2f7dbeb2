"""A region under construction: numbering values, naming modules, capturing what comes from outside. Must not read syntax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from archdsl.ir import Bound, Declare, Node, Output, Region, Shared, Step, Use
from archdsl.ir.network import Role
from archdsl.ops.operator import Operator, Site
from archdsl.ops.views import Window
from archdsl.program.values import Current, Origin, Pool, Value, values_of
from archdsl.records import NamedTuple, replace
from archdsl.shapes import Dim, Shape, channel_axis
from archdsl.shapes.traced import plain_shape
from archdsl.syntax import tree
from archdsl.text import Span

_ALONE = ("stem", "neck", "head")


class At(NamedTuple):
    """Where a step is: the name of its module if it has one already, its role, its label, its place in the text."""

    name: str | None
    role: Role | None
    label: str | None
    span: Span


class Builder:
    """Collects the steps of one scope.

    Values of surrounding scopes that a step uses are captured: they become further inputs of the region, and the place
    that uses the region passes them on (through all scopes in between).
    """

    __slots__ = ("captured", "entered", "exported", "frozen", "modules", "names", "order", "owned", "shapes", "steps")

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.steps: list[Step] = []
        self.entered = 0
        self.captured: dict[int, tuple[Value, int]] = {}
        self.order: list[Value] = []
        self.names: dict[str, int] = {}
        self.exported: dict[str, tuple[Value, bool, Span]] = {}
        self.frozen = False
        # Without values, in their order.
        self.modules: dict[Shared, None] = {}
        self.owned: dict[Shared, None] = {}

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
        if value.home is self:
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
        at: At,
        call: tree.Call | None,
        written: tuple[str, ...] = (),
        bound: Bound | None = None,
    ) -> Value:
        """Add one use of an operator; return its value."""
        assert at.name is not None
        numbers = tuple(self.local(value) for value in inputs)
        result = self._number(site.y, _origins(site, inputs, at.span), at.span)
        node = Node(
            operator,
            site,
            at.name,
            numbers,
            result.number,
            at.span,
            call,
            label=at.label,
            role=at.role,
            written=written,
            bound=bound,
            frozen=self.frozen,
        )
        self.steps.append(node)
        if operator.positions == "gives":
            window = operator.view(site)
            assert isinstance(window, Window)
            result.pool = Pool(self, len(self.steps) - 1, site.x, window)
        return result

    def indices_of(self, pool: Pool) -> Value:
        """The positions that a `maxpool` of this region chose, as a value."""
        node = self.steps[pool.step]
        assert isinstance(node, Node)
        if node.indices is None:
            node = self.steps[pool.step] = replace(node, indices=self._number(node.site.y, (), node.span).number)
        assert node.indices is not None
        return Value(self, node.indices, node.site.y, (), node.span)

    def repeat_last(self, count: int) -> None:
        """The last step runs so often in sequence."""
        step = self.steps[-1]
        assert isinstance(step, (Node, Use))
        self.steps[-1] = replace(step, count=count)

    def add_use(
        self,
        region: Region,
        inputs: Iterable[Value],
        captured: Iterable[Value],
        origins: tuple[tuple[Origin, ...], ...],
        at: At,
        *,
        call: tree.Call | None,
        shared: Shared | None = None,
        aux: bool = False,
        bound: Bound | None = None,
        times: tree.Expression | None = None,
    ) -> list[Value]:
        """Put a finished region here. Gives its results, then its outputs."""
        assert at.name is not None
        numbers = tuple(self.local(value) for value in (*inputs, *captured))
        shapes = [*region.result_shapes, *(region.shapes[output.value] for output in region.outputs)]
        if region.scans:
            shapes[0] = (region.parts, *shapes[0])
        results = [
            self._number(shape, origins[i] if i < len(origins) else (at.span,) * len(shape), at.span)
            for i, shape in enumerate(shapes)
        ]
        use = Use(
            region,
            at.name,
            numbers,
            tuple(result.number for result in results),
            at.span,
            call,
            label=at.label,
            role=at.role,
            shared=shared,
            aux=aux,
            bound=bound,
            times=times,
            frozen=self.frozen,
        )
        self.steps.append(use)
        self.need([shared] if shared is not None else [])
        self.need(region.modules)
        return results

    def need(self, modules: Iterable[Shared]) -> None:
        """Shared modules that a step here applies; those declared elsewhere come in from outside."""
        for module in modules:
            if module not in self.owned and module not in self.modules:
                self.modules[module] = None

    def declare(self, module: Shared) -> None:
        """Add the declaration of a shared module, which owns its parameters here."""
        self.owned[module] = None
        self.steps.append(Declare(module))

    # Names

    def name(self, written: str, numbered: bool = True) -> str:
        """A module name: `conv` becomes `conv1`, `conv2` …; a label stays as it is until it comes again (`u`, `u2`)."""
        if not numbered and written not in self.names:
            self.names[written] = 1
            return written
        # No name of the language has a `#`; such a key counts how often the name was given.
        number = self.names.get(f"{written}#", 0 if numbered else 1) + 1
        while f"{written}{number}" in self.names:
            number += 1
        self.names[f"{written}#"] = number
        name = f"{written}{number}"
        self.names[name] = 1
        return name

    def export(self, name: str, value: Value, aux: bool, span: Span) -> Span | None:
        """Make a value an output of the region; the place of the first one if another line took the name.

        What the same line gives again makes a list of its output: `name.0`, `name.1` and so on.
        """
        key = name if name in self.exported else f"{name}.0" if f"{name}.0" in self.exported else None
        if key is None:
            self.exported[name] = (value, aux, span)
            return None
        first = self.exported[key][2]
        if first != span:
            return first
        if key == name:
            self.exported = {f"{name}.0" if one == name else one: given for one, given in self.exported.items()}
        number = 1
        while f"{name}.{number}" in self.exported:
            number += 1
        self.exported[f"{name}.{number}"] = (value, aux, span)
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
        *,
        syntax: tree.Definition | tree.ArchLine | None,
        arguments: tuple[tuple[str, object], ...] = (),
        definition: object = None,
        parts: Dim = 1,
        scans: int = 0,
    ) -> Region:
        """The region; captured values are numbered after the entered ones, so every number above them moves up."""
        results = tuple(self.local(value) for value in values_of(result))
        outputs = tuple(Output(n, self.local(value), aux) for n, (value, aux, _) in self.exported.items())
        self._unnumber_lone_roles()
        steps = tuple(self.steps)
        extra = len(self.order)
        if extra:
            moves = _Moves(self.entered, extra)
            results, steps = moves.all(results), tuple(map(moves.step, steps))
            outputs = tuple(output._replace(value=moves.one(output.value)) for output in outputs)
        captured = [value.shape for value in self.order]
        return Region(
            kind,
            name,
            (*self.shapes[: self.entered], *captured, *self.shapes[self.entered :]),
            self.entered + extra,
            steps,
            results,
            span,
            syntax,
            outputs=outputs,
            captures=extra,
            arguments=arguments,
            modules=tuple(self.modules),
            runs=self.runs,
            parts=parts,
            scans=scans,
            definition=definition,
        )

    def _unnumber_lone_roles(self) -> None:
        for role in _ALONE:
            if self.names.get(role + "#") != 1 or role in self.names:
                continue
            for at, step in enumerate(self.steps):
                if step.name == f"{role}1" and not isinstance(step, Declare) and step.role == role and step.label is None:
                    self.steps[at] = replace(step, name=role)


class _Moves:
    """Where numbers move when `extra` captured values come in after the `entered` ones; captured ones are negative before."""

    def __init__(self, entered: int, extra: int) -> None:
        self._entered = entered
        self._extra = extra

    def one(self, number: int) -> int:
        if number < 0:
            return self._entered - 1 - number
        return number if number < self._entered else number + self._extra

    def all(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(map(self.one, numbers))

    def step(self, step: Step) -> Step:
        if isinstance(step, Declare):
            return step
        if isinstance(step, Use):
            return replace(step, inputs=self.all(step.inputs), outputs=self.all(step.outputs))
        indices = None if step.indices is None else self.one(step.indices)
        return replace(step, inputs=self.all(step.inputs), output=self.one(step.output), indices=indices)


def _runs(step: Step) -> int:
    if isinstance(step, Declare):
        return 0
    return step.count if isinstance(step, Node) else step.count * step.region.runs


def _origins(site: Site, inputs: tuple[Value, ...], span: Span) -> tuple[Origin, ...]:
    """An axis that comes through unchanged was fixed by what fixed it before."""
    if not inputs:
        return (span,) * len(site.y)
    first = inputs[0]
    if len(first.shape) != len(site.y) or len(first.origins) != len(site.y):
        return (span,) * len(site.y)
    # A layer that sets the channels is what a person looks for, even if it sets what they were.
    sets_channels = site.parameters and "c" in site.a
    channels = channel_axis(site.y)
    before, after, origins = plain_shape(first.shape), plain_shape(site.y), list(first.origins)
    if before == after and not sets_channels:
        return first.origins
    for axis, size in enumerate(after):
        if before[axis] != size or (sets_channels and axis == channels):
            origins[axis] = span
    return tuple(origins)
