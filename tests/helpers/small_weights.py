"""A small network with every kind of tensor that weights have, filled with random numbers. Must not test anything itself."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

import archdsl
from archdsl.api import Arch

TEXT = """\
arch net(classes=10, depth=2, rate=0.2, eps=0.001)
input image[3, 16, 16]
default conv bias=false
default bn eps=eps
stem < conv 3x3 8 ; bn ; relu >
stage x(depth) < block < residual < conv 3x3 8 ; bn ; relu > > >
head < gap ; dropout (rate) ; linear (classes) >
"""


class Filled(NamedTuple):
    """The architecture, a module of it with random weights and statistics, and its state."""

    arch: Arch
    module: Any
    state: dict[str, Tensor]


def small(**settings: Any) -> Arch:
    return archdsl.loads(TEXT, filename="net.arch", **settings)


def filled(seed: int = 0, **settings: Any) -> Filled:
    """Every tensor is drawn, so that two seeds share none."""
    arch, fresh = _built(tuple(settings.items()))
    module = copy.deepcopy(fresh).eval()
    draw(module, seed)
    return Filled(arch, module, dict(module.state_dict()))


@cache
def _built(settings: tuple[tuple[str, Any], ...]) -> tuple[Arch, Any]:
    arch = small(**dict(settings))
    return arch, arch.module()


def draw(module: Any, seed: int = 0) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if name.endswith("num_batches_tracked"):
                value.fill_(seed + 7)
            else:
                value.copy_(torch.rand(value.shape, generator=generator) + 0.5)


def output(module: Any) -> Tensor:
    x = torch.linspace(-1, 1, 2 * 3 * 16 * 16).reshape(2, 3, 16, 16)
    with torch.no_grad():
        found: Tensor = module(x)
    return found
