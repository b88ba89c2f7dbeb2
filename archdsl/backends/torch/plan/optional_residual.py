"""Definitions whose last step adds their input only at times (`residual when=…`). Must not compare them."""

from __future__ import annotations

from archdsl.ir import Declare, Node, Region
from archdsl.records import replace


def without_tail(region: Region) -> Region | None:
    """The body of a definition whose last step adds the input to what the others make; None if it has no such step."""
    last = region.steps[-1] if region.steps else None
    if region.kind != "definition" or region.inputs != 1 or region.outputs or not isinstance(last, Node):
        return None
    if (
        last.operator.name != "add"
        or region.results != (last.output,)
        or sorted(last.inputs)[:1] != [0]
        or len(last.inputs) != 2
    ):
        return None
    result = max(last.inputs)
    reads = [value for step in region.steps if not isinstance(step, Declare) for value in step.inputs]
    if result == 0 or reads.count(result) != 1:
        return None
    return replace(region, steps=region.steps[:-1], results=(result,))
