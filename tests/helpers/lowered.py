"""PyTorch modules built from the lowering of one operator, and inputs for them. Must not test anything itself."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import torch
import torch.nn.functional as F
from samples import Sample
from torch import Tensor, nn

from archdsl.backends.torch.support import file_of, part
from archdsl.ops.operator import Operator, Site, TorchCall, TorchModule
from archdsl.ops.outside import find_anywhere
from archdsl.shapes import Indices, spatial
from helpers.folders import PACKAGE
from helpers.sizes import numbers
from helpers.uses import use_of


def site_of(sample: Sample) -> tuple[Operator, Site]:
    operator = find_anywhere(sample.operator)
    assert operator is not None
    return operator, use_of(operator, sample.written, sample.inputs)


def module_of(operator: Operator, site: Site) -> nn.Module:
    """The lowering as a module that is called with the node's inputs."""
    lowering = operator.torch(site)
    if isinstance(lowering, TorchCall):
        return _Expression(lowering, len(site.xs))
    module = _class(lowering)(*lowering.args, **dict(lowering.kwargs))
    assert isinstance(module, nn.Module)
    return module


def _class(lowering: TorchModule) -> Any:
    library, _, name = lowering.name.rpartition(".")
    if library:
        assert library == "nn"
        return getattr(nn, name)
    return _support(lowering.name)


def _support(name: str) -> Any:
    own = f"archdsl.backends.torch.support.{file_of(name).removesuffix('.py')}"
    if (PACKAGE / "backends" / "torch" / "support" / file_of(name)).exists():
        return getattr(import_module(own), name)
    names: dict[str, Any] = {}
    exec(part(name).source, {"torch": torch, "nn": nn, "F": F, "Tensor": Tensor}, names)
    return names[name]


class _Expression(nn.Module):
    def __init__(self, call: TorchCall, inputs: int) -> None:
        super().__init__()
        names = [f"x{number}" for number in range(inputs)]
        settings = {name: repr(value) for name, value in call.settings}
        self.text = call.template.format(*names, all=", ".join(names), **settings)
        self.names: dict[str, Any] = {"torch": torch, "nn": nn, "F": F, **{name: _support(name) for name in call.support}}

    def forward(self, *xs: Tensor) -> Any:
        return eval(self.text, self.names, {f"x{number}": x for number, x in enumerate(xs)})


def inputs_of(sample: Sample, batch: int = 1, device: str = "cpu", **options: Any) -> list[Tensor]:
    """Positive numbers, so that no activation is flat there; for `unpool` the value and the places of a pool's maxima."""
    shapes = [numbers(shape) for shape in sample.inputs]
    xs = [
        torch.randint(shape.below, (batch, *numbers(shape)), device=device)
        if isinstance(shape, Indices)
        else torch.rand(batch, *numbers(shape), device=device, **options) + 0.5
        for shape in sample.inputs
    ]
    if sample.operator != "unpool":
        return xs
    pools: Any = {2: F.max_pool1d, 3: F.max_pool2d, 4: F.max_pool3d}
    sizes: Any = zip(spatial(shapes[0]), spatial(shapes[2]), strict=True)
    is_tokens = len(shapes[2]) == 2
    plane = xs[2].transpose(1, 2) if is_tokens else xs[2]
    _, places = pools[len(shapes[2])](plane, tuple(large // small for small, large in sizes), return_indices=True)
    return [xs[0], places.transpose(1, 2) if is_tokens else places]
