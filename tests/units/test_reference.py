"""The language reference is so: its examples compile and print what is shown there, its tables are what the code has."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from helpers import operator_table

from archdsl.cli.main import main
from archdsl.diagnostics import Diagnostic
from archdsl.expressions.evaluate import evaluate
from archdsl.expressions.functions import FUNCTIONS
from archdsl.limits import DEFAULTS
from archdsl.ops import convolution
from archdsl.ops.operator import ON_IMAGE
from archdsl.ops.operator import Example as Shown
from archdsl.ops.registry import OPERATORS
from archdsl.program.scope import Scope
from archdsl.program.values import UNKNOWN
from archdsl.records import replace
from archdsl.syntax.format.formatter import format_source
from archdsl.syntax.parser import parse_expression
from archdsl.text import Source
from archdsl.wording.values import show

REFERENCE = operator_table.REFERENCE
PRELUDE = "arch example\ninput x[16, 32, 32]\n"
"""The lines before an example without an `arch` line; the page says so too."""
FENCE = re.compile(r"^```(\w*)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, the rest of the fence's line, its text, and where the text is in the page."""

    language: str
    title: str
    text: str
    start: int

    @property
    def line(self) -> int:
        return PAGE.count("\n", 0, self.start)


PAGE = REFERENCE.read_text(encoding="utf-8") if REFERENCE.exists() else ""


def blocks(page: str = PAGE) -> list[Block]:
    return [Block(match[1], match[2], match[3], match.start(3)) for match in FENCE.finditer(page)]


class Example(NamedTuple):
    """A program of the page, and the commands that are shown after it with what they print."""

    name: str
    program: str
    block: Block
    shown: tuple[Block, ...]


def examples() -> Iterator[Example]:
    found = blocks()
    for number, block in enumerate(found):
        if block.language != "arch":
            continue
        shown = []
        for following in found[number + 1 :]:
            if following.language != "text":
                break
            shown.append(following)
        name = block.title or "example.arch"
        is_whole = bool(block.title) or re.search(r"^arch ", block.text, re.MULTILINE)
        yield Example(name, block.text if is_whole else PRELUDE + block.text, block, tuple(shown))


EXAMPLES = list(examples())


def run(command: str) -> tuple[int, str]:
    """A command of the page, and what it prints on both streams, in order."""
    words = shlex.split(command)
    assert words[0] == "archdsl", command
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", stream)
        patch.setattr("sys.stderr", stream)
        code = main(words[1:])
    return code, stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every named program of the page, so that they may import one another."""
    for example in EXAMPLES:
        if example.block.title:
            (tmp_path / example.name).write_text(example.program, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line{example.block.line}")
def test_examples(example: Example, folder: Path, update_golden: bool) -> None:
    (folder / example.name).write_text(example.program, encoding="utf-8")
    if f"archdsl check {example.name}" not in map(_command, example.shown):
        code, printed = run(f"archdsl check {example.name}")
        assert (code, printed.partition(",")[0]) == (0, "1 file: no mistakes")
    for block in example.shown:
        _, printed = run(_command(block))
        if update_golden:
            _show(block, f"$ {_command(block)}\n{printed.rstrip()}\n")
            continue
        assert block.text == f"$ {_command(block)}\n{printed.rstrip()}\n"


def _command(block: Block) -> str:
    first = block.text.partition("\n")[0]
    assert first.startswith("$ "), f"line {block.line}: a `text` block starts with the command that prints it"
    return first[2:]


def _show(block: Block, text: str) -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    fences = [match for match in FENCE.finditer(page) if match[3].partition("\n")[0] == block.text.partition("\n")[0]]
    before = [one for one in blocks() if one.text.partition("\n")[0] == block.text.partition("\n")[0]].index(block)
    start, end = fences[before].span(3)
    REFERENCE.write_text(page[:start] + text + page[end:], encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line{example.block.line}")
def test_examples_are_formatted(example: Example) -> None:
    report: list[Diagnostic] = []
    text = format_source(Source("example.arch", example.block.text), report)
    if text is not None:
        assert text == example.block.text
    else:
        assert example.shown, "an example with a syntax mistake shows its message"


def test_the_operator_tables_are_fresh(update_golden: bool) -> None:
    fresh = operator_table.put(PAGE)
    if update_golden:
        operator_table.REFERENCE.write_text(operator_table.put(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")
        return
    assert fresh == PAGE, "stale: run `pytest tests/units/test_reference.py --update-golden`"


def test_every_operator_has_an_example() -> None:
    for operator in OPERATORS.values():
        calls = re.findall(r"[a-z_0-9]+", operator.example.steps)
        assert operator.name in calls, f"the `example` in the entry of `{operator.name}` does not use it"


def test_a_changed_entry_makes_the_tables_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(OPERATORS["conv"], example=Shown(ON_IMAGE, "conv 7x7 65 stride=2"))
    monkeypatch.setattr(convolution, "OPERATORS", (changed, *convolution.OPERATORS[1:]))
    monkeypatch.setitem(OPERATORS, "conv", changed)
    assert operator_table.put(PAGE) != PAGE


# Tables whose rows are checked one by one: `expression` | … | its value.

ROW = re.compile(r"^\| (?:`([^|]*)` \| )?([^|]*) \| `((?:[^`|]|\\\|)*)` \| `([^`|]*)` \|$", re.MULTILINE)


def section(title: str) -> str:
    start = PAGE.index(f"<!-- {title} -->")
    return PAGE[start : PAGE.index("<!-- end -->", start)]


def rows(title: str) -> list[tuple[str, str, str]]:
    """(what it is, the example, its value) of each row of a table."""
    return [(match[1] or match[2], match[3].replace(r"\|", "|"), match[4]) for match in ROW.finditer(section(title))]


CHECKED = [*rows("expressions"), *rows("functions")] if PAGE else []


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: row[1])
def test_values_of_expressions(row: tuple[str, str, str]) -> None:
    _, text, value = row
    source = Source("example", text)
    report: list[Diagnostic] = []
    tree = parse_expression(Source("example", f"({text})"), report)
    assert tree is not None, report
    scope = Scope(None, source, UNKNOWN)
    scope.names.update({"a": (3, 4, 6, 3), "c": 64})
    assert show(evaluate(tree, scope)) == value


def test_every_function_is_explained() -> None:
    assert [row[0].partition("(")[0] for row in rows("functions")] == list(FUNCTIONS)


def test_every_limit_is_explained() -> None:
    limits = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", section("limits"), re.MULTILINE)
    assert {name: int(number.replace(",", "")) for name, number in limits} == DEFAULTS


def test_the_page_says_what_the_examples_stand_behind() -> None:
    assert f"```text\n{PRELUDE}```" in PAGE or all(f"`{line}`" in PAGE for line in PRELUDE.splitlines())


def test_links_lead_somewhere() -> None:
    headings = {_anchor(heading) for heading in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)}
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert links
    for link in links:
        target, _, anchor = link.partition("#")
        assert "://" in target or not target or (REFERENCE.parent / target).exists(), link
        assert target or anchor in headings, link


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
