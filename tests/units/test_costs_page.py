"""The page on costs says what is so: its fields are the document's, its figures ours, its choices those that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from helpers.folders import ROOT

import archdsl
from archdsl.analysis.dtypes import ITEM_BYTES
from archdsl.analysis.metrics.named import NAMES
from archdsl.analysis.questions.devices import DEVICES
from archdsl.analysis.reports.conventions import CONVENTIONS
from archdsl.analysis.training.choices import AUTOCASTS, OPTIMIZERS
from archdsl.cli.main import main

PATH = ROOT / "grammar" / "costs.md"
PAGE = PATH.read_text(encoding="utf-8")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^\$ archdsl (.*)$", re.MULTILINE)


def first_cells(heading: str, skip: int = 2) -> list[str]:
    """The names in backticks in the first column of the table whose heading row starts so."""
    table = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[skip:]
    return [name for row in table for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_every_metric_is_explained() -> None:
    assert sorted(first_cells("metric")) == sorted(name for name in NAMES if name != "out")


def test_the_fields_of_the_document() -> None:
    document = archdsl.load("googlenet").cost(training=True).to_dict()
    assert first_cells("field") == list(document)
    assert {*document} - {*archdsl.load("googlenet").cost().to_dict()} == {"training"}
    assert sorted(first_cells("field of a row")) == sorted(document["rows"][0])


def test_choices() -> None:
    assert first_cells("name") == list(CONVENTIONS)
    assert f"`--optimizer {'|'.join(OPTIMIZERS)}`" in PAGE
    assert f"`--autocast {'|'.join(AUTOCASTS)}`" in PAGE
    assert all(f"`{name}`" in PAGE for name in ITEM_BYTES)
    assert all(f"`{name}`" in PAGE for name in DEVICES)


@pytest.mark.parametrize("number", range(len(CONSOLE.findall(PAGE))))
def test_every_example_prints_what_the_page_shows(
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    update_golden: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")  # a terminal that the page fits into
    shown = CONSOLE.findall(PATH.read_text(encoding="utf-8"))[number]
    printed = ""
    for command in PROMPT.findall(shown):
        assert main(shlex.split(command)) == 0
        captured = capsys.readouterr()
        printed += f"$ archdsl {command}\n{captured.out}{captured.err}"
    if update_golden:
        place = list(CONSOLE.finditer(PATH.read_text(encoding="utf-8")))[number].span(1)
        text = PATH.read_text(encoding="utf-8")
        PATH.write_text(text[: place[0]] + printed + text[place[1] :], encoding="utf-8")
        shown = printed
    assert shown == printed


def test_every_option_of_the_costs_is_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("cost", "fits", "solve", "compare", "diff"):
        assert main([verb, "--help"]) == 0
        options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out.split("for every verb:")[0]))
        assert {
            option for option in options - {"--help", "--quiet", "--verbose", "--version", "--color"} if option not in PAGE
        } == set()


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (program,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(program, {})
    assert (tmp_path / "chart.svg").exists()


def test_our_figures_beside_those_of_others() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \|", PAGE[PAGE.index("## What other tools count") :], re.MULTILINE)
    assert len(rows) == 6
    for name, figure in rows:
        macs = archdsl.load(name).cost().macs
        assert isinstance(macs, int)
        assert f"{macs / 1e9:.5f}" == figure
