"""Several drawings as one, with new numbers for their parts. Must not know where anything is."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.render.scene.drawing import Drawing
from archdsl.records import NamedTuple


class Offset(NamedTuple):
    """By how much the numbers of a drawing's boxes, arrows and clusters grow when it is joined to others."""

    boxes: int
    arrows: int
    clusters: int


def joined(drawings: Sequence[Drawing]) -> tuple[Drawing, list[Offset]]:
    """One drawing, named as the first, and where the parts of each are in it."""
    first = drawings[0]
    whole, offsets = first._replace(boxes=(), arrows=(), clusters=(), main=frozenset()), []
    for drawing in drawings:
        at = Offset(len(whole.boxes), len(whole.arrows), len(whole.clusters))
        offsets.append(at)
        boxes = [box if box.cluster is None else box._replace(cluster=box.cluster + at.clusters) for box in drawing.boxes]
        arrows = [arrow._replace(tail=arrow.tail + at.boxes, head=arrow.head + at.boxes) for arrow in drawing.arrows]
        clusters = [one if one.parent is None else one._replace(parent=one.parent + at.clusters) for one in drawing.clusters]
        whole = whole._replace(
            boxes=(*whole.boxes, *boxes),
            arrows=(*whole.arrows, *arrows),
            clusters=(*whole.clusters, *clusters),
            main=whole.main | {number + at.arrows for number in drawing.main},
        )
    return whole, offsets
