"""Time by the roofline: a layer takes as long as its arithmetic or its bytes, whichever is slower. Must not measure.

Williams, Waterman, Patterson, "Roofline: an insightful visual performance model", CACM 2009. Every layer reads its inputs and
parameters and writes its output once, as an unfused program does; views and what passes its input on move nothing. It is a
lower bound: it does not count the start of kernels or their inefficiency.
"""

from __future__ import annotations

from typing import Literal

from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.totals import node_totals
from archdsl.analysis.questions.devices import Device
from archdsl.analysis.rows import Layer
from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, numel


class Timing(NamedTuple):
    """One layer on a device; `seconds` is for all of its runs, `bytes` and `flops` are for one."""

    layer: Layer
    flops: int
    bytes: int
    seconds: float
    bound: Literal["compute", "memory"]


class Roofline(NamedTuple):
    """A network on a device."""

    device: Device
    dtype: str
    timings: list[Timing]

    @property
    def seconds(self) -> float:
        """The time of all layers, one after the other."""
        return sum(timing.seconds for timing in self.timings)

    def share(self, bound: str) -> float:
        """The share of the time in layers that are bound by `compute` or `memory`."""
        return sum(timing.seconds for timing in self.timings if timing.bound == bound) / (self.seconds or 1.0)


def roofline(cost: Cost, device: Device) -> Roofline:
    """The predicted time of one inference with the batch and dtype of the cost.

    Raises:
        UnknownChoice: the device has no figure for the dtype.
        Refusal: dimensions are free.
    """
    if cost.dtype not in device.flops:
        raise UnknownChoice(f"figure of `{device.name}` for", cost.dtype, device.flops)
    timings = []
    for layer in cost.folded_rows:
        if layer.aux or layer.declared:
            continue
        moved, flops = _bytes(layer, cost), layer.flops
        if not isinstance(moved, int) or not isinstance(flops, int):
            raise Refusal("a time needs numbers: give the free dimensions sizes with `--input`")
        compute, memory = flops / device.flops[cost.dtype], moved / device.bandwidth
        seconds = max(compute, memory) * layer.times
        timings.append(Timing(layer, flops, moved, seconds, "compute" if compute >= memory else "memory"))
    return Roofline(device, cost.dtype, timings)


def _bytes(layer: Layer, cost: Cost) -> Dim:
    operator = layer.node.operator
    if operator.views(layer.node.site) or operator.symbol.paint == "regularise":
        return 0
    moved = numel(layer.output)
    for shape in layer.inputs:
        moved = moved + numel(shape)
    totals = node_totals(layer.node)
    return (moved * layer.parts * cost.batch + totals.params + totals.buffers) * cost.item_bytes
