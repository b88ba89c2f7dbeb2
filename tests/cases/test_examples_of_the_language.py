"""The programs with which the language was first shown: each compiles, and gives what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.first_programs import BASIC, BY_HAND, DEFINITIONS, PARALLEL, RELATIVE, RESNET, SKIP, STAGE, VIT

import archdsl
from archdsl.analysis.contracts import check


def counts(text: str, name: str = "mine.arch") -> tuple[object, object, object]:
    arch = archdsl.loads(text, name)
    cost = arch.cost()
    assert check(arch.network, cost) == []
    return cost.params, cost.macs, cost.out


def test_resnet_and_its_relative(tmp_path: Path) -> None:
    (tmp_path / "resnet50.arch").write_text(RESNET, encoding="utf-8")
    (tmp_path / "resnet101.arch").write_text(RELATIVE, encoding="utf-8")
    for name, params, macs in (("resnet50", 25_557_032, 4_089_184_256), ("resnet101", 44_549_160, 7_801_405_440)):
        arch = archdsl.load(tmp_path / f"{name}.arch")
        assert check(arch.network, arch.cost()) == []
        assert (arch.cost().params, arch.cost().macs, arch.cost().out) == (params, macs, (1000,))


def test_a_vision_transformer() -> None:
    head, _, rest = VIT.partition("\n")
    text = f"{head}\n{DEFINITIONS}{rest}"
    assert counts(text) == (86_567_656, 17_563_828_224, (1000,))


@pytest.mark.parametrize(
    ("shape", "call", "params", "out"),
    [
        ("192, 28, 28", "inception(64, 96, 128, 16, 32, 32)", 163_696, (256, 28, 28)),
        ("64, 8, 8", "se", 64 * 4 + 4 + 4 * 64 + 64, (64, 8, 8)),
        ("64, 8, 8", "dense_layer(32)", 128 + 64 * 128 + 128 + 256 + 128 * 32 * 9 + 32, (96, 8, 8)),
    ],
)
def test_blocks(shape: str, call: str, params: int, out: tuple[int, ...]) -> None:
    assert counts(f"arch mine\n{DEFINITIONS}input x[{shape}]\n{call}\n")[::2] == (params, out)


def test_a_long_skip() -> None:
    first, second, third = 32 * 64 * 9 + 64, 64 * 128 * 9 + 128, 128 * 64 * 4 + 64
    assert counts(f"arch mine\ninput x[32, 64, 64]\n{SKIP}")[::2] == (first + second + third, (128, 64, 64))


def test_attention_by_hand() -> None:
    tokens, width = 196, 64
    macs = 3 * tokens * width**2 + 2 * tokens**2 * width
    assert counts(f"arch mine\n{BY_HAND}input x[196, 64]\nattention_by_hand(64)\n") == (3 * (width**2 + width), macs, (196, 64))


def test_several_resolutions_side_by_side() -> None:
    text = f"arch mine(n=3, w=8)\ninput x[8, 32, 32]\n{BASIC}parallel for i in range(n) < path(0, i) >\n{PARALLEL}pick 2\n"
    assert counts(text)[2] == (32, 8, 8)


def test_the_line_that_says_it_all() -> None:
    """`stage x4 < block bottleneck(c=256) ; downsample stride=2 >`: four blocks, of which the first has stride 2."""
    definitions = RESNET[RESNET.index("default conv") : RESNET.index("stem <")]
    arch = archdsl.loads(STAGE.format(definitions))
    strides = [row.node.site.a["stride"] for row in arch.cost().rows if row.op == "conv" and row.node.site.a["k"] == (3, 3)]
    assert strides == [(2, 2), (1, 1), (1, 1), (1, 1)]
    assert arch.cost().out == (1024, 14, 14)
