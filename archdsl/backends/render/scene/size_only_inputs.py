"""Which values give no more than their size (`crop like=@x`): no arrow is drawn for them. Must not know drawings."""

from __future__ import annotations

from archdsl.ir import Declare, Node, Region


def reads_size(node: Node, position: int) -> bool:
    """Whether a node takes only the size of its input at a position."""
    return position > 0 and node.operator.size_only


def gives_size(region: Region, value: int, known: dict[tuple[int, int], bool]) -> bool:
    """Whether a value is used in a region, and only for its size. `known` keeps the answers, by the region's identity."""
    key = (id(region), value)
    if key not in known:
        known[key] = value not in region.results and value not in [output.value for output in region.outputs]
        uses = [_of_size(region, step, position, known) for step, position in _uses(region, value)]
        known[key] = known[key] and bool(uses) and all(uses)
    return known[key]


def _uses(region: Region, value: int) -> list[tuple[int, int]]:
    """The steps that take a value, and at which position."""
    found = []
    for number, step in enumerate(region.steps):
        if not isinstance(step, Declare):
            found += [(number, position) for position, taken in enumerate(step.inputs) if taken == value]
    return found


def _of_size(region: Region, number: int, position: int, known: dict[tuple[int, int], bool]) -> bool:
    step = region.steps[number]
    if isinstance(step, Node):
        return reads_size(step, position)
    return not isinstance(step, Declare) and gives_size(step.region, position, known)
