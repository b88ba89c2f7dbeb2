"""One step computed: its shape, parameters, MACs and receptive field with its numbers in the formulas. Must not print.

The formulas come from the operator's own facets: the window gives the output's size, the tensors the parameters.
"""

from __future__ import annotations

from archdsl.analysis.rows import Layer
from archdsl.ops.operator import Tensor
from archdsl.ops.windows import extent, pairs, sides
from archdsl.records import NamedTuple
from archdsl.shapes import AXIS_NAMES, Dim, floor_divide, shape_text, spatial_axes
from archdsl.text import Source


class Derivation(NamedTuple):
    """A layer, and lines (title, text) that derive its figures; `others` are equal uses elsewhere."""

    layer: Layer
    lines: tuple[tuple[str, str], ...]
    others: tuple[str, ...]


def derive_line(layers: list[Layer], source: Source, line: int) -> list[Derivation]:
    """Every different use of an operator that is written on a line of the text.

    Uses with equal inputs and settings are derived once; the others are named.
    """
    first: dict[object, Layer] = {}
    same: dict[object, list[str]] = {}
    for layer in layers:
        span = layer.node.span
        if span.source.name != source.name or not span.place.line <= line <= _last_line(layer):
            continue
        key = (span.start, tuple(layer.inputs), layer.output)
        if key in first:
            same[key].append(layer.name)
        else:
            first[key], same[key] = layer, []
    return [Derivation(layer, _lines(layer), tuple(same[key])) for key, layer in first.items()]


def _last_line(layer: Layer) -> int:
    """The last line of a call; its branches stand for themselves."""
    span, call = layer.node.span, layer.node.call
    end = span.end if call is None or call.body is None else call.body.start
    return span.source.place(max(span.start, end - 1)).line


def _lines(layer: Layer) -> tuple[tuple[str, str], ...]:
    lines = [("output", _output(layer))]
    lines += [("", text) for text in _sizes(layer)]
    lines.append(("parameters", _parameters(layer)))
    lines.append(("MACs", _macs(layer)))
    if layer.seen is not None:
        lines.append(("receptive field", layer.seen.in_words))
    return tuple(lines)


def _output(layer: Layer) -> str:
    return f"{shape_text(layer.output)} from {' and '.join(shape_text(shape) for shape in layer.inputs)}"


def _sizes(layer: Layer) -> list[str]:
    """The sizes of the output's spatial axes from the window: (H + before + after - span)//stride + 1.

    A transposed window turns it round: (H - 1)*stride + span - before - after + output_pad.
    """
    a, x = layer.node.site.a, layer.inputs[0]
    if "pad" not in a or "stride" not in a or "k" not in a:
        return []
    names, spans = AXIS_NAMES[len(x)], extent(a)
    form = _transposed if "output_pad" in a else _size
    more = a.output_pad if "output_pad" in a else (0,) * len(spans)
    axes = zip(spatial_axes(x), pairs(sides(a, x)), spans, a.stride, more, strict=True)
    return [
        f"{names[axis]} {form(x[axis], around, span, stride, (layer.output[axis], further))}"
        for axis, around, span, stride, further in axes
    ]


def _transposed(size: Dim, around: tuple[Dim, Dim], span: Dim, stride: Dim, ends: tuple[Dim, Dim]) -> str:
    (before, after), (out, more) = around, ends
    return f"({size} - 1)*{stride} + {span} - {before} - {after} + {more} output_pad = {out}"


def _size(size: Dim, around: tuple[Dim, Dim], span: Dim, stride: Dim, ends: tuple[Dim, Dim]) -> str:
    (before, after), (out, _) = around, ends
    whole = size + before + after - span
    if _is_exact(whole, stride, out):
        return f"({size} + {before} + {after} - {span})//{stride} + 1 = {out}"
    return f"ceil(({size} + {before} + {after} - {span})/{stride}) + 1 = {out}"


def _is_exact(whole: Dim, stride: Dim, out: Dim) -> bool:
    """Whether the plain formula gives the size; `ceil` pools have one more window."""
    return isinstance(stride, int) and floor_divide(whole, stride) + 1 == out


def _parameters(layer: Layer) -> str:
    learned = [tensor for tensor in layer.node.site.parameters if tensor.learned]
    if not learned:
        return "none"
    if layer.shared:
        return f"those of the shared module: {_tensors(learned)}"
    return f"{_tensors(learned)} = {layer.params:,}"


def _tensors(tensors: list[Tensor]) -> str:
    return " + ".join(f"{'*'.join(str(axis) for axis in t.shape)} {t.name}" for t in tensors)


def _macs(layer: Layer) -> str:
    operator, site = layer.node.operator, layer.node.site
    worked = operator.macs_worked
    if worked is None or not operator.macs(site):
        return "none"
    if layer.declared:
        # A declaration runs nothing, so the row's own number is 0.
        return f"{worked(site)}, at each place where it is applied"
    parts = f", in {layer.parts} parts" if layer.parts != 1 else ""
    return f"{worked(site)}{parts} = {layer.macs:,}"
