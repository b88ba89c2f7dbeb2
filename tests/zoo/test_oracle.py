"""The zoo's networks give what torchvision's, timm's or plainly written ones give, with the same weights, in float64.

A sample that covers every family runs by default, the others with `-m oracle_all`. What they found is kept, and the zoo's
README shows it; `--record` writes it anew.
"""

from __future__ import annotations

import pytest
import torch
from helpers import certificate
from helpers.certificate import TOLERANCE
from helpers.comparison import compare, example
from helpers.entries import entry
from helpers.oracle import declare_torchvision, difference, randomise, share
from helpers.plain_networks import PLAIN
from helpers.torchvision_networks import ORACLES

import archdsl
from archdsl.resources import zoo_names

pytestmark = pytest.mark.torch

declare_torchvision()

SAMPLE = (
    "alexnet attention convnext_tiny cspresnet50 deeplabv3_mobilenet_v3_large densenet121 dla34 dpn68 "
    "efficientnet_b0 efficientnet_v2_s enet ghostnet_100 gmlp_s16 googlenet_bn lraspp_mobilenet_v3_large "
    "mambaout_tiny maxvit_t mnasnet1_0 mobilenet_v2 mobilenet_v3_small mobilevit_s nin preact_resnet50 "
    "regnet_y_400mf resnet34_a resnet50 resnetblur50 resnext50_32x4d rexnet_100 segnet seresnet50 "
    "shufflenet_v2_x0_5 squeezenet1_1 starnet_s1 swin_t swin_v2_t unet vgg11_bn vit_b_32"
).split()
ALL = ORACLES | PLAIN
REST = sorted(set(ALL) - set(SAMPLE))


@pytest.mark.parametrize("name", [*SAMPLE, *(pytest.param(name, marks=pytest.mark.oracle_all) for name in REST)])
def test_same_weights_same_output(name: str, request: pytest.FixtureRequest) -> None:
    found = compare(name, ALL[name])
    assert found.difference < TOLERANCE
    if request.config.getoption("--record"):
        certificate.record(name, ALL[name], found)
    else:
        kept = certificate.kept()[name]
        assert (kept["params"], kept["tensors"], kept["training"]) == found[:3]


def test_every_entry_has_an_oracle() -> None:
    assert set(ALL) == set(zoo_names())


def test_the_sample_covers_every_family() -> None:
    families = {name: entry(name).meta["family"] for name in ALL}
    assert {families[name] for name in SAMPLE} == set(families.values())


def test_the_comparison_can_fail() -> None:
    """A network that differs in one setting without parameters (the epsilon of its normalizations) is told apart."""
    mine = archdsl.load("efficientnet_b0", inputs={"image": (3, 64, 64)}, eps=1e-4).module().double().eval()
    theirs = ORACLES["efficientnet_b0"].build().double().eval()
    randomise(theirs)
    share(mine, theirs)
    x = example((3, 64, 64), 1)
    with torch.no_grad():
        assert difference(mine(x), theirs(x)) > 100 * TOLERANCE


def test_attention_by_hand_is_the_operator() -> None:
    """The lecture's formula, written out, and the operator: equal parameters, operations and outputs."""
    hand, operator = (archdsl.load(name) for name in ("attention", "attention_op"))
    assert (hand.cost().params, hand.cost().macs) == (operator.cost().params, operator.cost().macs)
    written, built = (arch.module().double().eval() for arch in (hand, operator))
    parts: list[torch.Tensor] = list(written.parameters())
    fused = torch.cat(parts[0:6:2]), torch.cat(parts[1:6:2]), *parts[6:]
    with torch.no_grad():
        for value, source in zip(built.parameters(), fused, strict=True):
            value.copy_(source)
        x = example((196, 64), 2)
        assert difference(built(x), written(x)) < TOLERANCE
