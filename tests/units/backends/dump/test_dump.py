"""The compiler's own forms, written down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archdsl.api import load, loads
from archdsl.backends.dump import document, ir_listing, tree_listing
from archdsl.diagnostics import Diagnostic
from archdsl.resources import zoo_path
from archdsl.syntax.parser import parse
from archdsl.text import Source

SMALL = """\
arch small(width=8)
input image[3, 32, H]
shared unit < conv 3x3 width >
skip: conv 1x1 width
stage x1000000 < block < unit ; relu > >
aux side < gap ; linear 2 >
add @skip
"""


def macs(whole: dict[str, Any], number: int, counted: dict[int, int]) -> int:
    """Multiply-accumulates of the convolutions and linear layers in a region, from the document alone."""
    if number not in counted:
        total = 0
        for step in whole["regions"][number]["steps"]:
            if step["step"] == "use" and not step["aux"]:
                total += step["count"] * macs(whole, step["region"], counted)
            elif step["step"] == "node" and step["operator"] in ("conv", "linear"):
                shape = whole["regions"][number]["shapes"][step["outputs"][0]]
                weight = step["parameters"][0]["shape"]
                inner = weight[1] * (weight[2] * weight[3] if len(weight) == 4 else 1)
                positions = shape[0] * (shape[1] * shape[2] if len(shape) == 3 else 1)
                total += step["count"] * inner * positions
        counted[number] = total
    return counted[number]


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "vgg16"])
def test_the_document_holds_the_whole_network(name: str) -> None:
    """Whoever reads it can count as the compiler counts."""
    arch = load(name)
    whole = json.loads(json.dumps(document(arch.network)))
    assert whole["schema"] == "archdsl.ir/1"
    assert macs(whole, len(whole["regions"]) - 1, {}) == arch.cost().macs


def test_regions_come_after_those_inside_them_and_only_once() -> None:
    whole = document(loads(SMALL).network)
    for number, region in enumerate(whole["regions"]):
        for step in region["steps"]:
            assert step.get("region", -1) < number
    assert sum(step["step"] == "node" for region in whole["regions"] for step in region["steps"]) < 12
    assert whole["symbols"] == ["H"]
    assert whole["inputs"] == {"image": [3, 32, "H"]}


def test_the_listing_reads_like_a_program() -> None:
    text = ir_listing(loads(SMALL).network)
    assert text.startswith("network small: image [3, 32, H]\n\nregion 0: ")
    assert "skip: conv(%0) k=[1, 1] c=8" in text
    assert "x1000000" in text
    assert "side: aux region " in text
    assert "declare region 0" in text


def test_the_tree_listing_has_every_name_and_place() -> None:
    path = zoo_path("resnet50")
    assert path is not None
    source = Source("resnet50.arch", path.read_text(encoding="utf-8"))
    report: list[Diagnostic] = []
    text = tree_listing(parse(source, report), source)
    assert report == []
    assert text.startswith("File\n  statements: [")
    assert "ArchLine @2:1\n      name: Ident text='resnet50' @2:6\n" in text
    assert "'!='" in text
