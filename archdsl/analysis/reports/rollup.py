"""Sums of layers by block, stage, operator or role, in the order of the program. Must not print."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.receptive_field import Seen
from archdsl.analysis.reports.conventions import Convention
from archdsl.analysis.rows import Layer
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Shape

BY = ("layer", "block", "stage", "op", "role")


class Subtotal(NamedTuple):
    """Layers that belong together; the numbers are sums over all of their runs.

    Attributes:
        times: how often the group runs in sequence, if that is the same for all of it (`stage1.1 x2`).
        caption: what a single layer does; for several, how many they are.
        inputs, output: the shapes of the first and last value; () if the layers do not follow each other.
        operations: what the convention counts.
    """

    name: str
    times: int
    caption: str
    inputs: tuple[Shape, ...]
    output: Shape
    params: Dim
    macs: Dim
    operations: Dim
    flops: Dim
    memory: Dim
    seen: Seen | None
    aux: bool


def rollup(cost: Cost, by: str, counted: Convention) -> list[Subtotal]:
    """The groups in the order in which they first run; those of auxiliary heads last.

    Raises:
        UnknownChoice: `by` is not one of `BY`.
    """
    if by not in BY:
        raise UnknownChoice("roll-up", by, BY)
    layers = sorted(cost.folded_rows, key=lambda layer: layer.aux)
    if by == "layer":
        return [_group([layer], layer.name, layer.times, counted, cost.batch) for layer in layers]
    key, ordered = KEYS[by]
    groups: dict[tuple[str, int, bool], list[Layer]] = {}
    for layer in layers:
        times = layer.times if by == "block" and layer.block else 1
        groups.setdefault((key(layer), times, layer.aux), []).append(layer)
    return [_group(group, name, times, counted, cost.batch, ordered) for (name, times, _), group in groups.items()]


KEYS: dict[str, tuple[Callable[[Layer], str], bool]] = {
    "block": (lambda layer: layer.block or layer.stage, True),
    "stage": (lambda layer: layer.stage, True),
    "op": (lambda layer: layer.op, False),
    "role": (lambda layer: layer.role or "(none)", False),
}

"""For each roll-up: what a layer is counted under, and whether layers under one name follow each other."""


def _group(layers: list[Layer], name: str, times: int, counted: Convention, batch: int, ordered: bool = True) -> Subtotal:
    many = sum(layer.times for layer in layers) // times
    caption = layers[0].caption if len(layers) == 1 and many == 1 else f"{many:,} layers"
    return Subtotal(
        name=name,
        times=times,
        caption=caption,
        inputs=layers[0].inputs if ordered else (),
        output=layers[-1].output if ordered else (),
        params=_sum(layer.params * layer.times for layer in layers),
        macs=_sum(layer.macs * layer.times for layer in layers),
        operations=_sum(operations(layer, counted) * (layer.times * batch) for layer in layers),
        flops=_sum(layer.flops * layer.times for layer in layers),
        memory=_sum(layer.memory * layer.times for layer in layers),
        seen=layers[-1].seen if ordered else None,
        aux=layers[0].aux,
    )


def operations(layer: Layer, counted: Convention) -> Dim:
    """What the convention counts for one run of a layer, batch 1; nothing if it is only declared."""
    return 0 if layer.declared else counted.of_node(layer.node) * layer.parts


def _sum(amounts: Iterable[Dim]) -> Dim:
    whole: Dim = 0
    for amount in amounts:
        whole = whole + amount
    return whole
