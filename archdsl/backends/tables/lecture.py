"""The lecture's own table: input, layer, output, memory (KB), params (K), flop (M), as its slides print. Must not compute."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from archdsl.analysis.cost import Cost
from archdsl.analysis.reports.conventions import convention
from archdsl.analysis.reports.rollup import operations
from archdsl.analysis.rows import Layer
from archdsl.backends.tables import words
from archdsl.backends.tables.grid import RULE, TableColumn, terminal, wrapped
from archdsl.backends.tables.summary import heading
from archdsl.ir import Network
from archdsl.ops.captions import value_words
from archdsl.ops.operator import Attributes
from archdsl.shapes import Dim, Shape, channels, spatial

_COLUMNS = (
    TableColumn("layer"),
    TableColumn("C in", right=True),
    TableColumn("H/W", right=True),
    TableColumn("filters", right=True),
    TableColumn("kernel", right=True),
    TableColumn("stride", right=True),
    TableColumn("pad", right=True),
    TableColumn("C out", right=True, rank=1),
    TableColumn("H/W", right=True),
)
_FIGURES = (("memory (KB)", 1024), ("params (K)", 1000), ("flop (M)", 10**6))
_FORMULAS = (("memory (B)", 1), ("params", 1), ("flop", 1))


def lecture(network: Network, cost: Cost, width: int) -> str:
    """Layers that have parameters that multiply, and pools and joins; each figure rounded as the slides do (halves up).

    1 KB is 1024 B; K and M are 10**3 and 10**6; a multiply-accumulate is one flop, and a pool costs k*k an output. Formulas
    are written as they are, in units of one.
    """
    counted = convention("lecture")
    layers = [layer for layer in cost.folded_rows if not layer.aux and (layer.memory or layer.macs)]
    units = _FORMULAS if network.symbols else _FIGURES
    rows: list[list[str] | None] = []
    memory: Dim = 0
    params: Dim = 0
    flop: Dim = 0
    for layer in layers:
        of_runs = (
            layer.memory * layer.times,
            layer.params * layer.times,
            operations(layer, counted) * cost.batch * layer.times,
        )
        rows.append([*_setting(layer), *_figures(of_runs, units)])
        memory, params, flop = memory + of_runs[0], params + of_runs[1], flop + of_runs[2]
    rows += [RULE, ["total", *[""] * 8, *_figures((memory, params, flop), units)]]
    columns = [*_COLUMNS, *(TableColumn(title, right=True) for title, _ in units)]
    head = [
        heading(network, cost),
        f"counted as lecture: {counted.says}",
        "norms and activations are left out; the numbers of a row xN are for all N runs",
    ]
    return "\n".join([*wrapped(head, width), "", terminal(columns, rows, width)])


def _setting(layer: Layer) -> list[str]:
    attributes = layer.node.site.a
    name = f"{layer.name} x{layer.times:,}" if layer.times != 1 else layer.name
    c_in, size_in = _channels_and_size(layer.inputs[0])
    c_out, size_out = _channels_and_size(layer.output)
    filters = c_out if layer.macs else ""
    kernel = _side(attributes.k) if "k" in attributes else ""
    stride = _side(attributes.stride) if "stride" in attributes else ""
    return [name, c_in, size_in, filters, kernel, stride, _pad(attributes), c_out, size_out]


def _channels_and_size(shape: Shape) -> tuple[str, str]:
    if len(shape) == 1:
        return words.number(shape[0]), ""
    return words.number(channels(shape)), _side(spatial(shape))


def _side(value: Shape) -> str:
    """One number if all sides are equal, else `1x7`."""
    return words.number(value[0]) if len(value) == 1 else value_words(value)


def _pad(attributes: Attributes) -> str:
    if "pad" not in attributes:
        return ""
    pad = attributes.pad
    if isinstance(pad, str):
        return _same(attributes) if pad == "same" else str(pad)
    return _side(pad[::2]) if pad[::2] == pad[1::2] else "mixed"


def _same(attributes: Attributes) -> str:
    k, dilation = attributes.k, attributes.dilation if "dilation" in attributes else (1,) * len(attributes.k)
    return _side(tuple(d * (one - 1) // 2 for one, d in zip(k, dilation, strict=True)))


def _figures(values: Sequence[Dim], units: Sequence[tuple[str, int]]) -> list[str]:
    return [_rounded(value, unit) for value, (_, unit) in zip(values, units, strict=True)]


def _rounded(value: Dim, unit: int) -> str:
    """Whole units, halves up."""
    if not isinstance(value, int):
        return str(value)
    return words.number(int(Fraction(value, unit) + Fraction(1, 2)))
