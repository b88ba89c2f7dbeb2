"""Every diagnostic has a page, and what a page shows is what archdsl says, to the character."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from helpers.folders import PACKAGE

from archdsl.analysis.contracts import check
from archdsl.analysis.cost import Cost
from archdsl.compiler import run
from archdsl.diagnostics import Diagnostic
from archdsl.diagnostics.terminal import draw_all
from archdsl.resources import page_names, page_text
from archdsl.text import Source

PAGES = PACKAGE / "diagnostics" / "pages"
OTHER_WORDS = {"font-weight", "multiply-accumulates", "roll-up"}
"""Spelt like a diagnostic's name, and none."""

WITHOUT_EXAMPLE = {
    "too-deep": "a program that nobody reads",
    "too-large": "a program that nobody reads",
    "unknown-input": "the command line",
    "unreadable-file": "not a text",
}
"""Why these pages show no program."""


def used_names() -> set[str]:
    """Every text in the package that is spelled as the names of diagnostics are: words joined by hyphens."""
    names: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", node.value):
                names.add(node.value)
    return names - OTHER_WORDS


def block(text: str, language: str) -> str | None:
    """The content of the page's first block in a language."""
    found = re.search(rf"^```{language}(?: input=\S+)?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else None


def write_files(text: str, folder: Path) -> None:
    """The files beside the page's program: blocks headed ```arch NAME.arch."""
    for name, content in re.findall(r"^```arch (\w+\.arch)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (folder / name).write_text(content, encoding="utf-8")


def inputs_of(text: str) -> dict[str, tuple[int, ...]]:
    """The input shapes from outside: "```arch input=image=3x16x16"."""
    given = re.findall(r"^```arch input=(\w+)=(\S+)$", text, re.MULTILINE)
    return {name: tuple(map(int, shape.split("x"))) for name, shape in given}


def diagnose(program: str, inputs: dict[str, tuple[int, ...]]) -> list[Diagnostic]:
    """Everything that `archdsl check` says of a program in the working folder."""
    checked = run(Source("example.arch", program), Path(), inputs=inputs, warnings=True)
    network = checked.network
    return [*checked.told, *(check(network, Cost(network)) if network is not None else ())]


def test_every_name_has_a_page_and_every_page_a_name() -> None:
    assert used_names() == set(page_names())


@pytest.mark.parametrize("name", page_names())
def test_a_page_says_what_its_diagnostic_means(name: str) -> None:
    text = page_text(name)
    assert text is not None
    assert text.startswith(f"# {name}\n\n")
    assert len(text.split("\n\n")[1]) > 20
    assert (block(text, "arch") is None) == (name in WITHOUT_EXAMPLE)


@pytest.mark.parametrize("name", sorted(set(page_names()) - set(WITHOUT_EXAMPLE)))
def test_a_page_shows_exactly_what_is_said(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    text = page_text(name)
    assert text is not None
    program = block(text, "arch")
    assert program is not None
    write_files(text, tmp_path)
    monkeypatch.chdir(tmp_path)
    diagnostics = diagnose(program, inputs_of(text))
    drawn = draw_all(diagnostics, color=False) + "\n"
    if update_golden:
        text = re.sub(r"(?<=^```text\n).*?(?=^```$)", lambda _: drawn, text, count=1, flags=re.MULTILINE | re.DOTALL)
        (PAGES / f"{name}.md").write_text(text, encoding="utf-8")
    assert name in {diagnostic.name for diagnostic in diagnostics}
    assert block(text, "text") == drawn


def test_pages_are_names_and_never_paths() -> None:
    for name in ("../terminal", "/etc/passwd", "shape-mismatch.md", "", "a/b", "."):
        assert page_text(name) is None
