"""Regions whose leaves are nodes. Must not compute costs or print code.

A region is a function of tensors. Its values are numbered: first its inputs (the current value, or the values of a list; then
what it captures from outside), then what its steps give, in order. Equal regions are one shared object, so work that is
memoised on a region's identity costs what is *different* in a network, not what is deep in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Union

from archdsl.ops.operator import Operator, Site
from archdsl.records import NamedTuple, Record, fresh
from archdsl.shapes import Dim, Number, Shape
from archdsl.shapes.dimension import Relation
from archdsl.syntax import tree
from archdsl.text import Span

Role = tree.Role


class Bound(NamedTuple):
    """A name of the text bound around a call, the innermost first: by a `let`, or by a loop to one element of a list.

    Attributes:
        value: the `let`'s expression, or the loop's list.
        item: which element: none of a `let`, its position of `for a in …`, position and target of `for a, b in …`.
        start_of: the definition whose first input was the current value there, so that `in` in the expression is that.
    """

    name: str
    value: tree.Expression
    item: tuple[int, ...]
    start_of: tree.Definition | None
    outer: Bound | None


class Node(Record):
    """One use of an operator.

    Attributes:
        name: the module name in its region (`conv1`; a number in a repetition); nodes without parameters have one too.
        inputs: value numbers, as many as `site.xs`.
        output: the value number of the result.
        indices: for a `maxpool` that an `unpool` undoes, the value number of its positions; else None.
        count: how often it runs in sequence, each time with parameters of its own (1 unless it is in a repetition).
        span: the call in the text.
        written: the settings that the text sets, in the call, a `default` or a `downsample`; the others are defaults.
        call: the syntax of the call, from which code generation learns how a setting was written; None if no call made it
            (the slices of `concat split=true`).
        bound: what `let` and loops of the surrounding body bound there, from which the names in `call` are understood.
        frozen: its parameters do not learn, and a batch norm uses its running statistics in training too.
    """

    operator: Operator
    site: Site
    name: str
    inputs: tuple[int, ...]
    output: int
    span: Span
    call: tree.Call | None
    indices: int | None = None
    count: int = 1
    label: str | None = None
    role: Role | None = None
    written: tuple[str, ...] = ()
    bound: Bound | None = None
    frozen: bool = False

    @property
    def outputs(self) -> tuple[int, ...]:
        """The numbers of its values: the result, and the positions that a pool gives an `unpool`."""
        return (self.output,) if self.indices is None else (self.output, self.indices)


class Shared:
    """A module that is declared once and applied often; compared by identity.

    Attributes:
        frozen: it is declared in a part whose weights do not learn.
        region: its body for the first input: assigned when it is first applied, the only thing here that is not frozen.
    """

    __slots__ = ("frozen", "name", "region", "span")

    def __init__(self, name: str, span: Span, frozen: bool = False) -> None:
        self.name = name
        self.span = span
        self.frozen = frozen
        self.region: Region | None = None


class Use(Record):
    """A region in its place.

    Attributes:
        inputs: value numbers of the surrounding region, one for each of `region.inputs`.
        outputs: value numbers given: one for each of `region.results`, then one for each of `region.outputs`.
        count: how often it runs in sequence, each time with parameters of its own. Each run's results are the next one's first
            inputs; the captured inputs stay the same.
        shared: set if this applies a shared module: no parameters of its own.
        aux: a side branch that runs in training only; its results are not values of the main path.
        call: the syntax of the call if it is one of a definition, an arch or a shared module; None for groups,
            repetitions and auxiliary heads.
        bound: as of a node.
        times: how often a repetition runs, as it is written (`depths[0]`); None for everything else.
        frozen: nothing inside learns.
    """

    region: Region
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    span: Span
    call: tree.Call | None
    count: int = 1
    label: str | None = None
    role: Role | None = None
    shared: Shared | None = None
    aux: bool = False
    bound: Bound | None = None
    times: tree.Expression | None = None
    frozen: bool = False


class Declare(Record):
    """The place where a shared module lives: its parameters belong to the region that holds this step."""

    shared: Shared

    @property
    def name(self) -> str:
        """The name of the shared module."""
        return self.shared.name

    @property
    def frozen(self) -> bool:
        """Whether its weights do not learn."""
        return self.shared.frozen


Step = Union[Node, Use, Declare]


class Output(NamedTuple):
    """A value that leaves the region in addition to its result: a named output, or an auxiliary one (training only).

    The values of an output that is a list are outputs of their own, called `levels.0`, `levels.1` and so on.
    """

    name: str
    value: int
    aux: bool = False


class Region(Record):
    """A scope of the program.

    Attributes:
        kind: `arch` (the whole network, or an arch called like a definition), `definition` (one instance of a definition),
            `group` (the body of a role or label), `repetition` (its steps are the runs, named by their first number:
            a step named "1" with count 3 is the runs 1, 2 and 3), `shared` and `aux`.
        name: the definition's name, else the role, label or name of the step.
        arguments: what a definition was called with, complete with defaults.
        shapes: the shape of every value, by number.
        inputs: how many of the values are inputs.
        captures: how many of these inputs, the last ones, come from labels outside.
        results: value numbers of the result: one, or several if the value is a list (`parallel`).
        outputs: further values that leave the region.
        modules: shared modules declared outside that are applied inside (also deeper).
        runs: how many nodes run inside in total, repetitions multiplied out.
        parts: of the body of an `each`, how many parts of a value are folded into its batch; its shapes are of one part, and
            what it computes is for all of them. Of the body of a `scan` the tokens, one after the other.
        scans: of the body of a `scan`, how many of its first inputs are one token each of a sequence; the states follow. Its
            first result is the token that comes out, the others are the states.
        definition: what distinguishes definitions of one name; regions with equal `definition` are instances of one text.
        syntax: the definition or `arch` line, from which code generation learns the parameters and their defaults; None for
            what is neither.
        memo: what analyses computed of the region alone, each under a key of its own. It stays with the region, since
            networks of one text share regions.
    """

    kind: Literal["arch", "definition", "group", "repetition", "shared", "aux"]
    name: str
    shapes: tuple[Shape, ...]
    inputs: int
    steps: tuple[Step, ...]
    results: tuple[int, ...]
    span: Span
    syntax: tree.Definition | tree.ArchLine | None
    outputs: tuple[Output, ...] = ()
    captures: int = 0
    arguments: tuple[tuple[str, object], ...] = ()
    modules: tuple[Shared, ...] = ()
    runs: int = 0
    parts: Dim = 1
    scans: int = 0
    definition: object = None
    memo: dict[object, Any] = fresh(dict)

    @property
    def input_shapes(self) -> tuple[Shape, ...]:
        """The shapes of its inputs, captured ones included."""
        return self.shapes[: self.inputs]

    @property
    def result_shapes(self) -> tuple[Shape, ...]:
        """The shapes of its result; several for a list of values."""
        return tuple(self.shapes[value] for value in self.results)

    @property
    def is_identity(self) -> bool:
        """It does nothing: no steps, and its result is its input."""
        return not self.steps and self.results == tuple(range(len(self.results)))


class Expectation(NamedTuple):
    """One `expect` line, its right side evaluated.

    `path` is the metric's dotted path as written (`("stage2", "memory")`), `operator` of `memory(conv)`; `digits` how many
    significant digits the literal of `~=` has; `written` the right side's text.
    """

    path: tuple[str, ...]
    operator: str | None
    relation: Relation | Literal["~="]
    value: Number | tuple[Number, ...]
    digits: int
    written: str
    span: Span
    metric_span: Span


class Network(Record):
    """A whole architecture, checked.

    Attributes:
        inputs: names and shapes, without the batch.
        root: its region has one input for each of `inputs`.
        parameters: the arch parameters with the values in force.
        overridden: the user changed parameters or inputs, so contracts are not checked.
        meta: facts for people.
        symbols: names of the free dimensions, in order of appearance.
    """

    name: str
    inputs: tuple[tuple[str, Shape], ...]
    root: Region
    parameters: Mapping[str, object]
    meta: Mapping[str, object]
    expectations: tuple[Expectation, ...]
    title: str = ""
    overridden: bool = False
    symbols: tuple[str, ...] = ()
