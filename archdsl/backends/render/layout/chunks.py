"""A drawing cut into units: pieces that only a few arrows join, in the order of the flow. Must not know sizes.

A unit is laid out by itself; `columns.py` puts the units beside each other. A cut is made where the flow is one value wide.
Beside it may pass values that bridge a lower resolution to a finer one (the long skips of a U-Net), and mere positions: their
arrows run outside the units. An auxiliary head goes with what follows it, so that it is beside the flow, not in it.
"""

from __future__ import annotations

from archdsl.backends.render.scene.drawing import Drawing, resolution
from archdsl.records import NamedTuple

_Value = tuple[int, int]
"""A box, and which of the values that it gives."""


class Unit(NamedTuple):
    """Boxes that are laid out together.

    Attributes:
        starts_role: its first frame is a stem, a stage, a neck or a head: a good place to begin a column.
        is_end: it is nothing but inputs, or outputs.
        size: what its result measures: the height of a `[C, H, W]`; None if that is not a number.
    """

    boxes: tuple[int, ...]
    starts_role: bool
    is_end: bool
    size: int | None


def units(drawing: Drawing) -> list[Unit]:
    """Cut a drawing; the units hold every box once."""
    groups = _groups(drawing)
    group_of = {box: position for position, group in enumerate(groups) for box in group}
    cuts = _cuts(drawing, groups, group_of)
    found: list[list[int]] = [[]]
    for position, group in enumerate(groups):
        found[-1] += group
        if position in cuts:
            found.append([])
    return [_unit(drawing, sorted(boxes)) for boxes in _without_dead_ends(drawing, found)]


def whole_unit(drawing: Drawing) -> Unit:
    """All of a small drawing as one unit."""
    return _unit(drawing, list(range(len(drawing.boxes))))


def _groups(drawing: Drawing) -> list[list[int]]:
    """Boxes in one outermost frame, and single ones; further inputs are placed with what reads them first."""
    readers: dict[int, int] = {}
    for arrow in drawing.arrows:
        readers[arrow.tail] = min(arrow.head, readers.get(arrow.tail, arrow.head))
    late = {number: readers.get(number, number) for number, box in enumerate(drawing.boxes) if number and box.kind == "input"}

    def key(box: int) -> object:
        frame = drawing.outermost(box)
        return ("frame", frame) if frame is not None else box

    groups: dict[object, list[int]] = {}
    for number in sorted(range(len(drawing.boxes)), key=lambda box: late.get(box, box)):
        groups.setdefault(key(late.get(number, number)), []).append(number)
    return list(groups.values())


def _cuts(drawing: Drawing, groups: list[list[int]], group_of: dict[int, int]) -> set[int]:
    """Positions after which the sequence of groups may be cut."""
    sizes = [resolution(drawing.boxes[group[-1]].shape) for group in groups]
    ends: dict[_Value, int] = {}
    for arrow in drawing.arrows:
        if arrow.kind != "aside":
            value = (arrow.tail, arrow.port)
            ends[value] = max(ends.get(value, 0), group_of[arrow.head])
    crossing: list[set[_Value]] = [set() for _ in groups]
    for value, last in ends.items():
        for position in range(group_of[value[0]], last):
            crossing[position].add(value)
    read_next: list[set[_Value]] = [set() for _ in groups]
    for arrow in drawing.arrows:
        read_next[group_of[arrow.head]].add((arrow.tail, arrow.port))

    def bridges(value: _Value) -> bool:
        start, end = group_of[value[0]], ends[value]
        own = resolution(drawing.boxes[value[0]].shapes[value[1]])
        between = [size for size in sizes[start + 1 : end] if size is not None and own is not None and size < own]
        after = sizes[end]
        return bool(between) and after is not None and after > min(between)

    cuts: set[int] = set()
    for position in range(len(groups) - 1):
        start = max(cuts, default=-1)
        here = {value for value in crossing[position] if group_of[value[0]] > start}
        feeding = here & read_next[position + 1]
        others_bridge = all(bridges(value) for value in crossing[position] - feeding)
        is_fork = len(groups[position]) == 1 and drawing.boxes[groups[position][0]].kind == "fork"
        is_aside = all(drawing.boxes[box].aux for box in groups[position])
        if len(feeding) == 1 and others_bridge and not is_fork and not is_aside:
            cuts.add(position)
    return cuts


def _without_dead_ends(drawing: Drawing, found: list[list[int]]) -> list[list[int]]:
    """An auxiliary unit that leads nowhere joins the one that it reads."""
    where = {box: position for position, boxes in enumerate(found) for box in boxes}
    links = [(where[arrow.tail], where[arrow.head]) for arrow in drawing.arrows]
    goes_on = {start for start, end in links if start != end}
    kept = [list(boxes) for boxes in found]
    for position in reversed(range(len(found))):
        read = [start for start, end in links if end == position != start]
        if read and position not in goes_on and all(drawing.boxes[box].aux for box in found[position]):
            kept[max(read)] += kept[position]
            kept[position] = []
    return [boxes for boxes in kept if boxes]


def _unit(drawing: Drawing, boxes: list[int]) -> Unit:
    kinds = {drawing.boxes[box].kind for box in boxes}
    inner = [box for box in boxes if drawing.boxes[box].kind not in ("input", "output") and not drawing.boxes[box].aux]
    frames = [frame for box in inner if (frame := drawing.outermost(box)) is not None]
    starts = bool(frames) and drawing.clusters[frames[0]].role is not None
    size = resolution(drawing.boxes[inner[-1]].shape) if inner else None
    return Unit(tuple(boxes), starts, kinds == {"output"} or kinds == {"input"}, size)
