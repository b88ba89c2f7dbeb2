"""The layers that weigh most in a metric, as text for a message. Must not check contracts."""

from __future__ import annotations

from archdsl.analysis.metrics.named import Measures
from archdsl.analysis.metrics.parts import Part
from archdsl.analysis.rows import Layer, Scale, TooManyLayers, layers
from archdsl.analysis.unavailable import Unavailable
from archdsl.ir import Node
from archdsl.shapes import Dim

COUNT = 3


def heaviest_layers(measures: Measures, metric: str, part: Part, operator: str | None) -> tuple[str, ...]:
    """`stage4.0.conv2 weighs most: 2,359,296 of 25,557,032 (9.2 %)`, and the next two. Formulas cannot be ranked: nothing."""
    name, aux = metric.removesuffix(".aux"), metric.endswith(".aux")
    found: list[tuple[int, Layer]] = []
    whole = 0
    try:
        listed = layers(measures, Scale())
    except TooManyLayers as error:
        return (str(error),)
    for layer in listed:
        if layer.aux != aux or not _inside(layer, part) or (operator is not None and layer.op != operator):
            continue
        weight: Dim = getattr(layer, name)
        if not isinstance(weight, int):
            return ()
        whole += weight * layer.times
        found.append((weight, layer))
    found.sort(key=lambda item: -item[0])
    heavy = [(weight, layer) for weight, layer in found[:COUNT] if weight]
    if not heavy:
        return (f"no layer counts in `{metric}`",)
    words = [f"`{layer.name}` {weight:,} ({_share(weight, whole)}){_times(layer)}" for weight, layer in heavy]
    return ("the heaviest layers: " + ", ".join(words),)


def worst_moment(measures: Measures, part: Part) -> tuple[str, ...]:
    """Where the worst moment of a part is."""
    if isinstance(part.target, Node):
        return ()
    moment = measures.peak(part.target)
    if isinstance(moment, Unavailable) or not moment.where:
        return ()
    return (f"the worst moment is at `{'.'.join((*filter(None, [part.name]), *moment.where))}`",)


def _inside(layer: Layer, part: Part) -> bool:
    return not part.name or layer.name == part.name or layer.name.startswith(part.name + ".")


def _times(layer: Layer) -> str:
    return f" x{layer.times:,}" if layer.times != 1 else ""


def _share(weight: int, whole: int) -> str:
    return f"{100 * weight / whole:.1f} %"
