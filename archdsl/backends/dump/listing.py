"""The checked network as a listing for people: one paragraph per region, one line per step. Must not unroll.

```
arch resnet50: image [3, 224, 224] -> [1000]

definition 3: bottleneck(c=64, stride=2)
  %0 [64, 56, 56]
  %1 [64, 56, 56]    conv1: conv(%0) k=[1, 1] c=64 …
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archdsl.backends.dump.document import document
from archdsl.ir import Network


def ir_listing(network: Network) -> str:
    """All regions, those inside before those that use them."""
    whole = document(network)
    inputs = ", ".join(f"{name} {_value(shape)}" for name, shape in whole["inputs"].items())
    paragraphs = [f"network {whole['name']}: {inputs}"]
    paragraphs += ["\n".join(_region(number, region)) for number, region in enumerate(whole["regions"])]
    return "\n\n".join(paragraphs)


def _region(number: int, region: dict[str, Any]) -> Iterator[str]:
    arguments = f"({_settings(region['arguments'], ', ')})" if region["arguments"] else ""
    yield f"region {number}: {region['kind']} {region['name']}{arguments}"
    shapes = [_value(shape) for shape in region["shapes"]]
    width = max((len(shape) for shape in shapes), default=0) + len(f"%{len(shapes)}") + 1
    for value in range(region["inputs"]):
        captured = value >= region["inputs"] - region["captures"]
        yield f"  {f'%{value} {shapes[value]}':<{width}}  {'captured' if captured else 'input'}"
    for step in region["steps"]:
        results = ", ".join(f"%{value} {shapes[value]}" for value in step.get("outputs", []))
        yield f"  {results:<{width}}  {_step(step)}".rstrip()
    outputs = "".join(f", {'aux ' if output['aux'] else ''}{output['name']} %{output['value']}" for output in region["outputs"])
    yield f"  result {', '.join(f'%{value}' for value in region['results'])}{outputs}"


def _step(step: dict[str, Any]) -> str:
    if step["step"] == "declare":
        return f"{step['name']}: declare region {step['region']}"
    inputs = ", ".join(f"%{value}" for value in step["inputs"])
    times = f" x{step['count']}" if step["count"] != 1 else ""
    words = [word for word in ("aux" if step.get("aux") else "", step["role"] or "") if word]
    head = f"{step['name']}: {' '.join([*words, ''])}"
    if step["step"] == "use":
        shared = f" shared {step['shared']}" if step["shared"] else ""
        return f"{head}region {step['region']}({inputs}){times}{shared}"
    settings = _settings(step["attributes"], " ")
    return f"{head}{step['operator']}({inputs}){times} {settings}".rstrip()


def _settings(values: dict[str, Any], between: str) -> str:
    return between.join(f"{name}={_value(value)}" for name, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
