"""What a node costs, for colors: parameters, multiply-accumulates, bytes. The facets say it; nothing is computed here."""

from __future__ import annotations

from typing import Literal

from archdsl.backends.render.scene.paint import Measure
from archdsl.ir import Node
from archdsl.shapes import Dim, numel

_FLOAT_BYTES = 4


def measure(by: Literal["op", "params", "macs", "memory"]) -> Measure:
    """The cost of one run of a node, by name."""
    measures: dict[str, Measure] = {"params": _params, "macs": _macs, "memory": _memory}
    return measures[by]


def _params(node: Node) -> Dim:
    return sum(tensor.numel for tensor in node.site.parameters if tensor.learned)


def _macs(node: Node) -> Dim:
    return node.operator.macs(node.site)


def _memory(node: Node) -> Dim:
    return numel(node.site.y) * _FLOAT_BYTES if node.operator.in_memory else 0
