"""What names are bound to while a program is elaborated. Must not elaborate anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from archdsl.ir import Shared
from archdsl.shapes import Shape
from archdsl.syntax import tree
from archdsl.text import Span

if TYPE_CHECKING:
    from archdsl.program.builder import Builder
    from archdsl.program.scope import Scope


class FromInput(NamedTuple):
    """An axis that is as the region's input `number` has it on `axis`: who fixed it, only the caller knows."""

    number: int
    axis: int


Origin = Union[Span, FromInput, None]
"""The step that fixed an axis, where it is known."""


class Pool(NamedTuple):
    """A `maxpool` that an `unpool` may undo: its result, its input's shape, and its node (as a step of `builder`)."""

    builder: Builder
    step: int
    input_shape: Shape


class Value:
    """A tensor: its number in the region under construction, and its shape without the batch.

    Attributes:
        origins: for each axis the step that fixed it.
        pool: set where it is the result of a `maxpool`.
        members: the outputs that the caller of a definition reads as `@label.NAME`.
        step: what made it, for messages.
    """

    __slots__ = ("builder", "members", "number", "origins", "pool", "shape", "step")

    def __init__(
        self,
        builder: Builder,
        number: int,
        shape: Shape,
        origins: tuple[Origin, ...],
        step: Span | None = None,
    ) -> None:
        self.builder = builder
        self.number = number
        self.shape = shape
        self.origins = origins
        self.step = step
        self.pool: Pool | None = None
        self.members: dict[str, Current] = {}


class ListValue(NamedTuple):
    """The value of `parallel`: its branches' values."""

    items: tuple[Value, ...]


class Unknown:
    """Stands for whatever a mistake left unknown; using it is never reported again."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()
NOT_YET = Unknown()
"""The current value of an arch before its `input`."""
NOTHING = Unknown()
"""The current value of a library, which has none: reading it is a mistake of its own."""

Current = Union[Value, ListValue, Unknown]


class Closure:
    """A definition with the scope that it was written in. `memo` maps (arguments, input shapes) to what it gave."""

    __slots__ = ("definition", "memo", "scope")

    def __init__(self, definition: tree.Definition, scope: Scope) -> None:
        self.definition = definition
        self.scope = scope
        self.memo: dict[object, Any] = {}

    @property
    def name(self) -> str:
        return self.definition.name.text


class BodyArgument:
    """The body that a call handed to a definition: it runs with its caller's names."""

    __slots__ = ("branch", "scope", "span")

    def __init__(self, branch: tree.Branch, scope: Scope, span: Span) -> None:
        self.branch = branch
        self.scope = scope
        self.span = span


class SharedModule:
    """`shared NAME < body >`: built from its first input, then applied with the same parameters."""

    __slots__ = ("body", "builder", "first", "is_running", "memo", "module", "name", "scope", "span")

    def __init__(self, name: str, body: tree.Body, scope: Scope, builder: Builder, module: Shared, span: Span) -> None:
        self.name = name
        self.body = body
        self.scope = scope
        self.builder = builder
        self.module = module
        self.span = span
        self.first: Any = None
        self.is_running = False
        self.memo: dict[object, Any] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Its body runs, so it must not be applied in there."""
        self.is_running = True
        try:
            yield
        finally:
            self.is_running = False


class ArchClosure:
    """An arch that is called like a definition; `file` is an `archdsl.loading.loader.LoadedFile`."""

    __slots__ = ("file", "memo", "name")

    def __init__(self, name: str, file: Any) -> None:
        self.name = name
        self.file = file
        self.memo: dict[object, Any] = {}


class Position:
    """`index`, `first` or `last` of a repetition; reading one is noted, since the runs then differ."""

    __slots__ = ("kind", "reads", "value")

    def __init__(self, kind: str, value: int | bool, reads: set[str]) -> None:
        self.kind = kind
        self.value = value
        self.reads = reads


class LazyLet:
    """A `let` of a library file: evaluated when it is first needed, since a library has no current value."""

    __slots__ = ("expression", "scope")

    def __init__(self, expression: tree.Expression, scope: Scope) -> None:
        self.expression = expression
        self.scope = scope
