"""From a network and a level to a drawing: what is opened, what stays closed, what is folded. Must not know Graphviz.

`stage` shows the steps of the network itself. `block` opens roles, repetitions and the definitions used in them; what
these use in turn stays closed unless it is a single run of operators. `layer` opens everything. Repetitions are drawn once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from archdsl.backends.render.scene import calls, captions
from archdsl.backends.render.scene.drawing import Box, Cluster, Drawing, Level, Load, TextLine, TooDetailed
from archdsl.backends.render.scene.finishing import finish
from archdsl.backends.render.scene.folding import Fold, fold_steps
from archdsl.backends.render.scene.fragment import Embedded, End, Fragment, Piece, Source, folded, form
from archdsl.backends.render.scene.reading import Readings, node_reads
from archdsl.backends.render.scene.split_frames import split_frames
from archdsl.ir import Network, Node, Region, Use

LIMIT, ARROWS, MANY = 600, 3, 120
"""The most boxes, and arrows a box: what Graphviz lays out in seconds, and more than a person looks at.
Where level `block` comes to `MANY` boxes, the definitions in a definition stay closed."""
Path = tuple[str, ...]
TOP, CLOSED = -1, 1
"""Depths: of what is in no frame and no definition (the network's own steps), and from which definitions stay closed."""
_TRUNK = 5
_MOST_OPEN = 6
"""More different blocks than this in a row stay closed: ten almost equal ones are not readable."""


def outline(network: Network, level: Level = "block", limit: int = LIMIT) -> Drawing:
    """The drawing of a network.

    Raises:
        TooDetailed: it would have more than `limit` boxes.
    """
    whole = _Outliner(network, level, limit).whole()
    if level == "block" and len(whole.boxes) > MANY:
        whole = _Outliner(network, level, limit, is_crowded=True).whole()
    return split_frames(finish(network, level, whole))


def blocks(network: Network, most: int) -> list[Drawing] | None:
    """The calls in the boxes of level `stage`, each opened, and what stays closed in them: one of every form.

    Calls of one definition that differ in numbers only have one form. None if there are none, or more than `most`.
    """
    outliner = _Outliner(network, "block", LIMIT)
    waiting = list(calls.inner_calls(network.root))
    found: dict[object, tuple[Region, Path]] = {}
    runs: dict[object, int] = {}
    try:
        for region, path, times in waiting:
            form = (calls.definition_of(region), outliner.form(region))
            if form not in found:
                found[form] = (region, path)
            runs[form] = runs.get(form, 0) + times
            if len(found) > most:
                return None
            waiting += [
                (use.region, (*path, *load.first), times * load.times * use.count) for load, use in outliner.closed_in(region)
            ]
    except TooDetailed:
        return None
    return [finish(network, "block", outliner.block(*found[form], runs[form])) for form in found] or None


class _Outliner:
    """Draws regions. A region is drawn once for each depth of definitions around it, then copied."""

    def __init__(self, network: Network, level: Level, limit: int, is_crowded: bool = False) -> None:
        self.network = network
        self.calls = calls.Calls(network)
        self.level: Level = level
        self.is_crowded = is_crowded
        self.limit = limit
        self.drawn: dict[tuple[int, int], Fragment | None] = {}
        self.layers: dict[int, int] = {}
        self.readings = Readings()

    def whole(self) -> Fragment:
        """The root region between its input and output boxes."""
        whole = Fragment(())
        sources = []
        for name, shape in self.network.inputs:
            sources.append(Source(whole.add(Box("input", (TextLine(name),), None, None, (captions.axes(shape),)))))
        piece = self.region(self.network.root, TOP)
        results, ends = whole.embed(piece, sources, None)
        if len(results) == 1:
            self._output(whole, End("output", results[0], False))
        else:
            for number, source in enumerate(results):
                self._output(whole, End(f"output {number}", source, False))
        for end, source in zip(piece.ends, ends, strict=True):
            self._output(whole, End(end.name, source, end.aux))
        return whole

    def _alone(self, region: Region) -> Fragment:
        """The drawing of a definition by itself."""
        return self.region(region, 0 if is_container(region) else CLOSED)

    def form(self, region: Region) -> object:
        """What the drawing of a call has in common with those that differ in numbers only."""
        return form(self._alone(region))

    def closed_in(self, region: Region) -> Iterator[tuple[Load, Use]]:
        """The calls that stay closed in the drawing of one."""
        for box in self._alone(region).boxes:
            for load in box.loads:
                if box.kind == "block" and isinstance(load.step, Use) and load.step.region.kind == "definition":
                    yield load, load.step

    def block(self, region: Region, path: Path, runs: int) -> Fragment:
        """The drawing of a call alone, in its frame, from open end to open end."""
        whole = Fragment(())
        shapes = [captions.axes(shape) for shape in region.input_shapes]
        feeds = [Source(whole.add(Box("input", (), None, None, (shape,)))) for shape in shapes]
        notes = (f"{runs} of this form",) if runs > 1 else ()
        frame = Cluster(self.calls.texts(region)[:1], notes, None)
        piece = folded([Piece(self._alone(region), 1, ".".join(path))])
        assert piece is not None
        for source in whole.embed(piece, feeds, frame).results:
            whole.lead(source, whole.add(Box("output", (), None, None, (whole.shape(source),))))
        return whole

    def _output(self, whole: Fragment, end: End) -> None:
        box = whole.add(Box("output", (TextLine(end.name),), None, None, (whole.shape(end.source),), aux=end.aux))
        whole.lead(end.source, box, "aux" if end.aux else "flow")

    def region(self, region: Region, depth: int) -> Fragment:
        """The drawing of a region that is inside `depth` definitions."""
        key = (id(region), depth)
        if key not in self.drawn:
            self.drawn[key] = None  # What failed once fails again, at once.
            self.drawn[key] = self._drawn(region, depth)
        piece = self.drawn[key]
        if piece is None:
            raise TooDetailed(self.level, self.limit)
        return piece

    def _drawn(self, region: Region, depth: int) -> Fragment:
        piece = Fragment(tuple(captions.axes(shape) for shape in region.input_shapes))
        sources = {number: Source(-number - 1) for number in range(region.inputs)}
        steps = list(fold_steps(region))
        if sum(self._opens(step, depth) for step in steps) > _MOST_OPEN:
            depth = max(depth, CLOSED)
        for step in steps:
            if isinstance(step, Node):
                box = self._node(piece, step, sources)
                sources.update({value: Source(box, port) for port, value in enumerate(step.outputs)})
            elif isinstance(step, (Use, Fold)):
                self._use(piece, step, sources, depth)
            if len(piece.boxes) > self.limit or len(piece.arrows) > ARROWS * self.limit:
                raise TooDetailed(self.level, self.limit)
        piece.results = tuple(sources[value] for value in region.results)
        piece.ends = [End(output.name, sources[output.value], output.aux) for output in region.outputs]
        if self.level != "layer":
            piece.merge_runs()
        return piece

    def _opens(self, step: Node | Use | Fold, depth: int) -> bool:
        """Whether level `block` would open this call of a definition."""
        use = step.uses[0] if isinstance(step, Fold) else step
        if self.level != "block" or not isinstance(use, Use) or use.region.kind != "definition" or depth >= CLOSED:
            return False
        region = use.region
        is_more = is_container(region) or calls.holds_roles(region) or (depth == TOP and is_trunk(region))
        return not is_more and not self._is_short(region, CLOSED)

    def _is_short(self, region: Region, depth: int) -> bool:
        try:
            return self.region(region, depth).is_short_chain
        except TooDetailed:
            return False

    def _node(self, piece: Fragment, node: Node, sources: dict[int, Source]) -> int:
        shapes = (captions.axes(node.site.y),) * len(node.outputs)
        loads = (Load(node, node.count, ((node.name,),)),)
        paint = node.operator.symbol.paint
        lines = captions.labeled(captions.node_lines(node), node.label)
        kind: Literal["join", "operator"] = "join" if node.operator.joins else "operator"
        box = piece.add(Box(kind, lines, paint, None, shapes, node.count, loads, hint=node.name))
        for position, value in enumerate(node.inputs):
            reading = node_reads(node, position)
            if reading == "flow" or reading == "aside":
                piece.lead(sources[value], box, reading)
        return box

    def _use(self, piece: Fragment, step: Use | Fold, sources: dict[int, Source], depth: int) -> None:
        uses = (step,) if isinstance(step, Use) else step.uses
        feeds = [sources[value] for value in uses[0].inputs]
        given = (
            self._closed(piece, uses, feeds) if self._stays_closed(uses[0], depth) else self._opened(piece, uses, feeds, depth)
        )
        if given is not None:
            sources.update(zip(uses[-1].outputs, (*given.results, *given.ends), strict=True))
            return
        for use in uses:
            self._use(piece, use, sources, depth)

    def _stays_closed(self, use: Use, depth: int) -> bool:
        region = use.region
        if self.level == "layer" or region.kind == "arch" or region.is_identity:
            return False
        if self.level == "stage":
            return not calls.holds_roles(region)
        is_inner = region.kind == "definition" and depth >= CLOSED
        return is_inner and not (self._is_single(region) or self._is_short(region, depth))

    def _is_single(self, region: Region) -> bool:
        """Whether its definition runs once in the whole network, so that nothing is drawn twice when it is open."""
        return not self.is_crowded and self.calls.runs[calls.definition_of(region)] == 1

    def _closed(self, piece: Fragment, uses: Sequence[Use], feeds: list[Source]) -> Embedded:
        """One box for a whole region: an arrow in for what it reads, a port for each value that it makes.

        What a region only passes on goes past its box.
        """
        region, last = uses[0].region, uses[-1].region
        passes = self.readings.passes(region) if len(uses) == 1 else ()
        leaving = (*last.results, *(output.value for output in last.outputs))
        made = [value for number, value in enumerate(leaving) if not passes or passes[number] is None]
        ports = {value: port for port, value in enumerate(dict.fromkeys(made))}
        shapes = tuple(captions.axes(last.shapes[value]) for value in ports)
        lines = calls.summary(uses[0], self.layers) if self.level == "stage" else calls.closed_title(uses[0])
        loads = tuple(Load(use, 1, ((use.name,),)) for use in uses)
        count = sum(use.count for use in uses)
        box = piece.add(Box("block", lines, None, None, shapes, count, loads, uses[0].aux, uses[0].name, uses[0].role))
        for number, source in enumerate(feeds):
            reading = self.readings.reads(region, number)
            if reading == "flow" or reading == "aside":
                piece.lead(source, box, "aux" if uses[0].aux and reading == "flow" else reading)
        given = [Source(box, ports[v]) if v in ports else feeds[passes[n]] for n, v in enumerate(leaving)]  # type: ignore[index]
        return Embedded(tuple(given[: len(last.results)]), tuple(given[len(last.results) :]))

    def _opened(self, piece: Fragment, uses: Sequence[Use], feeds: list[Source], depth: int) -> Embedded | None:
        """The region's own drawing, in a frame where one says something; None if several do not fold into one."""
        inner = self._depth_inside(uses[0], depth)
        body = folded([Piece(self.region(use.region, inner), use.count, use.name) for use in uses])
        if body is None:
            return None
        count = sum(use.count for use in uses)
        frame = self._frame(uses[0], body, count, depth)
        if frame is not None and (frame.role in calls.FRAMED_ROLES or frame.aux) and body.only_frame is not None:
            frame, body = _as_one(frame, body.only_frame), body.unframed()
        if frame is None and body.only_box is not None:
            body = body.as_one_box(count, uses[0].label)
        return piece.embed(body, feeds, frame)

    def _depth_inside(self, use: Use, depth: int) -> int:
        region = use.region
        is_open = is_container(region) and not self.is_crowded
        if region.kind == "definition" and not is_open and not calls.holds_roles(region):
            return depth if depth == TOP and is_trunk(region) else CLOSED
        stays_top = use.role not in calls.FRAMED_ROLES and not use.aux
        return depth if stays_top else max(depth, 0)

    def _frame(self, use: Use, body: Fragment, count: int, depth: int) -> Cluster | None:
        region = use.region
        if not body.boxes:
            return None
        if use.aux:
            return Cluster((use.name,), ("training only",), None, count, use.role, True)
        if use.role in calls.FRAMED_ROLES:
            notes = self.calls.texts(region) if region.kind == "definition" else calls.contents_note(region)
            return Cluster((use.name,), notes, None, count, use.role)
        if body.only_box is not None:
            return None
        if region.kind == "shared":
            return Cluster((f"{region.name}, {calls.SHARED}",), (), None, count)
        if region.kind == "definition" and not calls.holds_roles(region):
            if count == 1 and (depth >= CLOSED or (depth == TOP and is_trunk(region))):
                return None
            return Cluster(self.calls.texts(region), (), None, count, use.role)
        if region.parts != 1:
            how = "steps" if region.scans else "parts at once"
            title = f"{region.name.replace('_', ' ')}: {region.parts:,} {how}"
            return Cluster((title,), (), None, count, use.role)
        if count > 1 or (use.role is not None and region.kind != "repetition"):
            return Cluster(() if use.role is None and use.label is None else (use.name,), (), None, count, use.role)
        return None


def _as_one(frame: Cluster, inner: Cluster) -> Cluster:
    """One frame for a role and the only frame in it, whose title follows that of the role."""
    is_counted = inner.times > 1  # What runs several times is in the frame once.
    notes = inner.titles or (() if is_counted else frame.notes)
    return frame._replace(notes=frame.notes if frame.aux else notes, times=frame.times * inner.times)


def is_trunk(region: Region) -> bool:
    """It is so long that it reads as a network of its own (a backbone)."""
    return sum(isinstance(step, Use) and step.region.kind == "definition" for step in region.steps) >= _TRUNK


def is_container(region: Region) -> bool:
    """It computes nothing itself: it calls, repeats and groups."""
    return any(isinstance(step, Use) for step in region.steps) and not any(isinstance(step, Node) for step in region.steps)
