"""Every verb on a sequence and on a video, whose metrics have another number of axes than a picture's."""

from __future__ import annotations

import pytest
from helpers.shell import Shell

WORDS = """\
arch net
input x[64, 32]
conv 5 48 stride=2 bias=false ; bn ; relu
stage x3 < block < residual < dwconv 3 ; conv 1 48 ; gelu > > >
head < gap ; linear 4 >
"""
CLIP = """\
arch net
input x[3, 8, 32, 40]
conv 1x5x5 16 stride=[1, 2, 2] bias=false ; bn ; relu
stage x3 < block < residual < conv 3 16 ; relu > > >
head < gap ; linear 4 >
"""
FIELDS = {WORDS: ("17", "2"), CLIP: ("7 x 17 x 17", "1 x 2 x 2")}
VERBS = (
    "check net.arch --strict --input-sizes",
    "cost net.arch",
    "cost net.arch --training",
    "cost net.arch --convention lecture",
    "cost net.arch --format json",
    "cost net.arch --format markdown",
    "compare net.arch resnet18",
    "diff net.arch resnet18",
    "fits net.arch --memory 8GB",
    "compile net.arch -o -",
    "compile net.arch --target json -o -",
    "compile net.arch --emit ir",
    "explain net.arch:3",
    "explain net.arch:4",
    "explain net.arch:5",
    "render net.arch -o -",
)


@pytest.mark.parametrize("text", FIELDS, ids=("words", "clip"))
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_knows_the_axes(shell: Shell, text: str, verb: str) -> None:
    shell.write("net.arch", text)
    result = shell(*verb.split())
    assert result.code == 0, result.err
    assert result.out


@pytest.mark.parametrize("text", FIELDS, ids=("words", "clip"))
def test_the_report_and_the_explanation_have_a_number_for_each_axis(shell: Shell, text: str) -> None:
    shell.write("net.arch", text)
    field, stride = FIELDS[text]
    assert f"receptive field {field}, stride {stride}" in shell("cost", "net.arch").out
    assert f"{stride} between neighbors" in shell("explain", "net.arch:4").out
