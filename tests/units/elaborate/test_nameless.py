"""Files without an `arch` line: a library is fine, and what describes a network is a mistake."""

from __future__ import annotations

import pytest

from archdsl.compiler import run
from archdsl.diagnostics import Diagnostic
from archdsl.text import Source

NETWORK = "input x[3, 8, 8]\nconv 3x3 4\n"


def report(text: str, name: str = "unet.arch") -> list[Diagnostic]:
    return run(Source(name, text)).report


def mended(text: str, diagnostic: Diagnostic) -> str:
    """The text with the first fix applied."""
    for edit in sorted(diagnostic.fixes[0].edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    "text",
    [
        NETWORK,
        f"# A comment.\n\n{NETWORK}",
        f'from "resnet50" import bottleneck\ndef f() < relu >\n{NETWORK}',
        f"let c = 4\n{NETWORK}expect out == [4, 8, 8]\n",
        NETWORK.replace("conv", "for i in [3] < conv").replace("4", "4 >"),
    ],
)
def test_a_network_without_the_line_is_a_mistake_with_the_line_to_write(text: str) -> None:
    (wrong,) = report(text)
    assert wrong.name == "no-arch"
    assert wrong.fixes[0].message == "name the network: `arch unet`"
    assert report(mended(text, wrong)) == []


def test_its_other_mistakes_are_reported_beside_it() -> None:
    assert [wrong.name for wrong in report(f"{NETWORK}frobnicate\n")] == ["no-arch", "unknown-operator"]


@pytest.mark.parametrize("word", ["Arch", "ARCH", "archs", "model", "network", "architecture"])
def test_a_misspelt_line_gets_the_right_word(word: str) -> None:
    text = f"{word} unet(c=4)\n{NETWORK}"
    (wrong,) = report(text)
    assert wrong.name == "no-arch"
    assert report(mended(text, wrong)) == []


@pytest.mark.parametrize("name", ["a b.arch", "<stdin>", "9.arch", "ünet.arch", "class.arch"])
def test_a_file_whose_name_is_none_gets_another(name: str) -> None:
    (wrong,) = report(NETWORK, name)
    assert wrong.fixes[0].message == "name the network: `arch mine`"


@pytest.mark.parametrize("text", ["", "# nothing\n", "\n\n"])
def test_an_empty_file_is_a_mistake(text: str) -> None:
    assert [wrong.name for wrong in report(text)] == ["no-arch"]


@pytest.mark.parametrize(
    "text", ["def f() < relu >\n", "let c = 4\n", "default conv bias=false\n", 'from "resnet50" import bottleneck\n']
)
def test_a_library_is_none(text: str) -> None:
    assert report(text) == []
