"""Runs a network with PyTorch as frugally as the language's metric `peak` supposes, and counts its bytes. Must not test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from archdsl.api import Arch
from helpers.allocations import Allocations
from helpers.lowered import module_of
from helpers.unrolled import Program, Run, whole

OVERWRITING: dict[str, Callable[..., Any]] = {
    "relu": torch.relu_,
    "relu6": lambda x: F.relu6(x, inplace=True),
    "sigmoid": torch.sigmoid_,
    "silu": lambda x: F.silu(x, inplace=True),
    "hardswish": lambda x: F.hardswish(x, inplace=True),
    "hardsigmoid": lambda x: F.hardsigmoid(x, inplace=True),
    "gelu": torch.ops.aten.gelu_,
    "add": lambda x, *more: [x.add_(one) for one in more][-1],
}


def measured_peak(arch: Arch, batch: int) -> int:
    """Each value dropped after its last use; activations and sums in place where nothing else needs what they overwrite."""
    program = Program(arch.network.root)
    with torch.device("meta"):
        modules = [module_of(run.node.operator, run.node.site).eval() for run in program.runs]
    inputs = [torch.empty((batch, *map(whole, shape)), device="meta") for shape in program.shapes[: program.inputs]]
    owned = [tensor for module in modules for tensor in (*module.parameters(), *module.buffers())]
    last = {value: len(program.runs) for value in program.results}
    for position, run in reversed(list(enumerate(program.runs))):
        for value in (*run.inputs, run.output):
            last.setdefault(value, position)
    values: dict[int, Any] = dict(enumerate(inputs))
    with torch.no_grad(), Allocations([*inputs, *owned]) as allocations:
        for position, (run, module) in enumerate(zip(program.runs, modules, strict=True)):
            used = {value for value in run.inputs if last[value] == position}
            compute = OVERWRITING[run.node.operator.name] if _may_overwrite(run, values, used, program.inputs) else module
            values[run.output] = compute(*(values[value] for value in run.inputs))
            for value in {*used, *([run.output] if last[run.output] == position else [])}:
                del values[value]
    peak: int = allocations.peak
    return peak


def _may_overwrite(run: Run, values: dict[int, Any], used: set[int], inputs: int) -> bool:
    first = run.inputs[0]
    if run.node.operator.name not in OVERWRITING or first not in used or run.node.site.x != run.node.site.y:
        return False
    storage = _storage(values[first])
    needed = [value for value in values if value not in used or value < inputs]
    return first >= inputs and storage not in [_storage(values[value]) for value in needed]


def _storage(tensor: Any) -> int:
    return int(tensor.untyped_storage()._cdata)
