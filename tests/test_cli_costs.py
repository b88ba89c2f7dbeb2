"""The verbs that ask about costs: cost, fits, solve, compare, diff; what they print, and what they refuse in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from archdsl.cli.main import main

WIDE = """\
arch wide(width=8, depth=2, rate=0.5, sizes=[1, 2])
input image[3, 32, 32]
stem < conv 3x3 width ; relu >
stage x(depth) < block < conv 3x3 width ; relu > >
head < gap ; dropout rate ; linear 10 >
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str


Shell = Callable[..., Result]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs commands in a folder of their own, in which `wide.arch` stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wide.arch").write_text(WIDE, encoding="utf-8")

    def run(*arguments: str) -> Result:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


def refused(result: Result, code: int, *words: str) -> None:
    """One sentence on standard error that holds all the words, no result, and no file."""
    assert (result.code, result.out) == (code, "")
    assert result.err.count("\n") == 1
    assert all(word in result.err for word in words), result.err
    assert os.listdir() == ["wide.arch"]


# compare


def test_compare_has_a_row_a_file(shell: Shell) -> None:
    result = shell("compare", "resnet50", "alexnet", "wide.arch", "--sort=-params", "--columns", "name, params,year")
    assert (result.code, result.err) == (0, "")
    assert [line.split() for line in result.out.splitlines()[4:]] == [
        ["alexnet", "61,100,840", "2014"],
        ["resnet50", "25,557,032", "2015"],
        ["wide", "1,482"],
    ]


@pytest.mark.parametrize("format", ["csv", "json", "markdown", "html"])
def test_compare_in_every_format(shell: Shell, format: str) -> None:
    result = shell("compare", "vgg16", "wide.arch", "--format", format)
    assert result.code == 0
    assert "vgg16" in result.out
    assert ("1482" if format in ("csv", "json") else "1,482") in result.out


def test_compare_sets_every_file(shell: Shell) -> None:
    result = shell("compare", "vgg16", "vgg19", "--set", "classes=10", "--format", "csv", "--columns", "out")
    assert result.out == "out\n[10]\n[10]\n"


@pytest.mark.parametrize("chart", ["complexity", "layers"])
def test_compare_draws(shell: Shell, chart: str) -> None:
    pytest.importorskip("matplotlib")
    for _ in range(2):
        result = shell("compare", "vgg16", "resnet50", "--plot", "chart.svg", "--chart", chart)
        assert (result.code, result.err) == (0, "wrote chart.svg\n")
    assert "vgg16" in result.out
    assert "vgg16" in Path("chart.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--sort", "parms"], 1, ["there is no column `parms`", "did you mean `params`?"]),
        (["--columns", "name,yaer"], 1, ["did you mean `year`?"]),
        (["--plot", "chart.gif"], 2, ["`--plot` wants a name that ends in .svg, .png, .pdf, not `chart.gif`"]),
        (["--plot", "nowhere/chart.svg"], 2, ["there is no folder `nowhere`"]),
        (["--plot", "chart.svg", "--chart", "layers", "--", "vgg19"], 2, ["two FILEs side by side, and not 3"]),
    ],
)
def test_comparisons_that_cannot_be(shell: Shell, options: list[str], code: int, words: list[str]) -> None:
    refused(shell("compare", *options, "vgg16", "resnet50"), code, *words)


def test_a_chart_of_nothing_prints_nothing(shell: Shell) -> None:
    pytest.importorskip("matplotlib")
    result = shell("compare", "wide.arch", "unet", "--plot", "chart.svg")
    refused(result, 1, "there is nothing to place in a chart; the chart `layers` of two needs none")


def test_a_plot_without_matplotlib(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    result = shell("compare", "vgg16", "resnet50", "--plot", "chart.svg")
    refused(result, 1, 'a plot needs matplotlib: pip install "archdsl[plot]"')


# diff


def test_diff_tells_what_changed_and_what_it_costs(shell: Shell) -> None:
    result = shell("diff", "resnet50", "resnet101")
    assert (result.code, result.err) == (0, "")
    assert "stage3  6 -> 23 runs of bottleneck  +18,992,128  +3,712,221,184  +32.5 MB\n" in result.out


def test_diff_of_one_file_with_other_values_changes_the_second(shell: Shell) -> None:
    result = shell("diff", "wide.arch", "wide.arch", "--set", "depth=5")
    assert "stage1  2 -> 5 runs of block" in result.out
    assert "no difference" in shell("diff", "wide.arch", "wide.arch").out
    assert "no difference" in shell("diff", "resnet18", "resnet18").out


def test_diff_of_two_files_sets_both(shell: Shell) -> None:
    result = shell("diff", "vgg16", "vgg19", "--input", "image=3x64x64")
    assert "stage3.unit1 and 2 more  3 -> 4 runs of unit  +5,309,696  +339,738,624  +416 KB\n" in result.out
    assert "input" not in result.out


def test_diff_of_formulas_has_signs(shell: Shell) -> None:
    out = shell("diff", "two_conv3x3", "conv5x5").out
    assert "2 runs of conv 3x3, C -> conv 5x5, C  +7*C**2  +7*C**2*H*W  -4*C*H*W\n" in out


def test_diff_with_a_file_that_is_not_there(shell: Shell) -> None:
    result = shell("diff", "resnet50", "resnet5O")
    assert (result.code, result.out) == (2, "")
    assert "did you mean `resnet50`?" in result.err
