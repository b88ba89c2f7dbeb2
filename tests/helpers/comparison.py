"""A network of the zoo beside another library's: the same weights, both modes, float64. Must not know any network.

What was measured is a `Compared`, which the certificate keeps (`certificate.py`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch

import archdsl
from archdsl.api import Arch
from archdsl.ir import Network, Node, Region, Step, Use
from archdsl.records import replace
from helpers.entries import entry
from helpers.oracle import Oracle, difference, outputs, quick_depthwise, randomise, repeated_once, share, without_chance


class Compared(NamedTuple):
    """What one comparison found.

    Attributes:
        params: learned numbers of their whole network, auxiliary heads included.
        tensors: parameter tensors that were matched, one of ours to one of theirs.
        training: compared in training mode too, with batch statistics and without chance; done where it makes a difference.
        difference: the largest one, relative to the largest number of their output, over all outputs and modes.
    """

    params: int
    tensors: int
    training: bool
    difference: float


def compare(name: str, oracle: Oracle) -> Compared:
    """Evaluation, then training with batch statistics and without chance, auxiliary outputs included."""
    (image,) = entry(name).inputs
    arch = archdsl.load(name, inputs={image: oracle.shape})
    theirs = oracle.build()
    params = sum(value.numel() for value in theirs.parameters())
    if oracle.once:
        arch, theirs = Arch(once(arch.network)), repeated_once(theirs)
    mine, theirs = arch.module(), theirs.double()
    randomise(theirs)
    tensors = share(mine, theirs)
    without_chance(mine)
    without_chance(theirs)
    found = apart(mine.eval(), theirs.eval(), example(oracle.shape, 1))
    training = len(arch.outputs) > 1 or any("BatchNorm" in type(part).__name__ for part in theirs.modules())
    if training:
        found = max(found, apart(mine.train(), theirs.train(), example(oracle.shape, 2)))
    return Compared(params, tensors, training, found)


def once(network: Network) -> Network:
    """The network with every repetition of equal steps run once: what is different in it, and nothing twice."""
    done: dict[int, Region] = {}

    def region(old: Region) -> Region:
        if id(old) not in done:
            done[id(old)] = replace(old, steps=tuple(map(step, old.steps)))
        return done[id(old)]

    def step(old: Step) -> Step:
        if isinstance(old, Use):
            return replace(old, count=1, region=region(old.region))
        return replace(old, count=1) if isinstance(old, Node) else old

    return replace(network, root=region(network.root))


def apart(mine: Any, theirs: Any, x: Any) -> float:
    """The largest relative difference of the outputs for `x`."""
    with torch.no_grad(), quick_depthwise():
        ours, other = outputs(mine(x)), outputs(theirs(x))
    if not mine.training:  # torchvision's segmentation networks run their auxiliary heads in evaluation too
        ours, other = ours[:1], other[:1]
    return max(difference(one, two) for one, two in zip(ours, other, strict=True))


def example(shape: tuple[int, ...], batch: int) -> Any:
    return torch.randn(batch, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
