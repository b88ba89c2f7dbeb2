"""The network's tensors, made of a file's as a reading says. Must not look at their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archdsl.backends.torch.weights.expressions import DoesNotFit, Expression, evaluate, names_in
from archdsl.backends.torch.weights.readings import COUNTER, is_derived
from archdsl.backends.torch.weights.report import OtherShape

if TYPE_CHECKING:
    from torch import Tensor


def make(
    entries: Mapping[str, Expression], tensors: Mapping[str, Tensor], shapes: Mapping[str, tuple[int, ...]]
) -> tuple[dict[str, Tensor], list[OtherShape]]:
    """Our tensors, in our order, and those whose shape is not ours.

    Tables of positions are never made, since they follow from the network, and a counter of another shape does not matter.

    Args:
        entries: of what each is made; all of that is in `tensors`.
        shapes: of our tensors.
    """
    values: dict[str, Tensor] = {}
    others: list[OtherShape] = []
    for name, shape in shapes.items():
        if name not in entries or (is_derived(name) and not name.endswith(COUNTER)):
            continue
        try:
            value = evaluate(entries[name], tensors, shape)
            found = tuple(value.shape)
        except DoesNotFit:
            found = tuple(tensors[next(names_in(entries[name]))].shape)
        if found == shape:
            values[name] = value
        elif not is_derived(name):
            others.append(OtherShape(name, shape, found))
    return values, others
