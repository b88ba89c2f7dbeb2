"""`archdsl zoo list`: what narrows it, and narrowing it wrongly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.entries import entry, load

from archdsl import api
from archdsl.cli.main import main

Names = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each list loads every entry. Here an entry is loaded once, by what the list asks for."""
    monkeypatch.setattr(api, "load", load)


@pytest.fixture
def names(capsys: pytest.CaptureFixture[str]) -> Names:
    def listed(*arguments: str) -> list[str]:
        assert main(["zoo", "list", "--format", "json", *arguments]) == 0
        return [entry["name"] for entry in json.loads(capsys.readouterr().out)["entries"]]

    return listed


def test_a_family_or_two(names: Names) -> None:
    nin = names("--family", "nin")
    assert nin == ["nin", "nin_bn"]
    both = names("--family", "nin", "--family", "vgg")
    assert set(nin) < set(both)
    assert {entry(name).meta["family"] for name in both} == {"nin", "vgg"}


def test_json_has_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zoo", "list", "--family", "nin", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "archdsl.zoo/1"
    assert [(one["params"], one["macs"]) for one in document["entries"]] == [
        (entry(name).cost().params, entry(name).cost().macs) for name in ("nin", "nin_bn")
    ]
    assert list(document["entries"][0]) == ["name", "title", "family", "year", "params", "macs"]


def test_a_year_or_a_span(names: Names) -> None:
    assert {entry(name).meta["year"] for name in names("--year", "2014")} == {2014}
    span = names("--year", "2014-2015")
    assert {"vgg16", "resnet50"} <= set(span)
    assert {entry(name).meta["year"] for name in span} == {2014, 2015}
    assert names("--year", "1998") == []


@pytest.mark.parametrize("metric", ["params", "macs"])
def test_limits_of_counts_are_inclusive(names: Names, metric: str) -> None:
    count = getattr(entry("googlenet").cost(), metric)
    assert names("--family", "inception", f"--min-{metric}", str(count), f"--max-{metric}", str(count)) == ["googlenet"]
    assert "googlenet" not in names("--family", "inception", f"--max-{metric}", str(count - 1))
    assert "googlenet" not in names("--family", "inception", f"--min-{metric}", str(count + 1))


def test_limits_are_written_as_in_the_language(names: Names) -> None:
    assert names("--family", "vgg", "--max-macs", "7.7G") == ["vgg11", "vgg11_bn"]


def test_what_has_no_size_is_within_no_limit(names: Names) -> None:
    assert "conv5x5" in names("--family", "lecture")
    assert "conv5x5" not in names("--family", "lecture", "--max-params", "1T")


def test_a_folder_of_that_name_is_not_the_entry(names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nin").mkdir()
    monkeypatch.chdir(tmp_path)
    assert names("--family", "nin") == ["nin", "nin_bn"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "--family", "resnt"], "the zoo has no family `resnt`; did you mean `resnet`"),
        (["list", "--family", "xx"], "the families are alexnet, convnext"),
        (["list", "--year", "15"], "`--year` needs a year, or two"),
        (["list", "--max-params", "many"], "`--max-params` needs a number"),
        (["show", "nin", "--family", "nin"], "`zoo show` takes one name"),
        (["show", "resnet5O"], "the zoo has no `resnet5O`; did you mean `resnet50`"),
    ],
)
def test_asked_wrongly(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    assert main(["zoo", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err
