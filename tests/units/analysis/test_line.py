"""`archdsl explain FILE:LINE[:COLUMN]`: every line that holds something of a network has an answer."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.analysis.contracts import check
from archdsl.analysis.cost import Cost
from archdsl.analysis.reports.line import Told, on_line, why_nothing
from archdsl.compiler import Program, network_of, run
from archdsl.resources import zoo_folder
from archdsl.syntax import tree
from archdsl.text import Source

TEXT = """\
arch small(depths=[2, 3])
input image[3, 32, 32]
def unit(c, stride=1) <
  residual <
    conv 3x3 c stride=stride ; bn ; relu
  | conv 1x1 c stride=stride
  >
  relu
>
def unused() < relu >
shared twice < conv 3x3 16 >
stage x(depths[0]) < block unit(16) >
s: stage x(depths[1]) < block unit(32) ; downsample stride=2 >
conv 1x1 16 ; twice ; if (in.c == 16) < relu > else < flatten >
output wide
for c in [4, 16] < conv 1x1 c >
x0 sigmoid
twice
aux side < gap ; linear 7 >
head < gap ; linear 10 >
expect params == 1
expect s.out == [32, 16, 16]
"""


def program(text: str = TEXT) -> Program:
    return run(Source("small.arch", text))


def told(line: int, column: int | None = None) -> list[Told]:
    found = program()
    assert found.file is not None
    return on_line(network_of(found), found.source, found.file.tree, line, column)


def number_of(text: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if line.lstrip().startswith(text))


def lines_of(text: str) -> dict[str, dict[str, str]]:
    return {one.title: dict(one.lines) for one in told(number_of(text))}


def test_a_stage_and_the_calls_in_it() -> None:
    found = lines_of("s: stage")
    assert list(found) == ["s  repeated 3 times", "s.0  unit(c=32, stride=2)", "s.1  unit(c=32, stride=1)"]
    assert found["s  repeated 3 times"] == {
        "output": "[32, 16, 16] from [16, 32, 32]",
        # By hand: 16*9*32 + 32, bn 64, 16*32 + 32; twice 32*9*32 + 32, 64, 32*32 + 32.
        "parameters": f"{4_640 + 64 + 544 + 2 * (9_248 + 64 + 1_056):,}",
        "MACs": f"{16 * 16 * (32 * 16 * 10 + 2 * 32 * 32 * 10):,}",
        # 3x3 twice at stride 1 see 5; one more 7, and two at stride 2 another 4 each.
        "receptive field": "15 x 15 pixels of the input, 2 x 2 between neighbors",
    }
    assert found["s.1  unit(c=32, stride=1)"]["runs"] == "2 times in all"


def test_a_definition_tells_how_it_is_called() -> None:
    (one,) = told(number_of("def unit"))
    assert one.title == "def unit(c, stride=1)"
    assert one.lines[0] == ("calls", "5, in 4 ways")
    assert one.lines[1][1].startswith("unit(c=16, stride=1): [16, 32, 32] from [3, 32, 32], ")
    assert [text.rpartition(", ")[2] for _, text in one.lines[1:]] == ["once", "once", "once", "2 times"]
    assert told(number_of("def unused"))[0].lines == (("", "nothing calls it"),)


def test_a_contract_tells_what_is_measured() -> None:
    failing, holding = lines_of("expect params"), lines_of("expect s.out")
    assert failing["expect params == 1"]["verdict"] == "fails"
    assert holding["expect s.out == [32, 16, 16]"] == {
        "measured": "[32, 16, 16]",
        "wanted": "== [32, 16, 16]",
        "verdict": "holds",
    }


@pytest.mark.parametrize(
    ("contract", "overrides", "lines"),
    [
        ("expect out == [8, 4, 4]", {}, {"verdict": "holds"}),
        ("expect out == [8, H, H + 1]", {}, {"verdict": "fails"}),
        ("expect params <= W", {}, {"verdict": "depends on the free dimensions"}),
        ("expect params == 224", {"c": 8}, {"verdict": "holds; not checked, since parameters or inputs were overridden"}),
        ("expect side.params == 3", {}, {"": "there is no part `side` in this network"}),
    ],
)
def test_a_contract_that_is_not_just_right_or_wrong(contract: str, overrides: dict[str, int], lines: dict[str, str]) -> None:
    size = "4" if "[8, 4" in contract else "H" if "H" in contract else "W"
    text = f"arch a(c=8)\ninput x[3, {size}, {size}]\nconv 3x3 c\n{contract}\n"
    found = run(Source("a.arch", text), overrides=overrides)
    assert found.file is not None
    (one,) = on_line(network_of(found), found.source, found.file.tree, 4)
    assert one.title == contract
    assert lines.items() <= dict(one.lines).items()


def test_a_shared_module_that_nothing_applies() -> None:
    found = run(Source("a.arch", "arch a\ninput x[3, 8, 8]\nshared m < relu >\ngelu\n"))
    assert found.file is not None
    (one,) = on_line(network_of(found), found.source, found.file.tree, 3)
    assert (one.title, one.lines) == ("shared m", (("", "nothing applies it"),))


def test_the_other_lines_of_a_network() -> None:
    assert lines_of("arch small")["arch small"]["output"] == "[10] from image [3, 32, 32]"
    assert lines_of("input image") == {"input image": {"shape": "[3, 32, 32]"}}
    assert lines_of("output wide") == {"output wide": {"shape": "[16, 16, 16]"}}
    assert lines_of("shared twice")["shared twice"] == {
        "parameters": "2,320, once",
        "applied as": "`twice_call1`, `twice_call2`",
    }
    assert list(lines_of("aux side")) == ["side  auxiliary head", "side.gap1  global avg pool", "side.linear1  linear 7"]
    assert lines_of("aux side")["side  auxiliary head"]["parameters"] == f"{16 * 7 + 7}"
    assert lines_of("twice")["twice_call2  applies the shared module `twice`"]["parameters"].startswith("those of the shared")


def test_branches_of_a_join_stand_for_themselves() -> None:
    assert all("add" not in title for title in lines_of("conv 3x3 c"))
    assert any("add" in title for title in lines_of("residual"))


def test_a_column_picks_the_innermost_thing() -> None:
    line = TEXT.splitlines()[number_of("s: stage") - 1]
    at = number_of("s: stage")
    assert [one.title for one in told(at, 1)] == ["s  repeated 3 times"]
    assert [one.title.split("  ")[1] for one in told(at, line.index("unit") + 1)] == [
        "unit(c=32, stride=2)",
        "unit(c=32, stride=1)",
    ]
    assert [one.title for one in told(number_of("head"), TEXT.splitlines()[number_of("head") - 1].index("linear") + 1)] == [
        "head.linear1  linear 10"
    ]


def why(text: str, line: int) -> str | None:
    found = program(text)
    assert found.file is not None
    network = None if found.file.head is None else network_of(found)
    return why_nothing(network, found.source, found.file.tree, line)


def test_steps_that_do_not_run_say_why() -> None:
    assert told(number_of("x0")) == []
    assert why(TEXT, number_of("x0")) == "nothing runs this line: another branch was taken, or it is repeated 0 times"
    idle = "arch a\ninput x[3, 8, 8]\ndef outer() <\n  def inner() <\n    relu\n  >\n  gelu\n>\nrelu\n"
    assert why(idle, 5) == "the definition `inner` is never called, so nothing runs this line"
    assert why(idle, 7) == "the definition `outer` is never called, so nothing runs this line"
    assert why("def f() <\n  relu\n>\n", 2) == why("def f() <\n  relu\n>\n", 1) is not None
    assert why("arch a\ninput x[3, 8, 8]\n# nothing\nrelu\n", 3) is None


NODES: tuple[Any, ...] = (tree.Step, tree.Definition, tree.Expect, tree.Input, tree.ArchLine, tree.DerivedArch, tree.SharedLine)


@pytest.mark.parametrize(
    "name", ["resnet50", "resnet101", "googlenet", "unet", "swin_t", "convnext_tiny", "inception_v3", "vit_b_16"]
)
def test_every_line_of_the_zoo_that_holds_something_is_told(name: str) -> None:
    path = zoo_folder() / f"{name}.arch"
    found = run(Source(path.name, path.read_text(encoding="utf-8")), path.parent)
    network, source = network_of(found), found.source
    assert check(network, Cost(network)) == []
    assert found.file is not None
    stack: list[Any] = list(found.file.tree.statements)
    lines = set()
    while stack:
        node = stack.pop()
        if isinstance(node, NODES):
            lines.add(source.place(node.start).line)
        if isinstance(node, tuple):
            stack += [part for part in node if isinstance(part, tuple)]
    for line in lines:
        file = found.file.tree
        assert on_line(network, source, file, line) or why_nothing(network, source, file, line), f"{path.name}:{line}"
