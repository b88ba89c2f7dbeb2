"""The zoo, without torch: every entry checks without a word, says what it is, and has the exact published or derived counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers.entries import entry
from helpers.folders import TESTS

import archdsl
from archdsl import compiler
from archdsl.analysis import contracts
from archdsl.analysis.cost import Cost
from archdsl.resources import zoo_names, zoo_path
from archdsl.text import Source

ROWS: dict[str, list[dict[str, Any]]] = json.loads((TESTS / "zoo" / "zoo_counts.json").read_text(encoding="utf-8"))["entries"]
ENTRIES = tuple(zoo_names())
FORMULAS = {"attention", "attention_op", "conv5x5", "two_conv3x3", "vgg_stage"}
"""Entries whose contracts are formulas, so that no table has a row for them."""
CASES = [pytest.param(name, row, id=f"{name}-{row['id']}") for name, rows in ROWS.items() for row in rows]


def text_of(name: str) -> tuple[Path, str]:
    path = zoo_path(name)
    assert path is not None
    return path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_checks_without_a_diagnostic(name: str) -> None:
    path, text = text_of(name)
    program = compiler.run(Source(str(path), text), path.parent)
    assert [diagnostic.message for diagnostic in program.report] == []
    assert program.network is not None
    assert [diagnostic.message for diagnostic in contracts.check(program.network, Cost(program.network))] == []


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_says_what_it_is(name: str) -> None:
    _, text = text_of(name)
    network = entry(name).network
    assert network.name == name
    assert text.startswith("# ")
    assert {"title", "family", "year"} <= set(network.meta)
    assert "source" in network.meta or not {"top1_error", "top5_error", "miou"} & set(network.meta)
    exact = {contract.path for contract in network.expectations if contract.relation == "=="}
    assert name in FORMULAS or {("params",), ("macs",), ("out",)} <= exact


@pytest.mark.parametrize(("name", "row"), CASES)
def test_counts_are_exact(name: str, row: dict[str, Any]) -> None:
    path, text = text_of(name)
    for old, new in row.get("edit", {}).items():
        assert old in text
        text = text.replace(old, new)
    inputs = {"image": tuple(row["image"])} if "image" in row else None
    cost = archdsl.loads(text, str(path), inputs=inputs, **row.get("set", {})).cost()
    with_heads = row.get("heads", ())
    params = cost.params + cost.params_aux if "params" in with_heads else cost.params
    macs = cost.macs + cost.macs_aux if "macs" in with_heads else cost.macs
    assert (params, macs) == (row["params"], row["macs"])
    if "aux" in row:
        assert (cost.params_aux, cost.macs_aux) == (row["aux"]["params"], row["aux"]["macs"])


def test_every_entry_has_a_row() -> None:
    assert set(ROWS) == set(ENTRIES) - FORMULAS


def test_a_wrong_contract_is_noticed() -> None:
    path, text = text_of("alexnet")
    program = compiler.run(Source(str(path), text.replace("== 714_188_480", "== 714_188_481")), path.parent)
    assert program.network is not None
    (diagnostic,) = contracts.check(program.network, Cost(program.network))
    assert diagnostic.name == "contract-failed"
