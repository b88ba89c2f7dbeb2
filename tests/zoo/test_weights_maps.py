"""The name maps that come with archdsl: whole against their networks' names and shapes, and right by equal outputs.

Names and shapes are checked for every map; that weights which go through files give equal outputs, for a sample, for the others
with `-m oracle_all`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from helpers import map_certificate as certificate
from helpers.comparison import apart, example
from helpers.map_certificate import TOLERANCE
from helpers.map_sources import Candidate, candidates
from helpers.name_maps import built, on_meta
from helpers.oracle import declare_torchvision, randomise
from helpers.torchvision_networks import ORACLES
from safetensors.torch import save_file

import archdsl
from archdsl.backends.torch.weights.known_maps import given_reading, shipped_readings
from archdsl.backends.torch.weights.load import tensors_of
from archdsl.backends.torch.weights.making import make
from archdsl.backends.torch.weights.readings import is_derived
from archdsl.diagnostics import Refusal
from archdsl.ir.digest import network_digest
from archdsl.resources import weights_maps

pytestmark = pytest.mark.torch

declare_torchvision()
PROVEN = [one for one in candidates() if (found := certificate.kept().get(f"{one.entry} {one.source}")) and found.is_same]
SAMPLE = (
    "alexnet convnext_tiny densenet121 efficientnet_b0 lraspp_mobilenet_v3_large mnasnet1_0 mobilenet_v2 regnet_y_400mf "
    "resnet18 resnet50 shufflenet_v2_x0_5 squeezenet1_1 swin_t"
).split()


def ids(one: Candidate) -> str:
    return f"{one.entry}-{one.source}"


@pytest.mark.parametrize("one", PROVEN, ids=ids)
def test_a_map_is_whole(one: Candidate) -> None:
    """Every tensor of ours is made, of the right shape, and every tensor of theirs goes into exactly one."""
    arch = archdsl.load(one.entry)
    shapes = tensors_of(arch.network)
    with on_meta():
        theirs = one.build().state_dict()
    digest = network_digest(arch.network)
    assert certificate.kept()[f"{one.entry} {one.source}"].network == digest, "the network has changed: certify it anew"
    reading = given_reading(one.source, digest, shapes)
    values, others = make(reading.made_of(theirs), theirs, shapes)
    assert others == []
    assert [name for name in shapes if name not in values and not is_derived(name)] == []
    assert list(reading.names) == [name for name in reading.names if name in theirs]
    wanted = {name for name, value in theirs.items() if value.is_floating_point() and not is_derived(name)}
    assert set(reading.names) == wanted
    assert sum(values[name].numel() for name in values) >= sum(theirs[name].numel() for name in wanted)
    fitting = [other.name for other in shipped_readings(one.entry, digest, shapes) if other.fits(theirs)]
    assert fitting, "the names alone find the map"


@pytest.mark.parametrize("ending", [".pth", ".safetensors"])
@pytest.mark.parametrize(
    "one",
    [pytest.param(one, marks=() if one.entry in SAMPLE else pytest.mark.oracle_all) for one in PROVEN],
    ids=[ids(one) for one in PROVEN],
)
def test_a_file_of_theirs_gives_their_outputs(one: Candidate, ending: str, tmp_path: Path) -> None:
    (image,) = archdsl.load(one.entry).inputs
    arch = archdsl.load(one.entry, inputs={image: one.shape})
    theirs = built(one.build).eval()
    randomise(theirs, seed=3)
    path = tmp_path / f"w{ending}"
    if ending == ".pth":
        torch.save(theirs.state_dict(), path)
    else:
        save_file(theirs.state_dict(), str(path))
    proof = certificate.kept()[f"{one.entry} {one.source}"]
    mine = arch.module(device="meta").eval()
    report = arch.load_weights(mine, path, map=one.source if proof.also else None)
    assert len(report.loaded) == proof.tensors
    assert apart(mine, theirs, example(one.shape, 1).float()) < TOLERANCE["float32"]


def test_every_classifier_of_torchvision_has_a_map() -> None:
    proven = {one.source for one in PROVEN if one.library == "torchvision"}
    import torchvision.models

    classifiers = torchvision.models.list_models(module=torchvision.models)
    assert len(classifiers) == 80
    assert {f"torchvision:{name}" for name in classifiers} <= proven
    every = {one.entry for one in candidates() if one.library == "torchvision"}
    assert {one.entry for one in PROVEN if one.library == "torchvision"} == every
    assert every == {name for name, oracle in ORACLES.items() if oracle.library == "torchvision" and not oracle.change}


def test_every_map_was_proven() -> None:
    sources = {f"{path.name.partition('.')[0]} {source}" for path in weights_maps() for source in document(path)["sources"]}
    assert sources == {f"{one.entry} {one.source}" for one in PROVEN}
    kept = certificate.kept()
    for path in weights_maps():
        also = {source: kept[f"{path.name.partition('.')[0]} {source}"].also for source in document(path)["sources"]}
        assert document(path).get("same_names", {}) == {source: names for source, names in also.items() if names}


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_page_is_not_stale() -> None:
    assert certificate.PAGE.read_text(encoding="utf-8") == certificate.page()


def test_maps_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in weights_maps()}
    assert max(sizes.values()) < 20_000
    assert sum(sizes.values()) < 500_000


# Which map a file gets


def test_names_of_two_networks_are_refused_until_one_is_named() -> None:
    """timm gives `efficientnet_b0` and `tf_efficientnet_b0` the same names, and they pad differently."""
    arch = archdsl.load("efficientnet_b0")
    (one,) = (one for one in PROVEN if one.source == "timm:efficientnet_b0")
    state = built(one.build).state_dict()
    randomise(theirs := built(one.build))
    state = theirs.state_dict()
    model = arch.module(device="meta")
    with pytest.raises(
        Refusal,
        match=r"the names of timm:efficientnet_b0 and also of .*timm:tf_efficientnet_b0.*`map=\"timm:efficientnet_b0\"`",
    ):
        arch.load_weights(model, state)
    with pytest.raises(Refusal, match="and also of"):
        arch.load_weights(model, state, strict=False)
    assert arch.load_weights(model, state, map="timm:efficientnet_b0").read_as == "timm:efficientnet_b0"
    with pytest.raises(
        Refusal, match="no name map of `timm:efficientnet_b1` for this network; did you mean `timm:efficientnet_b0`"
    ):
        arch.load_weights(model, state, map="timm:efficientnet_b1")


def test_a_file_of_another_network_of_the_family_is_refused() -> None:
    arch, other = archdsl.load("resnet34"), ORACLES["resnet18"]
    state = built(other.build).state_dict()
    model = arch.module(device="meta")
    with pytest.raises(
        Refusal, match=r"lacks 80 of 182 tensors \(read as torchvision:resnet34\)[^§]*missing: layer1\.2\.conv1\.weight"
    ):
        arch.load_weights(model, state)
    with pytest.raises(Refusal, match=r"layer1\.0\.conv1\.weight|another shape|different shapes"):
        archdsl.load("wide_resnet50_2").load_weights(
            archdsl.load("wide_resnet50_2").module(device="meta"), built(ORACLES["resnet50"].build).state_dict()
        )


def test_another_number_of_classes() -> None:
    """A map serves every width of its network: shapes are compared when weights are loaded."""
    state = built(ORACLES["resnet18"].build)
    randomise(state)
    arch = archdsl.load("resnet18", classes=10)
    model: Any = arch.module()
    with pytest.raises(Refusal, match=r"head\.linear1\.weight: \[10, 512\] in the network, \[1000, 512\] in the file"):
        arch.load_weights(model, state.state_dict())
    report = arch.load_weights(model, state.state_dict(), strict=False)
    assert [other.name for other in report.other_shapes] == ["head.linear1.weight", "head.linear1.bias"]
    assert torch.equal(model.stem.conv1.weight, state.conv1.weight)
    mine = {**state.state_dict(), "fc.weight": torch.ones(10, 512), "fc.bias": torch.ones(10)}
    assert len(arch.load_weights(model, mine).loaded) == 122


def test_a_network_that_is_changed_has_no_map() -> None:
    state = built(ORACLES["efficientnet_b0"].build)
    randomise(state)
    arch = archdsl.load("efficientnet_b0", eps=0.001)
    with pytest.raises(Refusal, match="none of the file's names is known"):
        arch.load_weights(arch.module(device="meta"), state.state_dict())


def test_the_map_of_a_copy(tmp_path: Path) -> None:
    """A copy of a zoo text with comments and another name is the same network."""
    from archdsl.resources import zoo_folder

    text = (zoo_folder() / "resnet18.arch").read_text(encoding="utf-8")
    (tmp_path / "mine.arch").write_text(
        "# Mine.\n" + text.replace("arch resnet18", "arch mine").replace('.arch"', '"'), encoding="utf-8"
    )
    arch = archdsl.load(tmp_path / "mine.arch")
    theirs = built(ORACLES["resnet18"].build)
    randomise(theirs)
    assert arch.load_weights(arch.module(device="meta"), theirs.state_dict()).read_as == "torchvision:resnet18"
