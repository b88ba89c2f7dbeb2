"""Frames too long for a column, cut into several that continue each other. Must not know where anything is."""

from __future__ import annotations

from archdsl.backends.render.scene.drawing import Cluster, Drawing

MOST = 40
"""Boxes in an outermost frame: the number that a column of a legible picture holds."""


def split_frames(drawing: Drawing) -> Drawing:
    """The same drawing with long outermost frames in pieces: `stage3`, `stage3, continued`. Cut where one value crosses."""
    inside: dict[int, list[int]] = {}
    for number in range(len(drawing.boxes)):
        frame = drawing.outermost(number)
        if frame is not None:
            inside.setdefault(frame, []).append(number)
    piece_of: dict[int, int] = {}
    for frame, boxes in inside.items():
        if len(boxes) > MOST and not drawing.clusters[frame].aux:
            piece_of |= _pieces(drawing, frame, boxes)
    return _with_pieces(drawing, piece_of) if any(piece_of.values()) else drawing


def _pieces(drawing: Drawing, frame: int, boxes: list[int]) -> dict[int, int]:
    """For each box of a frame the number of its piece; pieces are about equally long."""
    groups: dict[object, list[int]] = {}
    for box in boxes:
        inner = [around for around in drawing.frames_around(box) if drawing.clusters[around].parent == frame]
        groups.setdefault(("frame", inner[0]) if inner else box, []).append(box)
    ordered = list(groups.values())
    room = len(boxes) / -(-len(boxes) // MOST)
    found: dict[int, int] = {}
    piece, length = 0, 0
    for position, group in enumerate(ordered):
        if length and length + len(group) / 2 > room and _may_cut(drawing, ordered, position):
            piece, length = piece + 1, 0
        length += len(group)
        found |= dict.fromkeys(group, piece)
    return found


def _may_cut(drawing: Drawing, groups: list[list[int]], position: int) -> bool:
    """Whether a frame may end before a group: only one value continues, not from a branching point or auxiliary head."""
    before = {box for group in groups[:position] for box in group}
    after = {box for group in groups[position:] for box in group}
    crossing = {arrow.tail for arrow in drawing.arrows if arrow.tail in before and arrow.head in after}
    last = groups[position - 1]
    return (
        len(crossing) == 1 and not any(drawing.boxes[box].kind == "fork" for box in crossing) and not drawing.boxes[last[0]].aux
    )


def _with_pieces(drawing: Drawing, piece_of: dict[int, int]) -> Drawing:
    """A frame for each piece; frames inside go with their boxes."""
    pieces: dict[int, int] = {}
    for box, piece in piece_of.items():
        for frame in drawing.frames_around(box):
            pieces[frame] = max(pieces.get(frame, 0), piece)
    place: dict[tuple[int, int], int] = {}
    clusters: list[Cluster] = []
    for number, cluster in enumerate(drawing.clusters):
        copies = range(pieces.get(number, 0) + 1) if cluster.parent is None else (pieces.get(number, 0),)
        for piece in copies:
            place[number, piece] = len(clusters)
            parent = None if cluster.parent is None else place[cluster.parent, piece]
            clusters.append(cluster._replace(parent=parent) if piece == 0 or parent is not None else _continued(cluster))
    boxes = [
        box if box.cluster is None else box._replace(cluster=place[box.cluster, piece_of.get(number, 0)])
        for number, box in enumerate(drawing.boxes)
    ]
    return drawing._replace(boxes=tuple(boxes), clusters=tuple(clusters))


def _continued(cluster: Cluster) -> Cluster:
    return cluster._replace(titles=(f"{cluster.titles[0]}, continued", *cluster.titles) if cluster.titles else (), notes=())
