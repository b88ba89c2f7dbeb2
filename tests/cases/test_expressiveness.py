"""Published networks outside the zoo, written from their papers: what the language can say. Exact counts, without torch.

The counts are those of timm 1.0.31 (torchvision 0.28 for RetinaNet and for networks of videos), built on the meta device and
run under `torch.utils.flop_counter.FlopCounterMode`, multiply-accumulates being half its flops. With weights moved over in
order, every one of them but RetinaNet also gave timm's outputs on random pictures, to 1e-5 of the largest. Where timm's
defaults are not the paper's, timm was set to it: PoolFormer's last norm before the pooling, NFNet's standardisation with
eps=1e-6.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from helpers import entries
from helpers.folders import CASES, ROOT

from archdsl.analysis import contracts
from archdsl.api import Arch
from archdsl.compiler import run
from archdsl.syntax.format.formatter import format_source
from archdsl.text import Source

FOLDER = CASES / "expressiveness"


class Reference(NamedTuple):
    """What the network is called in timm, and its counts there."""

    name: str
    params: int
    macs: int


REFERENCES = {
    "cait_xxs24": Reference("cait_xxs24_224", 11_956_264, 2_523_475_200),
    "convnextv2_atto": Reference("convnextv2_atto", 3_708_400, 547_332_480),
    "cspdarknet53": Reference("cspdarknet53", 27_642_184, 6_533_652_480),
    "dla34": Reference("dla34", 15_742_104, 3_060_043_776),
    "dpn68": Reference("dpn68", 12_611_602, 2_326_163_456),
    "ghostnet": Reference("ghostnet_100", 5_182_508, 141_150_512),
    "gmlp_s16": Reference("gmlp_s16_224", 19_422_656, 4_392_060_928),
    "hrnet_w18": Reference("hrnet_w18", 21_299_004, 4_283_537_072),
    "mc3_18": Reference("torchvision's mc3_18", 11_695_440, 43_342_635_008),
    "mobilevit_s": Reference("mobilevit_s", 5_578_632, 2_000_831_488),
    "nfnet_f0": Reference("dm_nfnet_f0", 71_489_284, 6_977_003_520),
    "poolformer_s12": Reference("poolformer_s12", 11_915_176, 1_812_267_008),
    "r2plus1d_18": Reference("torchvision's r2plus1d_18", 31_505_325, 40_519_080_960),
    "r3d_18": Reference("torchvision's r3d_18", 33_371_472, 40_696_553_472),
    "repvgg_a0": Reference("repvgg_a0", 9_108_968, 1_512_581_120),
    "res2net50": Reference("res2net50_26w_4s", 25_699_120, 4_255_166_464),
    "retinanet_r50": Reference("torchvision's retinanet_resnet50_fpn", 34_068_119, 151_540_437_248),
    "s3d": Reference("torchvision's s3d", 8_320_048, 17_978_771_456),
    "sknet50": Reference("skresnext50_32x4d", 27_479_784, 4_462_710_784),
    "unet3d": Reference("none; MACs are torch's", 19_074_627, 266_731_018_496),
}
NAMES = tuple(sorted(REFERENCES))


def load(name: str) -> Arch:
    return entries.load(FOLDER / f"{name}.arch")


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_the_references(name: str) -> None:
    cost = load(name).cost()
    assert (cost.params, cost.macs) == REFERENCES[name][1:]


@pytest.mark.parametrize("name", NAMES)
def test_its_contracts_say_so_too(name: str) -> None:
    arch = load(name)
    assert {("params",), ("macs",), ("out",)} <= {contract.path for contract in arch.network.expectations}
    assert [diagnostic.message for diagnostic in contracts.check(arch.network, arch.cost())] == []


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_two_screens_and_stands_in_the_one_formatting(name: str) -> None:
    text = (FOLDER / f"{name}.arch").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 60
    assert format_source(Source(name, text), []) == text


@pytest.mark.parametrize("name", NAMES)
def test_its_source_is_python(name: str) -> None:
    source = load(name).source()
    compile(source, name, "exec")
    assert len(source.splitlines()) < 350, "loops and classes, not flat calls"


def test_every_file_has_a_reference() -> None:
    assert {path.stem for path in FOLDER.glob("*.arch")} == set(REFERENCES)
    assert len(REFERENCES) >= 10


@pytest.mark.parametrize("path", sorted([*FOLDER.glob("*.arch"), *(ROOT / "examples").rglob("*.arch")]), ids=str)
def test_nothing_in_them_is_suspicious(path: Path) -> None:
    program = run(Source(path.name, path.read_text(encoding="utf-8")), path.parent, warnings=True)
    assert [diagnostic.message for diagnostic in program.report] == []
