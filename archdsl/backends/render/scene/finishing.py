"""The last touches on a drawing: branching points, shapes on arrows, which arrows are skips. Must not know sizes on paper."""

from __future__ import annotations

from archdsl.backends.render.scene.captions import axes_text
from archdsl.backends.render.scene.drawing import Arrow, Axes, Box, Cluster, Drawing, Level, resolution
from archdsl.backends.render.scene.fragment import Fragment
from archdsl.ir import Network

_FEW = 2


def finish(network: Network, level: Level, whole: Fragment) -> Drawing:
    """Freeze a fragment that has no open ends."""
    flows = {(arrow.tail, arrow.head) for arrow in whole.arrows if arrow.kind == "flow"}
    once = dict.fromkeys(whole.arrows)  # A value may be an operand twice.
    # Positions go unseen beside the values of the same pool.
    single = [arrow for arrow in once if arrow.kind != "aside" or (arrow.tail, arrow.head) not in flows]
    boxes, arrows = _forked(_with_aux_outputs(whole), single, whole.clusters)
    arrows = _labeled(boxes, _kinds(boxes, arrows))
    title = str(network.meta.get("title") or network.name)
    return Drawing(network.name, title, level, tuple(boxes), tuple(arrows), tuple(whole.clusters), _main(arrows))


def _main(arrows: list[Arrow]) -> frozenset[int]:
    """The arrows that go straight on."""
    leaving: dict[int, list[int]] = {}
    coming: dict[int, list[int]] = {}
    for number, arrow in enumerate(arrows):
        if arrow.kind == "flow":
            leaving.setdefault(arrow.tail, []).append(number)
            coming.setdefault(arrow.head, []).append(number)
    firsts = {ways[0] for ways in leaving.values() if len(ways) <= _FEW}
    return frozenset(firsts & {ways[0] for ways in coming.values() if len(ways) <= _FEW})


def _with_aux_outputs(whole: Fragment) -> list[Box]:
    """The output of an auxiliary head is in its frame."""
    boxes = list(whole.boxes)
    for arrow in whole.arrows:
        if boxes[arrow.head].kind == "output" and boxes[arrow.head].aux:
            frame = boxes[arrow.tail].cluster
            while frame is not None and not whole.clusters[frame].aux:
                frame = whole.clusters[frame].parent
            boxes[arrow.head] = boxes[arrow.head]._replace(cluster=frame)
    return boxes


def _forked(boxes: list[Box], arrows: list[Arrow], clusters: list[Cluster]) -> tuple[list[Box], list[Arrow]]:
    """A point after every box whose value goes several ways; long skips start at the box itself."""
    ways: dict[tuple[int, int], list[int]] = {}
    for number, arrow in enumerate(arrows):
        is_within = _outermost(clusters, boxes[arrow.tail]) == _outermost(clusters, boxes[arrow.head]) is not None
        if boxes[arrow.tail].kind != "fork" and (is_within or not _bridges(boxes, arrow)):
            ways.setdefault((arrow.tail, arrow.port), []).append(number)
    new_boxes: list[Box] = []
    place: list[int] = []
    new_arrows = list(arrows)
    forks: dict[tuple[int, int], int] = {}
    for number, box in enumerate(boxes):
        place.append(len(new_boxes))
        new_boxes.append(box)
        for port, shape in enumerate(box.shapes):
            heads = [arrows[way].head for way in ways.get((number, port), ())]
            if len(heads) > 1:
                frame = _common(clusters, [box.cluster, *(boxes[head].cluster for head in heads)])
                forks[number, port] = len(new_boxes)
                new_boxes.append(Box("fork", (), None, frame, (shape,), aux=box.aux))
    for number, arrow in enumerate(arrows):
        source = (arrow.tail, arrow.port)
        if source in forks and number in ways[source]:
            new_arrows[number] = arrow._replace(tail=forks[source], head=place[arrow.head], port=0)
        else:
            new_arrows[number] = arrow._replace(tail=place[arrow.tail], head=place[arrow.head])
    new_arrows += [Arrow(place[tail], fork, boxes[tail].shapes[port], port=port) for (tail, port), fork in forks.items()]
    return new_boxes, new_arrows


def _outermost(clusters: list[Cluster], box: Box) -> int | None:
    frame = box.cluster
    while frame is not None and (parent := clusters[frame].parent) is not None:
        frame = parent
    return frame


def _bridges(boxes: list[Box], arrow: Arrow) -> bool:
    """Whether it passes by boxes of a lower resolution to a finer one."""
    own = resolution(boxes[arrow.tail].shape)
    after = resolution(boxes[arrow.head].shape)
    sizes = [resolution(box.shape) for box in boxes[arrow.tail + 1 : arrow.head] if not box.aux]
    between = [size for size in sizes if size is not None and own is not None and size < own]
    return bool(between) and after is not None and after > min(between)


def _common(clusters: list[Cluster], frames: list[int | None]) -> int | None:
    """The innermost frame around all of these."""

    def around(frame: int | None) -> list[int]:
        found = []
        while frame is not None:
            found.append(frame)
            frame = clusters[frame].parent
        return found

    shared = [frame for frame in around(frames[0]) if all(frame in around(other) for other in frames[1:])]
    return shared[0] if shared else None


def heights(count: int, arrows: list[Arrow]) -> list[int]:
    """The length of the longest path to each box; arrows point forward."""
    found = [0] * count
    for arrow in sorted(arrows, key=lambda arrow: arrow.head):
        found[arrow.head] = max(found[arrow.head], found[arrow.tail] + 1)
    return found


def _kinds(boxes: list[Box], arrows: list[Arrow]) -> list[Arrow]:
    """A value that goes around others straight into a join is a skip."""
    height = heights(len(boxes), arrows)

    def kind(arrow: Arrow) -> Arrow:
        goes_around = height[arrow.head] - height[arrow.tail] > 1
        if boxes[arrow.head].aux and not boxes[arrow.tail].aux:
            return arrow._replace(kind="aux")
        if arrow.kind == "flow" and goes_around and boxes[arrow.head].kind == "join":
            return arrow._replace(kind="skip")
        return arrow

    return [kind(arrow) for arrow in arrows]


def _labeled(boxes: list[Box], arrows: list[Arrow]) -> list[Arrow]:
    """A shape is written where it is new: on one arrow of each value whose box changes it."""
    coming: dict[int, set[Axes]] = {}
    for arrow in arrows:
        coming.setdefault(arrow.head, set()).add(arrow.shape)
    labeled: dict[tuple[int, int], int] = {}
    for position, arrow in enumerate(arrows):
        is_news = boxes[arrow.tail].kind != "fork" and coming.get(arrow.tail) != {arrow.shape}
        best = labeled.get((arrow.tail, arrow.port))
        if is_news and (best is None or (arrows[best].kind != "flow" and arrow.kind == "flow")):
            labeled[arrow.tail, arrow.port] = position
    chosen = set(labeled.values())
    return [
        arrow._replace(label=axes_text(arrow.shape)) if position in chosen else arrow for position, arrow in enumerate(arrows)
    ]
