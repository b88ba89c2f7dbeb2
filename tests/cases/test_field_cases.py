"""Networks and questions from public threads, with the right answers in their first lines and in the tables here.

A contract of a file holds unless the table of mistakes names the file.
"""

from __future__ import annotations

from typing import Any

import pytest
from helpers import entries
from helpers.folders import CASES
from helpers.shell import Shell

import archdsl
from archdsl.analysis.contracts import check
from archdsl.analysis.cost import Cost
from archdsl.api import Arch
from archdsl.compiler import Program, run
from archdsl.syntax.format.formatter import format_source
from archdsl.text import Source

FOLDER = CASES / "field"
FILES = sorted(FOLDER.glob("*.arch"))
MISTAKES = {
    "deconv_27": ("contract-failed", "output_pad"),
    "expect_in_the_middle": ("contract-failed", "maxpool2.out"),
    "role_parameter": ("unexpected-token", "stem"),
    "smp_unet_odd_width": ("shape-mismatch", "width"),
    "swin_112": ("not-divisible", "height (7)"),
    "yolov3_tiny": ("shape-mismatch", "same-that-shrinks"),
}
NAMES = [path.stem for path in FILES]
RIGHT = [name for name in NAMES if name not in MISTAKES]


def ran(name: str) -> Program:
    path = FOLDER / f"{name}.arch"
    return run(Source(path.name, path.read_text("utf-8")), FOLDER, warnings=True)


def load(name: str, **settings: Any) -> Arch:
    path = FOLDER / f"{name}.arch"
    return archdsl.load(path, **settings) if settings else entries.load(path)


@pytest.mark.parametrize("name", RIGHT)
def test_every_contract_holds(name: str) -> None:
    arch = load(name)
    assert check(arch.network, Cost(arch.network)) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_what_leads_out(name: str) -> None:
    program = ran(name)
    report = [*program.told, *(check(program.network, Cost(program.network)) if program.network is not None else [])]
    kind, word = MISTAKES[name]
    assert kind in [diagnostic.name for diagnostic in report]
    told = "\n".join(str(diagnostic) for diagnostic in report)
    assert word in told


@pytest.mark.parametrize("name", NAMES)
def test_formatting_changes_no_meaning_and_is_done_once(name: str) -> None:
    path = FOLDER / f"{name}.arch"
    once = format_source(Source(path.name, path.read_text("utf-8")), [])
    if once is None:
        assert name == "role_parameter", "the only one that is no text of the language"
        return
    assert format_source(Source(path.name, once), []) == once


@pytest.mark.parametrize(
    ("name", "settings", "params", "macs"),
    [
        ("nasbench201", {"cell": [["avg"], ["c1", "skip"], ["c1", "skip", "skip"]]}, 129_306, 15_647_360),
        # The published counts are in the file of the network itself; the 16 fixed numbers of its last layer left out.
        ("yolov8", {"width": 0.5}, 11_166_544, None),
        ("yolov8", {"depth": 0.67, "width": 0.75, "cap": 768}, 25_902_624, None),
        ("yolov8", {"depth": 1, "width": 1, "cap": 512}, 43_691_504, None),
        ("yolov8", {"depth": 1, "width": 1.25, "cap": 512}, 68_229_632, None),
    ],
)
def test_other_settings_have_their_own_counts(name: str, settings: dict[str, Any], params: int, macs: int | None) -> None:
    cost = load(name, **settings).cost()
    assert cost.params == params
    assert macs is None or cost.macs == macs


@pytest.mark.torch
@pytest.mark.parametrize("size", [(97, 101), (33, 50), (64, 160)])
def test_a_module_follows_another_map_at_sizes_that_it_was_not_made_for(size: tuple[int, int]) -> None:
    import torch

    with torch.no_grad():
        found = load("fpn_like").module().eval()(torch.zeros(1, 3, *size))
    halves = [-(-side // 2) for side in size]
    assert load("fpn_like", inputs={"x": (3, *size)}).outputs["out"] == (32, *halves)
    assert list(found.out.shape) == [1, 32, *halves]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("rf_at_most", ["solve", "n", "--where", "receptive_field <= 70"], ["n = 3", "n = 4 has receptive_field [142, 142]"]),
        ("rf_at_most", ["solve", "n", "--where", "receptive_field <= [70, 70]"], ["n = 3"]),
        ("mri_unet", ["cost", "--training"], ["404,302,592"]),
        ("mri_unet", ["cost", "--training", "--checkpoint", "block"], ["49,971,200"]),
        ("mri_residual", ["cost", "--training"], ["668,467,200"]),
        ("smp_unet_odd_width", ["check", "--input-sizes"], ["multiples of 32, or up to 1 less, from 31 up"]),
        ("siamese", ["check", "--input-sizes"], ["height and width of `a` and `b` equal: from 65 up", "105 to 112"]),
        ("inception_aux_size", ["check", "--input-sizes"], ["height and width from 75 up", "height and width from 299 up"]),
        ("inception_aux_size", ["cost", "--input", "image=3x224x224"], ["[3, 224, 224]"]),
        ("strided_same", ["cost", "--input", "x=3x225x224"], ["[64, 113, 112]"]),
        ("deconv_27", ["explain:5"], ["(14 - 1)*2 + 3 - 1 - 1 + 0 output_pad = 27"]),
        ("expect_in_the_middle", ["check"], ["`maxpool2.out`"]),
        ("yolov3_tiny", ["check"], ["`pad=tf` keeps the size"]),
    ],
)
def test_questions(shell: Shell, name: str, arguments: list[str], words: list[str]) -> None:
    path = str(FOLDER / f"{name}.arch")
    verb, *more = arguments
    verb, _, line = verb.partition(":")
    found = shell(verb, f"{path}:{line}" if line else path, *more)
    assert all(word in found.out + found.err for word in words), found


def test_the_pool_that_keeps_its_size_makes_the_detector_right() -> None:
    text = (FOLDER / "yolov3_tiny.arch").read_text("utf-8").replace("pad=same", "pad=tf")
    arch = archdsl.loads(text)
    assert arch.outputs == {"out": (255, 26, 26), "coarse": (255, 13, 13)}
    assert arch.cost().params == 8_852_366
    assert arch.cost().receptive_field == (286, 286)


@pytest.mark.torch
@pytest.mark.parametrize("name", RIGHT)
def test_the_module_is_what_was_counted(name: str) -> None:
    assert load(name).verify().mismatches == ()
