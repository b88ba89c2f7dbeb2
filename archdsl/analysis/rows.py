"""One record per layer: every run by itself, or repetitions folded into one with a count. Must not print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

from archdsl.analysis.metrics.named import Measures
from archdsl.analysis.metrics.paths import Row as PathRow
from archdsl.analysis.metrics.reach import NoTable
from archdsl.analysis.metrics.receptive_field import Reach, Seen, UnrolledPlace
from archdsl.analysis.metrics.totals import node_totals
from archdsl.diagnostics import Refusal
from archdsl.ir import Declare, Node, Region, Step, Use
from archdsl.ir.network import Role
from archdsl.ops.captions import caption
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Shape, Undecided, shape_text

if TYPE_CHECKING:
    from pandas import DataFrame

LIMIT = 50_000
"""How many layers are listed one by one."""
_UNREADABLE = 10**18
_UNTOLD = (Undecided, NoTable)
"""Why a value's receptive field is not known."""
_TOP_ROLES = frozenset({"stem", "stage", "neck", "head"})


class Layer(NamedTuple):
    """One use of an operator.

    Attributes:
        name: the dotted module name; of a folded repetition that of its first run.
        times: how many runs the record covers; every number in it is for one run.
        parts: on how many parts of a sample it runs at once (inside `each`); the numbers are for all of them.
        params: learned numbers; 0 if a shared module is applied; its declaration has a record of its own.
        memory: bytes of the output, 0 if the operator does not count in the metric `memory`.
        seen: what the output sees of the network's input (of a folded repetition, the last run's), if it is a picture.
        stage: the outermost step with a role around it, else the outermost step; `block`: the innermost block, or empty.
        declared: this is the declaration of a shared module, which does not run there.
    """

    name: str
    op: str
    caption: str
    inputs: tuple[Shape, ...]
    output: Shape
    params: Dim
    buffers: Dim
    macs: Dim
    flops: Dim
    memory: Dim
    seen: Seen | None
    role: str
    stage: str
    block: str
    times: int
    aux: bool
    declared: bool
    shared: bool
    node: Node
    parts: Dim = 1

    def __repr__(self) -> str:
        many = f" x{self.times:,}" if self.times != 1 else ""
        return f"<{self.name}{many}: {self.caption} -> {shape_text(self.output)}, {self.params} params, {self.macs} MACs>"


class Scale(NamedTuple):
    """How many samples run at once, and the bytes of a number."""

    batch: int = 1
    item_bytes: int = 4


class TooManyLayers(Refusal):
    """A network has more layers than are listed, one by one or with its repetitions folded."""

    def __init__(self, layers: int, limit: int) -> None:
        many = f"{layers:,}" if layers < _UNREADABLE else f"some 10^{len(str(layers)) - 1}"
        super().__init__(f"the network has {many} layers, more than the {limit:,} that are listed")


class _Scope(NamedTuple):
    """The place of a region: the names that lead to it, and what its layers inherit."""

    prefix: str = ""
    stage: str = ""
    top: bool = False
    block: str = ""
    role: str = ""
    times: int = 1
    aux: bool = False
    declared: bool = False
    shared: bool = False
    parts: Dim = 1

    def inner(self, name: str, role: Role | None) -> _Scope:
        path = self.prefix + name
        top = role in _TOP_ROLES and not self.top
        return _Scope(
            path + ".",
            path if top or not self.stage else self.stage,
            self.top or top,
            path if role == "block" else self.block,
            role or self.role,
            *self[5:],
        )


def layers(measures: Measures, scale: Scale, folded: bool = True, limit: int = LIMIT) -> list[Layer]:
    """All layers in the order of the program.

    Raises:
        TooManyLayers: not folded, and there are more than `limit`.
    """
    walk = _LayerWalk(measures, scale, folded)
    root = measures.network.root
    many = walk.records.of(root)
    if many > limit:
        raise TooManyLayers(many, limit)
    return list(walk.region(root, walk.inputs(root), _Scope()))


class _Records:
    """How many records a region gives, each region counted once: bodies that call one another twice grow without end."""

    def __init__(self, folded: bool) -> None:
        self._folded = folded
        self._of: dict[int, int] = {}

    def of(self, region: Region) -> int:
        known = self._of.get(id(region))
        if known is None:
            known = self._of[id(region)] = sum(self._step(step) for step in region.steps)
        return known

    def _step(self, step: Step) -> int:
        if isinstance(step, Declare):
            return 0 if step.shared.region is None else self.of(step.shared.region)
        one = 1 if isinstance(step, Node) else self.of(step.region)
        return one if self._folded else one * step.count


class _Amounts(NamedTuple):
    """What a node is, independent of where it runs."""

    caption: str
    params: Dim
    buffers: Dim
    macs: Dim
    flops: Dim
    memory: Dim


class _LayerWalk:
    def __init__(self, measures: Measures, scale: Scale, folded: bool) -> None:
        self.folded = folded
        self.records = _Records(folded)
        self._amounts: dict[tuple[int, bool, bool, Dim], _Amounts] = {}
        self.batch, self.output_bytes = scale.batch, scale.batch * scale.item_bytes
        self.fields = measures.fields()
        self.paths = self.fields.paths
        self.sees = True
        try:
            self.paths.matrix(measures.network.root)
        except _UNTOLD:
            self.sees = False

    def inputs(self, region: Region) -> list[PathRow[Reach]]:
        return self.fields.inputs(UnrolledPlace()) if self.sees else [{} for _ in range(region.inputs)]

    def region(self, region: Region, inputs: list[PathRow[Reach]], scope: _Scope) -> Iterator[Layer]:
        values: list[PathRow[Reach]] = [*inputs, *({} for _ in range(len(region.shapes) - len(inputs)))]
        for step in region.steps:
            if isinstance(step, Declare):
                yield from self._declare(step, scope)
                continue
            before = [values[value] for value in step.inputs]
            after = self._after(step, before, step.count)
            for value, row in zip(step.outputs, after, strict=True):
                values[value] = row
            if isinstance(step, Node) or self.records.of(step.region):
                yield from self._runs(step, before, after[0], scope)

    def _after(self, step: Node | Use, inputs: list[PathRow[Reach]], count: int) -> list[PathRow[Reach]]:
        if self.sees:
            try:
                return self.paths.run(step, inputs, count)
            except _UNTOLD:
                self.sees = False
        return [{} for _ in step.outputs]

    def _before_run(self, step: Node | Use, inputs: list[PathRow[Reach]], run: int) -> list[PathRow[Reach]]:
        if self.sees:
            try:
                return self.paths.advance(step, inputs, run)
            except _UNTOLD:
                self.sees = False
        return [{} for _ in inputs]

    def _runs(self, step: Node | Use, inputs: list[PathRow[Reach]], after: PathRow[Reach], scope: _Scope) -> Iterator[Layer]:
        """The layers of all runs; `after` is what the first output sees when they are over."""
        if self.folded or step.count == 1:
            if step.count > 1:
                scope = scope._replace(times=scope.times * step.count)
            if isinstance(step, Use):
                inputs = self._before_run(step, inputs, step.count - 1)
            yield from self._run(step, inputs, after, step.name, scope)
            return
        for run in range(step.count):
            name = str(int(step.name) + run) if step.name.isdigit() else f"{step.name}.{run}"
            if isinstance(step, Node):
                after = self._after(step, inputs, 1)[0]
            yield from self._run(step, inputs, after, name, scope)
            inputs = self._before_run(step, inputs, 1)

    def _run(
        self, step: Node | Use, inputs: list[PathRow[Reach]], after: PathRow[Reach], name: str, scope: _Scope
    ) -> Iterator[Layer]:
        scope = scope.inner(name, step.role)
        if isinstance(step, Node):
            yield self._layer(step, after if self.fields.is_spatial(step.site.y) else {}, scope)
            return
        if step.aux or step.shared is not None:
            scope = scope._replace(aux=scope.aux or step.aux, shared=scope.shared or step.shared is not None)
        yield from self.region(step.region, inputs, scope._replace(parts=scope.parts * step.region.parts))

    def _declare(self, step: Declare, scope: _Scope) -> Iterator[Layer]:
        region = step.shared.region
        if region is None or scope.shared:
            return
        scope = scope.inner(step.name, None)._replace(declared=True)
        yield from self.region(region, [{} for _ in range(region.inputs)], scope)

    def _amounts_of(self, node: Node, scope: _Scope) -> _Amounts:
        """Computed once for a node: a network may have tens of thousands of layers, and formulas are slow."""
        key = (id(node), scope.declared, scope.shared, scope.parts)
        known = self._amounts.get(key)
        if known is None:
            totals = node_totals(node).in_parts(scope.parts)
            runs = 0 if scope.declared else self.batch
            owns = 0 if scope.shared else 1
            known = self._amounts[key] = _Amounts(
                caption=caption(node.operator, node.site),
                params=totals.params * owns,
                buffers=totals.buffers * owns,
                macs=totals.macs * runs,
                flops=totals.flops * runs,
                memory=0 if scope.declared else totals.outputs * self.output_bytes,
            )
        return known

    def _seen(self, row: PathRow[Reach]) -> Seen | None:
        try:
            return self.fields.seen(row)
        except _UNTOLD:
            return None

    def _layer(self, node: Node, row: PathRow[Reach], scope: _Scope) -> Layer:
        amounts = self._amounts_of(node, scope)
        return Layer(
            name=scope.prefix[:-1],
            op=node.operator.name,
            caption=amounts.caption,
            inputs=node.site.xs,
            output=node.site.y,
            params=amounts.params,
            buffers=amounts.buffers,
            macs=amounts.macs,
            flops=amounts.flops,
            memory=amounts.memory,
            seen=self._seen(row) if row and not scope.declared else None,
            role=scope.role,
            stage=scope.stage,
            block=scope.block,
            times=scope.times,
            aux=scope.aux,
            declared=scope.declared,
            shared=scope.shared,
            node=node,
            parts=scope.parts,
        )


def record(layer: Layer) -> dict[str, Any]:
    """A layer as JSON has it."""
    span = layer.node.span
    return {
        "name": layer.name,
        "op": layer.op,
        "caption": layer.caption,
        "inputs": plain(layer.inputs),
        "output": plain(layer.output),
        "params": plain(layer.params),
        "buffers": plain(layer.buffers),
        "macs": plain(layer.macs),
        "flops": plain(layer.flops),
        "memory": plain(layer.memory),
        "receptive_field": None if layer.seen is None else plain(layer.seen.size),
        "stride": None if layer.seen is None else plain(layer.seen.stride),
        "stage": layer.stage,
        "block": layer.block,
        "role": layer.role,
        "times": layer.times,
        "parts": plain(layer.parts),
        "aux": layer.aux,
        "declared": layer.declared,
        "shared": layer.shared,
        "file": span.source.name,
        "line": span.place.line,
    }


Plain = Union[None, bool, int, float, str, list["Plain"]]


def plain(value: object) -> Plain:
    """A number, shape or formula as JSON has it: formulas and fractions as text."""
    if value is None or isinstance(value, (int, float, str)):
        return value
    return [plain(part) for part in value] if isinstance(value, tuple) else str(value)


def data_frame(records: Sequence[Mapping[str, Any]]) -> DataFrame:
    """Records as a pandas DataFrame.

    Raises:
        ModuleNotFoundError: pandas is not there; the message has the command that installs it.
    """
    from importlib import import_module

    try:
        pandas = import_module("pandas")
    except ModuleNotFoundError:
        raise ModuleNotFoundError("`to_pandas` needs pandas: pip install pandas") from None
    return pandas.DataFrame(records)
