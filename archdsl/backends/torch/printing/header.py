"""The figures in a generated file's header. Must not compute costs of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.analysis.metrics.totals import Tallies, total
from archdsl.backends.torch.expressions.identifiers import one_line
from archdsl.shapes import is_symbolic, shape_text

if TYPE_CHECKING:
    from archdsl.ir import Network


def figures(network: Network) -> str:
    """`image [3, 224, 224] -> [1000], 25,557,032 parameters, 4,089,184,256 MACs`"""
    tally = Tallies().of(network.root)
    main, aux = total(tally.main), total(tally.aux)
    inputs = ", ".join(f"{name} {shape_text(shape)}" for name, shape in network.inputs)
    results = ", ".join(shape_text(shape) for shape in network.root.result_shapes)
    parts = [f"{_number(main.params)} parameters", f"{_number(main.macs)} MACs"]
    heads = f" (and {_number(aux.params)} in auxiliary heads)" if aux.params else ""
    return one_line(f"{inputs} -> {results}, {parts[0]}{heads}, {parts[1]}")


def _number(amount: object) -> str:
    return str(amount) if is_symbolic(amount) else f"{amount:,}"
