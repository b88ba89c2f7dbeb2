"""What Python programs ask: the same answers as the command line's, in the same forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.shell import Shell

import archdsl
from archdsl import ArchError

SMALL = "arch small(width=8)\ninput x[3, 16, 16]\nconv 3x3 width\nrelu\ngap ; linear 10\nexpect depth == 2\n"

ANSWERS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "diff": (lambda: archdsl.diff("resnet18", "resnet34"), ("diff", "resnet18", "resnet34")),
    "fits": (lambda: archdsl.fits("resnet18", "4GB"), ("fits", "resnet18", "--memory", "4GB")),
    "solve": (
        lambda: archdsl.solve("resnet18", "classes", "params <= 12M"),
        ("solve", "resnet18", "classes", "--where", "params <= 12M"),
    ),
    "operator": (lambda: archdsl.explain("conv"), ("explain", "conv")),
    "page": (lambda: archdsl.explain("shape-mismatch"), ("explain", "shape-mismatch")),
    "list": (archdsl.explain, ("explain",)),
    "line": (lambda: archdsl.explain("alexnet:11"), ("explain", "alexnet:11")),
    "zoo": (lambda: archdsl.zoo(family="nin"), ("zoo", "--family", "nin")),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_the_command_line_and_python_answer_alike(name: str, form: str, shell: Shell) -> None:
    ask, command = ANSWERS[name]
    answer = ask()
    told = shell(*command, "--format", form)
    assert told.code == 0
    assert told.out == answer.form(form) + "\n"
    if form == "json":
        assert json.loads(told.out) == answer.to_dict()
        assert answer.to_dict()["schema"].startswith("archdsl.")
    if form == "table":
        assert str(answer) + "\n" == told.out


def test_check_finds_what_the_command_finds(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "good.arch").write_text(SMALL, encoding="utf-8")
    (tmp_path / "wrong.arch").write_text(SMALL.replace("linear", "linaer"), encoding="utf-8")
    (tmp_path / "failing.arch").write_text(SMALL.replace("== 2", "== 3"), encoding="utf-8")
    fine = archdsl.check(tmp_path / "good.arch")
    assert fine
    assert (fine.hold, fine.failed, fine.diagnostics) == (1, 0, [])
    assert str(fine) == "1 file: no mistakes, 1 contract holds"
    both = archdsl.check(str(tmp_path))
    assert not both.ok
    assert [one.name for one in both.diagnostics] == ["contract-failed", "unknown-operator"]
    told = shell("check", str(tmp_path), "--format", "json")
    assert told.code == 1
    assert json.loads(told.out) == both.to_dict()
    changed = archdsl.check(tmp_path / "failing.arch", width=16)
    assert changed.ok
    assert changed.gaps == ["1 contract was not checked, because of `parameters`"]


def test_check_takes_an_arch_with_its_settings() -> None:
    arch = archdsl.loads(SMALL, width=4)
    assert archdsl.check(arch).unchecked == 1
    assert archdsl.check(archdsl.loads(SMALL)).hold == 1
    sizes = archdsl.check("alexnet", input_sizes=True).to_dict()["input_sizes"]
    assert sizes[0]["weights_fit"]["inference"] is not None


def test_a_warning_is_an_error_if_strict() -> None:
    unused = archdsl.loads("arch a\ninput x[3, 8, 8]\nskip: conv 3x3 8\nrelu\n")
    assert archdsl.check(unused).ok
    assert not archdsl.check(unused, strict=True).ok


def test_fits_takes_bytes_and_says_how() -> None:
    answer = archdsl.fits(archdsl.load("resnet18"), 4 * 2**30, training=True, optimizer="adam")
    assert answer.bytes <= 4 * 2**30 < answer.more
    assert "training with adam" in str(answer)
    nothing = archdsl.fits("resnet18", "1MB")
    assert nothing.batch == 0
    assert "not even one sample fits into 1MB" in str(nothing)
    with pytest.raises(ValueError, match="is not an amount of memory"):
        archdsl.fits("resnet18", "much")


def test_solve_tells_the_neighbor_that_breaks_it() -> None:
    answer = archdsl.solve("resnet18", "classes", "params <= 12M")
    assert answer.beyond is not None
    kept, broken = (one["params"] for one in (answer.measured, answer.beyond[1]))
    assert isinstance(kept, int)
    assert isinstance(broken, int)
    assert kept <= 12_000_000 < broken
    assert archdsl.load("resnet18", classes=answer.value).cost().params == answer.measured["params"]
    with pytest.raises(ValueError, match="cannot be given a value"):
        archdsl.solve("resnet18", "classes", "params <= 12M", classes=3)
    with pytest.raises(ArchError, match="unknown-parameter"):
        archdsl.solve("resnet18", "width", "params <= 12M")


def test_a_difference_is_true_if_there_is_one() -> None:
    assert archdsl.diff("resnet18", "resnet34")
    assert not archdsl.diff("resnet18", archdsl.load("resnet18"))


def test_the_zoo_is_narrowed_and_sorted() -> None:
    found = archdsl.zoo(year=(2014, 2015), max_params=10_000_000, sort="-params", columns=["name", "params", "year"])
    sizes = [row["params"] for row in found if isinstance(row["params"], int)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == len(found)
    assert all(row["year"] in (2014, 2015) for row in found)
    assert len(found) == len(found.to_pandas())
    assert "<table>" in found._repr_html_()
    assert archdsl.zoo(family="resnet", year=1990).rows == []
    with pytest.raises(ValueError, match="did you mean `resnet`"):
        archdsl.zoo(family="resnt")


def test_there_is_nothing_of_that_name() -> None:
    for wrong in ("con", "alexnet", "alexnet:1000", "alexnet:11:400", "alexnet:2"):
        with pytest.raises(ValueError, match="`"):
            archdsl.explain(wrong)


def test_a_form_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="there is no format `xml`"):
        archdsl.fits("resnet18", "4GB").form("xml")
