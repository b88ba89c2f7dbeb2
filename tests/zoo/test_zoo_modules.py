"""The zoo as PyTorch, on the meta device: modules have the shapes, tensors, parameters and operations that were computed."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.resources import zoo_names

pytestmark = pytest.mark.torch

SIZES = {"conv5x5": {"x": (8, 9, 10)}, "two_conv3x3": {"x": (8, 9, 10)}, "vgg_stage": {"x": (8, 12, 10)}}
"""Inputs for the entries whose sizes are free."""
FIRST = {
    "alexnet",
    "conv5x5",
    "enet",
    "googlenet",
    "maxvit_t",
    "mobilenet_v3_small",
    "resnet50",
    "swin_v2_t",
    "unet",
    "vit_b_16",
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in FIRST else pytest.mark.oracle_all) for name in zoo_names()]
)
def test_the_module_is_what_the_compiler_says(name: str) -> None:
    from archdsl.backends.torch.running.verify import verify

    arch = archdsl.load(name, inputs=SIZES.get(name))
    report = verify(arch.network)
    assert report.mismatches == ()
    assert report.calls > 0
    assert (report.params, report.macs) == (arch.cost().params + _aux_parameters(arch), arch.cost().macs)


def _aux_parameters(arch: archdsl.Arch) -> int:
    """The module holds the auxiliary heads too, though it runs them in training only."""
    wanted = [contract.value for contract in arch.network.expectations if contract.path == ("params", "aux")]
    return sum(value for value in wanted if isinstance(value, int))
