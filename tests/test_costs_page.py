"""The page on costs says what is so: its fields are the document's, its figures ours, its choices those that there are."""

from __future__ import annotations

import re
from pathlib import Path

import archdsl
from archdsl.analysis.conventions import CONVENTIONS
from archdsl.analysis.devices import DEVICES
from archdsl.analysis.metrics import NAMES
from archdsl.analysis.training import OPTIMIZERS

PAGE = (Path(__file__).parent.parent / "grammar" / "costs.md").read_text(encoding="utf-8")


def first_cells(heading: str, skip: int = 2) -> list[str]:
    """The names in backticks in the first column of the table whose heading row starts so."""
    table = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[skip:]
    return [name for row in table for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_every_metric_is_explained() -> None:
    assert sorted(first_cells("metric")) == sorted(name for name in NAMES if name != "out")


def test_the_fields_of_the_document() -> None:
    document = archdsl.load("googlenet").cost().to_dict()
    assert first_cells("field") == list(document)
    assert sorted(first_cells("field of a row")) == sorted(document["rows"][0])


def test_choices() -> None:
    assert first_cells("name") == list(CONVENTIONS)
    assert f"`--optimizer {'|'.join(OPTIMIZERS)}`" in PAGE
    assert all(f"`{name}`" in PAGE for name in DEVICES)


def test_our_figures_beside_those_of_others() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \|", PAGE[PAGE.index("## What others count") :], re.MULTILINE)
    assert len(rows) == 6
    for name, figure in rows:
        macs = archdsl.load(name).cost().macs
        assert isinstance(macs, int)
        assert f"{macs / 1e9:.5f}" == figure
