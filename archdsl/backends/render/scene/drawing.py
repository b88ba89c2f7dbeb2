"""The drawing: boxes, arrows and clusters as plain data. Must not know networks, colors or Graphviz."""

from __future__ import annotations

from typing import Literal, Union

from archdsl.diagnostics import Refusal
from archdsl.ir import Node, Use
from archdsl.ops.operator import Paint
from archdsl.records import NamedTuple

Level = Literal["stage", "block", "layer"]
LEVELS: tuple[Level, ...] = ("stage", "block", "layer")

Axes = tuple[str, ...]
"""A shape as text, one per axis; `64…224` if folded steps differ."""


def resolution(shape: Axes) -> int | None:
    """The height of a picture; None for tokens, vectors and formulas."""
    return int(shape[-2]) if len(shape) > 2 and shape[-2].isdigit() else None


class TextLine(NamedTuple):
    """A line of a box. What only accompanies (a norm, an activation) is `minor` and drawn small."""

    text: str
    minor: bool = False


class Load(NamedTuple):
    """A step that a box represents, how often it runs, and the names of the steps that lead to it, its own the last.

    If runs of one region are drawn once, the path has all their names in one place.
    """

    step: Union[Node, Use]
    times: int
    path: tuple[tuple[str, ...], ...]

    @property
    def first(self) -> tuple[str, ...]:
        """The path of the first run."""
        return tuple(names[0] for names in self.path)


class Box(NamedTuple):
    """One box.

    Attributes:
        kind: `operator`, `join` (a small circle), `block` (a region drawn closed), `input`, `output`, or `fork` (the point
            from which branches start).
        paint: the color family; None for a closed region and for inputs and outputs.
        cluster: the position of the cluster that it is in, or None.
        shapes: of the values that it gives, one a port: all but closed regions and pools whose positions are used give one.
        times: how often it runs in sequence (a badge).
        hint: the module's name, shown when a pointer rests on it.
        role: of the region that a closed box represents.
    """

    kind: Literal["operator", "join", "block", "input", "output", "fork"]
    lines: tuple[TextLine, ...]
    paint: Paint | None
    cluster: int | None
    shapes: tuple[Axes, ...]
    times: int = 1
    loads: tuple[Load, ...] = ()
    aux: bool = False
    hint: str = ""
    role: str | None = None

    @property
    def is_minor(self) -> bool:
        """Whether the box has only minor lines, so that it is drawn small."""
        return all(line.minor for line in self.lines)

    @property
    def shape(self) -> Axes:
        """Of the first value that it gives; none where it gives none."""
        return self.shapes[0] if self.shapes else ()


ArrowKind = Literal["flow", "skip", "aux", "aside"]


class Arrow(NamedTuple):
    """A value on its way from box `tail` to box `head`; `label` is empty if the shape is already known.

    `kind`: `skip` goes around other boxes into a join, `aux` into an auxiliary head, `aside` gives positions only.
    `port`: which of the values that the tail gives.
    """

    tail: int
    head: int
    shape: Axes
    kind: ArrowKind = "flow"
    label: str = ""
    port: int = 0


class Cluster(NamedTuple):
    """A frame around boxes: a role, a definition's instance, or what is repeated.

    Attributes:
        titles: from the longest to the shortest; the picture takes the first that has room.
        notes: what may follow the title, lighter (`4 bottlenecks`), from the longest.
        parent: the position of the cluster around it, always a smaller number.
        times: how often it runs in sequence (a badge).
    """

    titles: tuple[str, ...]
    notes: tuple[str, ...]
    parent: int | None
    times: int = 1
    role: str | None = None
    aux: bool = False


class Drawing(NamedTuple):
    """Everything that the picture shows. Boxes are in an order in which arrows point forward.

    `main` are the arrows that go straight on: along chains, and to the first of two branches (from the first of two). At most
    one leaves a box, and at most one reaches it.
    """

    name: str
    title: str
    level: Level
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    clusters: tuple[Cluster, ...]
    main: frozenset[int]

    def frames_around(self, box: int) -> list[int]:
        """The clusters around a box, the innermost first."""
        found = []
        cluster = self.boxes[box].cluster
        while cluster is not None:
            found.append(cluster)
            cluster = self.clusters[cluster].parent
        return found

    def exit(self, arrow: int) -> tuple[int, int]:
        """Which of the values of its box an arrow carries, and of how many that go anywhere; positions leave with the value."""
        tail, port = self.arrows[arrow].tail, self.arrows[arrow].port
        if len(self.boxes[tail].shapes) == 1:
            return 0, 1
        ports = sorted({one.port for one in self.arrows if one.tail == tail and one.kind != "aside"})
        return (ports.index(port), len(ports)) if port in ports else (0, 1)

    def entry(self, arrow: int) -> tuple[int, int]:
        """Which of the arrows between its two boxes one is, and of how many."""
        ends = self.arrows[arrow][:2]
        beside = [number for number, one in enumerate(self.arrows) if one[:2] == ends] if self.exit(arrow)[1] > 1 else [arrow]
        return beside.index(arrow), len(beside)

    def outermost(self, box: int) -> int | None:
        """The outermost cluster around a box."""
        around = self.frames_around(box)
        return around[-1] if around else None


class RenderError(Refusal):
    """There is no picture; the message says in one sentence why, and what would work."""


class TooDetailed(RenderError):
    """The picture would have more than `limit` boxes, or too many arrows among them."""

    def __init__(self, level: Level, limit: int) -> None:
        self.level, self.limit = level, limit
        coarser = LEVELS[LEVELS.index(level) - 1] if level != "stage" else None
        advice = f"; draw it with `--level {coarser}`" if coarser else ""
        super().__init__(f"at level `{level}` the picture would have more than {limit} boxes, or a tangle of arrows{advice}")
