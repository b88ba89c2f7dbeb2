"""Bodies and what is bound in them. Must not evaluate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archdsl.ir import Bound
from archdsl.program.values import UNKNOWN, Binding, Current, Evaluated, Value
from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.text import Source, Span

if TYPE_CHECKING:
    from archdsl.program.file import LoadedFile


class Refusing(NamedTuple):
    """A call that could not take a stage's `downsample`: it lacks parameters for settings of it, or sets these itself."""

    callee: str
    span: Span
    lacks: tuple[str, ...]
    sets: tuple[str, ...]


class Pending:
    """A stage's `downsample`: the settings that wait for the first call that can take them.

    `names`: where the name of each setting is written; `tried`: the calls that could not take them; `known`: the parameters
    that these have.
    """

    __slots__ = ("known", "names", "settings", "span", "taken", "tried")

    def __init__(self, settings: dict[str, Evaluated], names: dict[str, Span], span: Span) -> None:
        self.settings = settings
        self.names = names
        self.span = span
        self.taken = False
        self.tried: list[Refusing] = []
        self.known: set[str] = set()


class Frame(NamedTuple):
    """One running definition: its name, where it was called, the values that came in, and the frame of the call.

    Attributes:
        drops_aux: it is an arch called like a definition, whose auxiliary heads are left out.
        definition: the definition; None for an arch and a shared module.
    """

    name: str
    call: Span | None
    inputs: tuple[Value, ...]
    caller: Frame | None
    drops_aux: bool = False
    definition: tree.Definition | None = None


class Budget:
    """How many elements of comprehensions were computed, in all bodies of one program together."""

    __slots__ = ("elements",)

    def __init__(self) -> None:
        self.elements = 0


class Scope:
    """One body while it runs.

    Attributes:
        budget: what all bodies of the program have spent.
        current: the current value, which `in` reads.
        names: what `let`, `def`, parameters and loops bind.
        labels: values by label.
        given: labels that a loop binds.
        inside: values by label in the bodies here that opened no scope, read after a labeled part as `@part.label`.
        lost: words of statements that were not understood; any of these words may have been defined there.
        lost_list: what made a value of the list that was current, and the step that left one value in its place.
        defaults: `default` lines by operator, with the offset after which they apply.
        pending: the stage's `downsample` as far as this body's calls may take it.
        is_stage: this is directly the body of a stage.
        file: the file whose top this is; None for every body in it.
        forced: the module name of the one step of a repeated body.
        bound: how `let` and loops bound the names that are seen here, for code that prints the program.
    """

    __slots__ = (
        "bound",
        "budget",
        "current",
        "defaults",
        "file",
        "forced",
        "frame",
        "given",
        "inside",
        "is_stage",
        "labels",
        "lost",
        "lost_list",
        "names",
        "parent",
        "pending",
        "source",
    )

    def __init__(
        self,
        parent: Scope | None,
        source: Source,
        current: Current = UNKNOWN,
        *,
        frame: Frame | None = None,
        pending: Pending | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.parent = parent
        self.source = source
        self.budget: Budget = budget or (parent.budget if parent is not None else Budget())
        self.current = current
        self.frame: Frame | None = frame if frame is not None or parent is None else parent.frame
        self.pending = pending
        self.bound: Bound | None = parent.bound if parent is not None and self.frame is parent.frame else None
        self.is_stage = False
        self.file: LoadedFile | None = None
        self.forced: str | None = None
        self.names: dict[str, Binding] = {}
        self.labels: dict[str, Current] = {}
        self.given: set[str] = set()
        self.inside: dict[str, Current] = {}
        self.lost: set[str] = set()
        self.lost_list: tuple[Span | None, Span] | None = None
        # By operator and argument: each `default` line's end, where the setting stands in the line, and the setting.
        self.defaults: dict[str, dict[str, list[tuple[int, int, tree.WrittenArgument]]]] = {}

    def child(self, current: Current) -> Scope:
        """A body inside this one: a group, a branch, a taken `if`."""
        return Scope(self, self.source, current, pending=self.pending)

    def bind(self, name: str, value: tree.Expression, item: tuple[int, ...], start_of: tree.Definition | None = None) -> None:
        """Note how a name is bound from here on."""
        self.bound = Bound(name, value, item, start_of, self.bound)

    def chain(self) -> Iterator[Scope]:
        """The scope, then those around it, from inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def span(self, node: tree.Placed) -> Span:
        """The place of a syntax node."""
        return Span(self.source, node.start, node.end)
