"""The zoo's certificate is not stale, and says nothing that is not so."""

from __future__ import annotations

from typing import Any

import pytest
from helpers import certificate, entries
from helpers.lecture_figures import FIGURES, verdict

import archdsl
from archdsl.resources import zoo_names


def test_the_page_is_not_stale(update_golden: bool) -> None:
    page = certificate.page()
    if update_golden:
        certificate.PAGE.write_text(page, encoding="utf-8")
    assert certificate.PAGE.read_text(encoding="utf-8") == page


def test_a_stale_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = certificate.kept()
    kept["alexnet"]["difference"] = 2e-3
    monkeypatch.setattr(certificate, "kept", lambda: kept)
    page = certificate.page()
    assert f"{len(kept) - 1} of {len(kept)} are" in page
    assert certificate.PAGE.read_text(encoding="utf-8") != page


def test_every_entry_was_compared() -> None:
    kept = certificate.kept()
    assert set(kept) == set(zoo_names())
    assert all(entry["difference"] < certificate.TOLERANCE for entry in kept.values())


@pytest.mark.parametrize(("name", "entry"), certificate.kept().items(), ids=certificate.kept())
def test_the_network_compared_has_our_parameters(name: str, entry: dict[str, Any]) -> None:
    (image,) = entries.entry(name).inputs
    cost = archdsl.load(name, inputs={image: tuple(entry["input"])}).cost()
    assert cost.params + cost.params_aux == entry["params"]
    assert entry["once"] == (entry["params"] > 300_000_000)


def test_the_oracles_counted_what_we_count() -> None:
    rows = certificate.rows()
    assert [row.name for row in rows if row.counted is not None and not certificate.agrees(row)] == []
    known = [row.counted["id"] for row in rows if row.counted is not None]
    assert sum(name.startswith("tv/") for name in known) == 80
    assert sum(name.startswith("tvseg/") for name in known) == 6


def test_what_differs_from_the_lecture_says_why() -> None:
    differing = [figure for figure in FIGURES if verdict(figure, entries.cost_of(figure.entry)) == "differs"]
    assert {figure.entry for figure in differing} == {"googlenet", "resnet50", "resnet101", "resnet152", "vgg16"}
    assert all(figure.remark for figure in differing)
