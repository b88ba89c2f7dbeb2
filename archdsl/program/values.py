"""What expressions give and names stand for: tensors, numbers, words, lists, what can be called. Must not elaborate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, Union

from archdsl.ops.operator import Operator
from archdsl.ops.views import Window
from archdsl.records import NamedTuple
from archdsl.shapes import Number, Shape
from archdsl.text import Span


class FromInput(NamedTuple):
    """An axis that is as the region's input `number` has it on `axis`: who fixed it, only the caller knows."""

    number: int
    axis: int


class InputName(Span):
    """The name in an `input` line, in the place of the step for values that a step makes."""

    __slots__ = ()


Origin = Union[Span, FromInput, None]
"""The step or input that fixed an axis, if it is known."""


class Home(Protocol):
    """Where values are numbered: a region under construction."""

    def indices_of(self, pool: Pool) -> Value:
        """The positions that a `maxpool` of this region chose, as a value."""
        ...


class Pool(NamedTuple):
    """A `maxpool` that an `unpool` may undo: where it is, as which step, its input's shape, and what its windows are."""

    home: Home
    step: int
    input_shape: Shape
    window: Window


class Value:
    """A tensor: its number in the region under construction, and its shape without the batch.

    Attributes:
        home: that region.
        origins: for each axis the step that fixed it.
        pool: set if it is the result of a `maxpool`.
        members: what is read of it as `@label.NAME`: outputs of a definition, and labels inside a part.
        step: what made it, for messages; an `InputName` if it is an input.
    """

    __slots__ = ("home", "members", "number", "origins", "pool", "shape", "step")

    def __init__(
        self,
        home: Home,
        number: int,
        shape: Shape,
        origins: tuple[Origin, ...],
        step: Span | None = None,
    ) -> None:
        self.home = home
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
    """What a mistake left unknown; using it is never reported again."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()
NOT_YET = Unknown()
"""The current value of an arch before its `input`."""
NOTHING = Unknown()
"""The current value of a library, which has none: reading it is a mistake of its own."""

Current = Union[Value, ListValue, Unknown]


class Callee:
    """What a step can call beside operators: `archdsl.program.callables` has the kinds."""

    __slots__ = ()


Evaluated = Union[None, str, Number, tuple["Evaluated", ...], Operator, Value, ListValue, Callee]
"""What an expression gives: `none`, a word or string, a number or truth value, a list, an operator, tensors, a definition."""


class Position:
    """`index`, `first` or `last` of a repetition; reading one is noted, since the runs then differ."""

    __slots__ = ("kind", "reads", "value")

    def __init__(self, kind: str, value: int | bool, reads: set[str]) -> None:
        self.kind = kind
        self.value = value
        self.reads = reads


class LazyLet:
    """A `let` of a library file: evaluated when it is first needed, since a library has no current value."""

    __slots__ = ("evaluate",)

    def __init__(self, evaluate: Callable[[], Evaluated]) -> None:
        self.evaluate = evaluate


Binding = Union[Evaluated, Position, LazyLet, Unknown]
"""What a name stands for: a value, or what gives one when it is read."""


def values_of(current: Current) -> tuple[Value, ...]:
    """The tensors of a current value: one, or those of a list."""
    if isinstance(current, Unknown):
        return ()
    return current.items if isinstance(current, ListValue) else (current,)


def like(current: Current, values: tuple[Value, ...]) -> Current:
    """`values` in the form of `current`: a list if that is one."""
    if isinstance(current, ListValue):
        return ListValue(values)
    return values[0] if values else UNKNOWN


def of_values(found: Evaluated) -> Evaluated:
    """A list whose elements are all values of the network is a list value; anything else is what it is."""
    if type(found) is tuple and found:
        items = tuple(item for item in found if isinstance(item, Value))
        if len(items) == len(found):
            return ListValue(items)
    return found
