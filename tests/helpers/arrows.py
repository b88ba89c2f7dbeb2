"""The arrows that a picture must have, computed from the network step by step, and those that it has. Must not draw.

What a step takes is a fact of the IR; a picture contracts it to the boxes that stand for steps. Nothing here looks at how the
drawing code finds its arrows: it follows values through the regions and asks each box for the steps that it stands for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from archdsl.backends.render.scene.drawing import Arrow, Box, Drawing
from archdsl.ir import Declare, Network, Node, Region
from archdsl.shapes import Shape

Path = tuple[str, ...]
"""The names of the steps that lead to a node; of an input or output its kind and number."""


class Value(NamedTuple):
    maker: Path
    number: int
    shape: Shape


class Read(NamedTuple):
    value: Value
    reader: Path
    is_position: bool


def reads(region: Region, path: Path = ()) -> list[Read]:
    """Every use of a value's numbers, or of its positions, by a node of a region or as one of its results and outputs."""
    found: list[Read] = []
    feeds = [Value(("input", str(number)), 0, shape) for number, shape in enumerate(region.input_shapes)]
    leaving = _followed(region, path, feeds, found)
    found += [Read(value, ("output", str(number)), False) for number, value in enumerate(leaving)]
    return found


def _followed(region: Region, path: Path, feeds: Sequence[Value], found: list[Read]) -> list[Value]:
    values = dict(enumerate(feeds))
    for step in region.steps:
        if isinstance(step, Declare):
            continue
        here = (*path, step.name)
        if isinstance(step, Node):
            operator = step.operator
            for position, number in enumerate(step.inputs):
                if position not in operator.sizes_of(step.site):
                    found.append(Read(values[number], here, position > 0 and operator.positions == "takes"))
            values |= {number: Value(here, port, step.site.y) for port, number in enumerate(step.outputs)}
        else:
            values |= zip(step.outputs, _followed(step.region, here, [values[n] for n in step.inputs], found), strict=True)
    return [values[number] for number in (*region.results, *(output.value for output in region.outputs))]


Between = tuple[int, int]
"""A tail and a head."""


def wanted(region: Region, drawing: Drawing, path: Path = ()) -> dict[Between, list[tuple[Read, ...]]]:
    """For each two boxes the values that go from one to the other; those of folded runs, which differ in shape, together."""
    stands_for = _places(drawing)
    groups: dict[Between, dict[object, list[Read]]] = defaultdict(lambda: defaultdict(list))
    for read in reads(region, path):
        tail, head = _box(stands_for, read.value.maker), _box(stands_for, read.reader)
        if tail == head or _between_runs(drawing, read, tail, head):
            continue
        folded = _runs(drawing, read.value.maker, tail) & _runs(drawing, read.reader, head)
        key = (min(folded), read.value.number) if len(folded) > 1 else (read.value.maker, read.value.number)
        groups[tail, head][key].append(read)
    return {ends: [tuple(group) for group in found.values()] for ends, found in groups.items()}


def places(box: Box) -> list[Path]:
    """The paths of the steps that a box represents."""
    return [path for load in box.loads for path in product(*load.path)]


def _places(drawing: Drawing) -> dict[Path, int]:
    found: dict[Path, int] = {}
    for kind in ("input", "output"):
        boxes = [number for number, box in enumerate(drawing.boxes) if box.kind == kind]
        found |= {(kind, str(position)): number for position, number in enumerate(boxes)}
    for number, box in enumerate(drawing.boxes):
        for path in places(box):
            assert path not in found, f"two boxes are {path}"
            found[path] = number
    return found


def _box(stands_for: dict[Path, int], path: Path) -> int:
    """The box that stands for a node, or for a region around it."""
    return next(stands_for[path[:length]] for length in range(len(path), 0, -1) if path[:length] in stands_for)


def _between_runs(drawing: Drawing, read: Read, tail: int, head: int) -> bool:
    """Whether a value goes from one run to the next of runs that are drawn once: both boxes stand for steps in both."""
    made, used = read.value.maker, read.reader
    depth = next(depth for depth, (a, b) in enumerate(zip(made, used, strict=False)) if a != b)
    runs = {made[: depth + 1], used[: depth + 1]}
    there = [{path[: depth + 1] for path in places(drawing.boxes[box])} for box in (tail, head)]
    return all(runs <= some for some in there) and all(len(path) > depth + 1 for path in (made, used))


def _runs(drawing: Drawing, path: Path, box: int) -> frozenset[Path]:
    """The outermost runs of which a box shows several, one of which holds a node."""
    whole = places(drawing.boxes[box])
    for depth in range(len(path) - 1):
        runs = {place[: depth + 1] for place in whole if place[:depth] == path[:depth] and len(place) > depth + 1}
        if len(runs) > 1:
            return frozenset(runs)
    return frozenset()


def drawn(drawing: Drawing) -> dict[Between, list[Arrow]]:
    """For each two boxes the arrows between them, branching points seen through."""
    into: dict[int, Arrow] = {}
    for arrow in drawing.arrows:
        if drawing.boxes[arrow.head].kind == "fork":
            assert arrow.head not in into, "two values meet in a branching point"
            into[arrow.head] = arrow
    found: dict[Between, list[Arrow]] = defaultdict(list)
    for arrow in drawing.arrows:
        if drawing.boxes[arrow.head].kind != "fork":
            start = arrow
            while drawing.boxes[start.tail].kind == "fork":
                start = into[start.tail]
            found[start.tail, arrow.head].append(arrow)
    return found


def runs(network: Network) -> dict[Path, int]:
    """How often each step runs in the whole network."""
    found: dict[Path, int] = {}

    def walk(region: Region, path: Path, times: int) -> None:
        for step in region.steps:
            if not isinstance(step, Declare):
                found[(*path, step.name)] = times * step.count
                if not isinstance(step, Node):
                    walk(step.region, (*path, step.name), times * step.count)

    walk(network.root, (), 1)
    return found


def one_step(box: Box) -> list[list[Path]]:
    """The steps that a box stands for, those of folded runs together: their paths differ in the name of the run alone."""
    steps: dict[Path, list[Path]] = {path: [path] for path in places(box)}
    for depth in range(max(map(len, steps), default=0)):
        together: dict[Path, list[Path]] = defaultdict(list)
        for path, some in steps.items():
            is_run = depth < len(path) - (box.kind != "block")
            together[(*path[:depth], "*", *path[depth + 1 :]) if is_run else path] += some
        steps = together if len(together) < len(steps) else steps
    return list(steps.values())
