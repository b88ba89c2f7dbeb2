"""The checked network as JSON: every region once, numbered, the whole network the last. Must not unroll.

```
{"schema": "archdsl.ir/1", "name", "title", "inputs": {name: shape}, "parameters", "meta", "symbols",
 "regions": [{"kind", "parts", "scans", "name", "arguments", "shapes", "inputs", "captures", "results", "outputs", "steps": [
     {"step": "node", "name", "operator", "attributes", "inputs", "outputs", "parameters": [{"name", "shape", "learned"}], …},
     {"step": "use", "name", "region", "inputs", "outputs", "shared", "aux", …},
     {"step": "declare", "name", "region"}]}]}
```

`shapes` lists the values of a region, and steps refer to them by position: first the inputs (captured ones last), then what
the steps give. Every step of a node or use has `count` (how often it runs in sequence), `label`, `role`, `file` and `line`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.ir import Declare, Network, Node, Region, Shared, Use
from archdsl.shapes import numbers_below

if TYPE_CHECKING:
    from archdsl.analysis.rows import Plain

SCHEMA = "archdsl.ir/1"


def document(network: Network) -> dict[str, Any]:
    """The network, of plain dicts, lists, strings, numbers, booleans and None; fractions and formulas are strings."""
    numbers = _numbered(network.root)
    return {
        "schema": SCHEMA,
        "name": network.name,
        "title": network.title,
        "inputs": {name: _plain(shape) for name, shape in network.inputs},
        "indices": numbers_below(network.inputs),
        "parameters": {name: _plain(value) for name, value in network.parameters.items()},
        "meta": {name: _plain(value) for name, value in network.meta.items()},
        "symbols": list(network.symbols),
        "regions": [_region(region, numbers) for region in numbers],
    }


def _numbered(root: Region) -> dict[Region, int]:
    """Every region with its number; one comes after those inside it."""
    numbers: dict[Region, int] = {}

    def visit(region: Region) -> None:
        if region in numbers:
            return
        for step in region.steps:
            inner = step.region if isinstance(step, Use) else step.shared.region if isinstance(step, Declare) else None
            if inner is not None:
                visit(inner)
        numbers[region] = len(numbers)

    visit(root)
    return numbers


def _region(region: Region, numbers: dict[Region, int]) -> dict[str, Any]:
    return {
        "kind": region.kind,
        "parts": _plain(region.parts),
        "scans": region.scans,
        "name": region.name,
        "arguments": {name: _plain(value) for name, value in region.arguments},
        "shapes": _plain(tuple(region.shapes)),
        "inputs": region.inputs,
        "captures": region.captures,
        "results": list(region.results),
        "outputs": [{"name": output.name, "value": output.value, "aux": output.aux} for output in region.outputs],
        "steps": [_step(step, numbers) for step in region.steps],
    }


def _step(step: Node | Use | Declare, numbers: dict[Region, int]) -> dict[str, Any]:
    if isinstance(step, Declare):
        return {"step": "declare", "name": step.name, "region": _number(step.shared, numbers)}
    place = {"file": step.span.source.name, "line": step.span.place.line}
    rest = {
        "inputs": list(step.inputs),
        "outputs": list(step.outputs),
        "count": step.count,
        "label": step.label,
        "role": step.role,
        **place,
    }
    if isinstance(step, Use):
        shared = step.shared.name if step.shared is not None else None
        return {"step": "use", "name": step.name, "region": numbers[step.region], "shared": shared, "aux": step.aux, **rest}
    parameters = [
        {"name": tensor.name, "shape": _plain(tensor.shape), "learned": tensor.learned} for tensor in step.site.parameters
    ]
    attributes = {name: _plain(value) for name, value in step.site.a.items()}
    return {
        "step": "node",
        "name": step.name,
        "operator": step.operator.name,
        "attributes": attributes,
        "parameters": parameters,
        **rest,
    }


def _number(shared: Shared, numbers: dict[Region, int]) -> int | None:
    return None if shared.region is None else numbers[shared.region]


def _plain(value: object) -> Plain:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (bool, int, float, str, type(None))):
        return value
    # A definition or operator as an argument is its name; formulas and fractions are what they read as.
    return str(getattr(value, "name", value))
