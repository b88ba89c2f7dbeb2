"""What a network computes, as a digest: equal for two texts that differ in comments, layout or titles. Must not unroll.

It covers operators with their settings, what is connected to what, repetitions, the names of tensors, and what is shared. It
leaves out what the shapes of tensors show (how many channels there are) and what changes no result in evaluation: names of the
arch, of definitions and of parts without tensors, named outputs, the sizes of inputs, settings of dropout, values at which
learned numbers start. A setting at its default counts as not written, so that an operator may get a new one.
"""

from __future__ import annotations

from hashlib import sha256
from json import dumps
from typing import Any

from archdsl.ir.network import Declare, Network, Node, Region, Use
from archdsl.ops.operator import Argument, Attributes
from archdsl.records import NamedTuple

_LENGTH = 32
_NOT_COVERED = ("c", "init")
"""Settings that are called so in every operator: the channels that come out, and where learned numbers start."""


class _Part(NamedTuple):
    """The digest of a region, and whether tensors are in it."""

    digest: str
    has_tensors: bool


def network_digest(network: Network) -> str:
    """32 hexadecimal digits."""
    return _part(network.root).digest


def _part(region: Region) -> _Part:
    known: _Part | None = region.memo.get(_Part)
    if known is None:
        numbers = _numbered(region)
        results = [numbers[value] for value in region.results]
        steps = [_step(step, numbers) for step in region.steps]
        text = dumps([region.inputs, results, steps], separators=(",", ":"))
        has_tensors = any(map(_has_tensors, region.steps))
        known = region.memo[_Part] = _Part(sha256(text.encode()).hexdigest()[:_LENGTH], has_tensors)
    return known


def _has_tensors(step: Node | Use | Declare) -> bool:
    if isinstance(step, Node):
        return bool(step.site.parameters)
    return isinstance(step, Declare) or _part(step.region).has_tensors


def _numbered(region: Region) -> dict[int, int]:
    """New numbers for the values that are used, so that one which only a named output reads does not count."""
    used = {value for step in region.steps if not isinstance(step, Declare) for value in step.inputs} | {*region.results}
    return {value: number for number, value in enumerate(sorted(used))}


def _step(step: Node | Use | Declare, numbers: dict[int, int]) -> list[Any]:
    if isinstance(step, Declare):
        return ["declare", step.name]
    name = step.name if _has_tensors(step) else ""
    inputs = [numbers[value] for value in step.inputs]
    outputs = [numbers.get(value, -1) for value in step.outputs]
    if isinstance(step, Node):
        site = step.site
        tensors = [[tensor.name, tensor.learned] for tensor in site.parameters]
        settings = [] if step.operator.varies and not tensors else _settings(step)
        return [step.operator.name, name, step.count, inputs, outputs, settings, tensors]
    given = outputs[: len(step.region.results)]
    place = name if step.shared is None else ["shared", step.shared.name]
    return ["use", place, step.count, inputs, given, step.aux, _part(step.region).digest]


def _settings(node: Node) -> list[Any]:
    known: dict[str, Argument] = {argument.name: argument for argument in node.operator.arguments}
    return [
        [name, _plain(value)]
        for name, value in sorted(node.site.a.items())
        if name not in _NOT_COVERED and _plain(value) != _default(known.get(name), node)
    ]


def _default(argument: Argument | None, node: Node) -> object:
    """What the setting is where nothing is written, as `_plain` has it."""
    if argument is None or not callable(argument.default):
        return None if argument is None else _plain(argument.default)
    before: Attributes = node.site.a
    return _plain(argument.default(before, node.site.xs))


def _plain(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, (bool, int, str, type(None))):
        return value
    # Fractions and formulas are what they read as.
    return str(value)
