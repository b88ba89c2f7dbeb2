"""A piece of a drawing with open ends, and how pieces are put together. Must not know regions or levels.

Boxes of a fragment are numbered from 0; its inputs are the boxes -1, -2, … as tails of arrows and as results.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from archdsl.backends.render.scene.captions import labeled, spread
from archdsl.backends.render.scene.drawing import Arrow, ArrowKind, Axes, Box, Cluster, Load, TextLine
from archdsl.records import NamedTuple

_MAJOR_SEPARATOR = " · "
_LONGEST_MINOR = 30
_SHORT = 3
_NUMBERS = re.compile(r"(?:,? ?/?\d+(?:×\d+)*)+")


class Source(NamedTuple):
    """Where a value comes from: a box, and which of the values that it gives."""

    box: int
    port: int = 0


class End(NamedTuple):
    """A value that leaves in addition to the result: a named output or an auxiliary one."""

    name: str
    source: Source
    aux: bool


class Fragment:
    """Boxes, arrows and clusters of one region. `inputs` are the shapes of what comes in."""

    def __init__(self, inputs: Sequence[Axes]) -> None:
        self.inputs = tuple(inputs)
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.clusters: list[Cluster] = []
        self.results: tuple[Source, ...] = ()
        self.ends: list[End] = []

    def add(self, box: Box) -> int:
        """Add a box; return its number."""
        self.boxes.append(box)
        return len(self.boxes) - 1

    def shape(self, source: Source) -> Axes:
        """The shape of a value."""
        return self.boxes[source.box].shapes[source.port] if source.box >= 0 else self.inputs[-source.box - 1]

    def lead(self, source: Source, head: int, kind: ArrowKind = "flow") -> None:
        """Draw an arrow from a value to a box."""
        self.arrows.append(Arrow(source.box, head, self.shape(source), kind, port=source.port))

    @property
    def only_box(self) -> Box | None:
        """The box, if there is just one and no frame."""
        return self.boxes[0] if len(self.boxes) == 1 and not self.clusters else None

    @property
    def only_frame(self) -> Cluster | None:
        """The frame around all boxes, if there is one."""
        outer = [cluster for cluster in self.clusters if cluster.parent is None]
        return outer[0] if len(outer) == 1 and all(box.cluster is not None for box in self.boxes) else None

    def unframed(self) -> Fragment:
        """The same without its only frame, which is the first of its clusters."""
        bare = Fragment(self.inputs)
        bare.arrows, bare.results, bare.ends = self.arrows, self.results, self.ends
        bare.boxes = [box._replace(cluster=box.cluster - 1 if box.cluster else None) for box in self.boxes]
        bare.clusters = [one._replace(parent=one.parent - 1 if one.parent else None) for one in self.clusters[1:]]
        return bare

    @property
    def is_short_chain(self) -> bool:
        """It reads as well open as closed: one box, or two or three in a row."""
        if len(self.boxes) > _SHORT or self.clusters or any(box.kind != "operator" for box in self.boxes):
            return False
        return len(self.arrows) == len(self.boxes) and len({arrow.tail for arrow in self.arrows}) == len(self.arrows)

    def as_one_box(self, times: int, label: str | None) -> Fragment:
        """The same with a badge on its only box, and the label of the region that it is all of."""
        box = self.boxes[0]
        lines = box.lines if box.kind == "block" else labeled(box.lines, label)
        self.boxes[0] = box._replace(times=box.times * times, lines=lines)
        return self

    def embed(self, piece: Fragment, sources: Sequence[Source], frame: Cluster | None) -> Embedded:
        """Copy a piece in, its inputs fed by `sources`, a frame around it if there is one.

        A value that starts several branches of a framed piece gets a fork inside the frame.
        """
        frames = len(self.clusters)
        if frame is not None:
            self.clusters.append(frame)
        inner = len(self.clusters)
        outer = frames if frame is not None else None
        self.clusters += [
            cluster._replace(parent=outer if cluster.parent is None else cluster.parent + inner) for cluster in piece.clusters
        ]
        feeds = list(sources)
        if frame is not None:
            for port, uses in sorted(Counter(arrow.tail for arrow in piece.arrows if arrow.tail < 0).items(), reverse=True):
                if uses > 1:
                    feeds[-port - 1] = self._fork(feeds[-port - 1], outer, frame.aux)
        first = len(self.boxes)
        for box in piece.boxes:
            cluster = outer if box.cluster is None else box.cluster + inner
            self.boxes.append(box._replace(cluster=cluster, aux=box.aux or (frame is not None and frame.aux)))

        def placed(source: Source) -> Source:
            return source._replace(box=source.box + first) if source.box >= 0 else feeds[-source.box - 1]

        for arrow in piece.arrows:
            tail = placed(Source(arrow.tail, arrow.port))
            shape = self.shape(tail) if arrow.tail < 0 else arrow.shape
            self.arrows.append(Arrow(tail.box, arrow.head + first, shape, arrow.kind, port=tail.port))
        ends = [End(end.name, placed(end.source), end.aux) for end in piece.ends]
        return Embedded(tuple(placed(source) for source in piece.results), tuple(end.source for end in ends))

    def _fork(self, source: Source, cluster: int | None, aux: bool) -> Source:
        fork = self.add(Box("fork", (), None, cluster, (self.shape(source),), aux=aux))
        self.lead(source, fork)
        return Source(fork)

    def merge_runs(self) -> None:
        """Write chains such as conv, bn, relu into one box each.

        A box takes in what follows it as long as nothing else hangs between them and only one line is a major one. What
        precedes (a norm before its convolution) is taken in only if nothing before it could take it.
        """
        outs = Counter(arrow.tail for arrow in self.arrows)
        ins = Counter(arrow.head for arrow in self.arrows)
        tails = {arrow.head: arrow.tail for arrow in self.arrows if arrow.port == 0}
        leaving = {source.box for source in (*(end.source for end in self.ends), *self.results)}
        into = list(range(len(self.boxes)))
        for head, box in enumerate(self.boxes):
            tail = tails.get(head, -1)
            if ins[head] != 1 or tail < 0 or outs[tail] != 1 or tail in leaving:
                continue
            target = into[tail]
            merged = _merged(self.boxes[target], box)
            if merged is not None:
                self.boxes[target] = merged
                into[head] = target
        self._compact(into)

    def _compact(self, into: list[int]) -> None:
        kept = [old for old, target in enumerate(into) if old == target]
        if len(kept) == len(into):
            return
        number = {old: new for new, old in enumerate(kept)}

        def renumbered(box: int) -> int:
            return number[into[box]] if box >= 0 else box

        self.boxes = [self.boxes[old] for old in kept]
        moved = [arrow._replace(tail=renumbered(arrow.tail), head=renumbered(arrow.head)) for arrow in self.arrows]
        self.arrows = [arrow for arrow in moved if arrow.tail != arrow.head]
        self.results = tuple(Source(renumbered(source.box), source.port) for source in self.results)
        self.ends = [end._replace(source=Source(renumbered(end.source.box), end.source.port)) for end in self.ends]


class Embedded(NamedTuple):
    """Where an embedded piece's results and further outputs come out."""

    results: tuple[Source, ...]
    ends: tuple[Source, ...]


def _merged(front: Box, back: Box) -> Box | None:
    """One box for two that follow each other, or None if they stay separate."""
    if front.kind == "join" and back.paint == "activation" and len(front.lines) == 1 and back.is_minor:
        return front._replace(lines=front.lines + back.lines, shapes=back.shapes, loads=front.loads + back.loads)
    if front.kind != "operator" or back.kind != "operator" or front.cluster != back.cluster:
        return None
    if front.times != 1 or back.times != 1:
        return None
    starts_with_norm = front.paint == "norm" and front.is_minor
    if not back.is_minor and not starts_with_norm:
        return None
    if front.is_minor and back.is_minor and not _fits(front.lines[-1], back.lines[0]):
        return None
    paint = back.paint if front.is_minor and not back.is_minor else front.paint
    lines = _joined(front.lines, back.lines)
    return front._replace(lines=lines, paint=paint, shapes=back.shapes, loads=front.loads + back.loads)


def _fits(front: TextLine, back: TextLine) -> bool:
    return len(front.text) + len(back.text) <= _LONGEST_MINOR


def _joined(front: tuple[TextLine, ...], back: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    if front[-1].minor and back[0].minor and _fits(front[-1], back[0]):
        both = TextLine(front[-1].text + _MAJOR_SEPARATOR + back[0].text, True)
        return (*front[:-1], both, *back[1:])
    return front + back


class Piece(NamedTuple):
    """The drawing of a use's region, its number of runs and its name."""

    drawn: Fragment
    runs: int
    name: str


def folded(pieces: Sequence[Piece]) -> Fragment | None:
    """One piece for several in a row, whose boxes represent the steps of all; None if they differ in more than shapes.

    Where shapes differ (a dense block's layers) the piece shows the first and the last: `64…224`.
    """
    first, last = pieces[0].drawn, pieces[-1].drawn
    if any(_outline(piece.drawn) != _outline(first) for piece in pieces[1:]):
        return None
    alike = _alike(pieces)
    fold = Fragment(tuple(map(spread, first.inputs, last.inputs)))
    fold.clusters, fold.results, fold.ends = first.clusters, first.results, first.ends
    for position, box in enumerate(first.boxes):
        loads = [
            Load(load.step, load.times * runs, (names, *load.path))
            for piece, runs, names in alike
            for load in piece.boxes[position].loads
        ]
        after = last.boxes[position].shapes
        shapes = [
            there if Source(position, port) in first.results else spread(here, there)
            for port, (here, there) in enumerate(zip(box.shapes, after, strict=True))
        ]
        fold.add(box._replace(shapes=tuple(shapes), loads=tuple(loads)))
    fold.arrows = [a._replace(shape=spread(a.shape, b.shape)) for a, b in zip(first.arrows, last.arrows, strict=True)]
    return fold


def _alike(pieces: Sequence[Piece]) -> list[tuple[Fragment, int, tuple[str, ...]]]:
    """Drawings, each with all its runs and the names of all: what doubles at every level is one drawing at every level."""
    found: dict[int, tuple[Fragment, int, tuple[str, ...]]] = {}
    for drawn, runs, name in pieces:
        _, before, names = found.get(id(drawn), (drawn, 0, ()))
        found[id(drawn)] = (drawn, before + runs, (*names, name))
    return list(found.values())


def form(piece: Fragment) -> object:
    """What a piece has in common with those that differ in numbers only."""
    boxes = [(box.kind, [_NUMBERS.sub("#", line.text) for line in box.lines], box.paint, box.cluster) for box in piece.boxes]
    return repr((boxes, [(arrow.tail, arrow.port, arrow.head, arrow.kind) for arrow in piece.arrows]))


def _outline(piece: Fragment) -> object:
    return (
        [(box.kind, box.lines, box.paint, box.cluster, box.times, [*map(len, box.shapes)]) for box in piece.boxes],
        [(arrow.tail, arrow.port, arrow.head, arrow.kind) for arrow in piece.arrows],
        piece.clusters,
        piece.results,
        piece.ends,
    )
