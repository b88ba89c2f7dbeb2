"""The verbs that ask about costs: cost, fits, solve, compare, diff; what they print, and what they refuse in one sentence."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from helpers.shell import Result, Shell

WIDE = """\
arch wide(width=8, depth=2, rate=0.5, sizes=[1, 2])
input image[3, 32, 32]
stem < conv 3x3 width ; relu >
stage x(depth) < block < conv 3x3 width ; relu > >
head < gap ; dropout rate ; linear 10 >
"""


@pytest.fixture(autouse=True)
def _wide(shell: Shell) -> None:
    shell.write("wide.arch", WIDE)


def refused(result: Result, code: int, *words: str) -> None:
    """One sentence on standard error that holds all the words, no result, and no file."""
    assert (result.code, result.out) == (code, "")
    assert result.err.count("\n") == 1
    assert all(word in result.err for word in words), result.err
    assert os.listdir() == ["wide.arch"]


# cost


def test_symbolic_prints_the_lectures_formulas(shell: Shell) -> None:
    one, two = (shell("cost", name, "--symbolic").out for name in ("conv5x5", "two_conv3x3"))
    rows = [line.split() for line in one.splitlines()]
    for metric, formula in (("params", "25*C**2"), ("macs", "25*C**2*H*W"), ("peak", "4*C*H*W")):
        assert [metric, formula] in rows
    rows = [line.split() for line in two.splitlines()]
    assert ["params", "18*C**2"] in rows
    assert ["macs", "18*C**2*H*W"] in rows
    document = json.loads(shell("cost", "conv5x5", "--symbolic", "--format", "json").out)
    assert document["formulas"]["macs"] == document["macs"] == "25*C**2*H*W"
    assert document["formulas"]["out"] == "(C, H, W)"


def test_symbolic_says_where_nothing_is_free(shell: Shell) -> None:
    result = shell("cost", "wide.arch", "--symbolic")
    assert result.code == 0
    assert result.err.startswith("archdsl cost: nothing is free")
    assert "params                   1482\n" in result.out


def test_a_free_parameter_gives_formulas(shell: Shell) -> None:
    out = shell("cost", "wide.arch", "--free", "width", "--by", "role", "--format", "csv").out
    assert "stem" in out
    assert "28*width" in out
    assert "18*width**2 + 40*width + 10 params" in shell("cost", "wide.arch", "--free", "width").out


def test_training_adds_its_memory(shell: Shell) -> None:
    options = ["--training", "--optimizer", "adamw", "--checkpoint", "block", "--batch", "8"]
    out = shell("cost", "wide.arch", *options).out
    assert "training with adamw, batch 8, float32, every block recomputed in backward\n" in out
    assert "(all that a training step holds at once)" in out
    document = json.loads(shell("cost", "wide.arch", *options, "--autocast", "bfloat16", "--format", "json").out)
    assert document["training"]["optimizer_bytes"] == 2 * 4 * 1482
    assert document["training"]["autocast"] == "bfloat16"
    assert document["peak"] == document["training"]["peak_bytes"]
    for format in ("markdown", "html"):
        assert "state of adamw" in shell("cost", "wide.arch", *options, "--format", format).out


def test_a_device_adds_a_time(shell: Shell) -> None:
    device = {"title": "Mine", "flops": {"float32": 1e9}, "bandwidth": 1e12, "memory": 1024, "source": "made up"}
    Path("mine.json").write_text(json.dumps(device), encoding="utf-8")
    out = shell("cost", "wide.arch", "--device-spec", "mine.json", "--by", "stage").out
    assert "at least, on Mine (float32: 1.00GFLOP/s, 1.00TB/s), batch 1: 2.86 ms\n" in out
    assert "NVIDIA H200" in shell("cost", "wide.arch", "--device-spec", "h200", "--dtype", "bfloat16", "--format", "html").out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--dtype", "flot32"], 2, ["`--dtype` has no value `flot32`; did you mean `float32`?"]),
        (["--convention", "mac"], 2, ["`--convention` has no value `mac`; did you mean `macs`?"]),
        (["--format", "xml"], 2, ["`--format` has no value `xml`; the choices are `table`, `lecture`"]),
        (["--by", "layers"], 2, ["`--by` has no value `layers`; did you mean `layer`?"]),
        (["--batch", "0"], 2, ["--batch", "a whole number of at least 1, not `0`"]),
        (["--batch", "many"], 2, ["a whole number of at least 1, not `many`"]),
        (["--device-spec", "h20"], 2, ["there is no device `h20`; did you mean `h200`?"]),
        (["--device-spec", "nowhere.json"], 2, ["there is no file `nowhere.json`"]),
        (["--device-spec", "wide.arch"], 2, ["there is no device `wide.arch`"]),
        (["--device-spec", "laptop", "--dtype", "int8"], 2, ["`laptop` for `int8`; the choices are `float64`, `float32`"]),
        (["--optimizer", "adam"], 2, ["`--optimizer`", "needs `--training`"]),
        (["--checkpoint", "block"], 2, ["`--checkpoint`", "needs `--training`"]),
        (["--training", "--optimizer", "adan"], 2, ["`--optimizer` has no value `adan`; did you mean `adam`?"]),
        (["--training", "--checkpoint", "all"], 2, ["`--checkpoint` has no value `all`; the choices are `stage`, `block`"]),
        (["--training", "--autocast", "bfloat16", "--dtype", "float16"], 2, ["not narrower"]),
        (["--training", "--dtype", "int8"], 2, ["needs floating-point numbers, not int8", "`bfloat16`"]),
        (["--training", "--format", "csv"], 2, ["cannot show `--training`"]),
        (["--symbolic", "--format", "lecture"], 2, ["cannot show `--symbolic`"]),
        (["--format", "lecture", "--by", "stage"], 2, ["is a fixed table"]),
        (["--format", "lecture", "--convention", "flops"], 2, ["is a fixed table"]),
        (["--device-spec", "a100", "--format", "csv"], 2, ["cannot show `--device-spec`"]),
        (["--free", "depth"], 1, ["`depth` cannot be left free", "the structure depends on it", "(wide.arch:4)", "depth=2"]),
        (["--free", "sizes"], 2, ["`sizes` cannot be left free", "a list"]),
        (["--free", "width", "--set", "width=3"], 2, ["cannot be left free and have a value at once"]),
        (["--free", "width", "--device-spec", "a100"], 1, ["a time needs numbers"]),
    ],
)
def test_costs_that_cannot_be(shell: Shell, options: list[str], code: int, words: list[str]) -> None:
    refused(shell("cost", "wide.arch", *options), code, *words)


def test_formulas_without_sympy(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    refused(shell("cost", "conv5x5", "--symbolic"), 3, 'formulas need sympy: pip install "archdsl[symbolic]"')
    assert shell("cost", "conv5x5").code == 0


# fits


def test_fits_tells_the_largest_batch(shell: Shell) -> None:
    result = shell("fits", "resnet50", "--memory", "80GB", "--training", "--optimizer", "adam")
    assert result == Result(
        0,
        "resnet50: a batch of 987 fits into 80GB (float32, training with adam)\n"
        "  987 need 80.0 GB (85,892,279,892 bytes), 988 would need 80.1 GB (85,978,984,020 bytes)\n",
        "",
    )
    narrow = shell("fits", "resnet50", "--memory", "80GB", "--training", "--autocast", "bfloat16", "--checkpoint", "block")
    assert "(float32, training with sgd, activations bfloat16, every block recomputed)\n" in narrow.out
    assert shell("fits", "wide.arch", "--memory", "1MB", "--dtype", "float16").out.startswith("wide: a batch of ")


@pytest.mark.parametrize(
    ("file", "options", "code", "words"),
    [
        ("wide.arch", [], 2, ["--memory"]),
        ("wide.arch", ["--memory", "80"], 2, ["write a number and a unit, such as `80GB`"]),
        ("wide.arch", ["--memory", "1KB"], 1, ["not even one sample fits into 1KB", "it needs"]),
        ("conv5x5", ["--memory", "1GB"], 1, ["depends on free dimensions", "`--input`"]),
        ("wide.arch", ["--memory", "1GB", "--optimizer", "adam"], 2, ["needs `--training`"]),
    ],
)
def test_questions_of_memory_without_an_answer(
    shell: Shell, file: str, options: list[str], code: int, words: list[str]
) -> None:
    refused(shell("fits", file, *options), code, *words)


# solve


def test_solve_tells_the_value_and_its_neighbour(shell: Shell) -> None:
    assert shell("solve", "wide.arch", "width", "--where", "macs <= 4G") == Result(
        0,
        "width = 465\n  the largest with macs <= 4G: macs 3,998,320,170\n  width = 466 has macs 4,015,508,020\n",
        "",
    )
    smallest = shell("solve", "vit_b_16", "patch", "--where", "macs <= 4G").out
    assert smallest.startswith("patch = 33\n  the smallest with macs <= 4G: macs 3,258,909,696\n")
    memory = shell("solve", "wide.arch", "width", "--where", "stem.memory <= 1MB").out
    assert memory.startswith("width = 256\n  the largest with stem.memory <= 1MB: stem.memory 1,048,576 (1.00 MB)\n")


@pytest.mark.parametrize(
    ("name", "options", "code", "words"),
    [
        ("width", [], 2, ["--where"]),
        ("width", ["--where", "macs"], 2, ["`macs` compares nothing"]),
        ("width", ["--where", "macs == 4G"], 1, ["no value keeps `macs == 4G`"]),
        ("width", ["--where", "macs <= 4"], 1, ["no value keeps `macs <= 4`: with 1 `macs` is"]),
        ("width", ["--where", "depth <= 100"], 1, ["the value does not decide `depth <= 100`"]),
        ("width", ["--where", "out <= 4"], 2, ["`out` is a list of"]),
        ("sizes", ["--where", "macs <= 4G"], 2, ["`sizes` is a list"]),
        ("width", ["--where", "macs <= 4G", "--set", "width=3"], 2, ["`--set` cannot give it a value"]),
    ],
)
def test_questions_of_values_without_an_answer(
    shell: Shell, name: str, options: list[str], code: int, words: list[str]
) -> None:
    refused(shell("solve", "wide.arch", name, *options), code, *words)


def test_solve_takes_several_conditions(shell: Shell) -> None:
    between = shell("solve", "resnet50", "classes", "--where", "params > 30M and macs < 5G").out
    assert between == (
        "classes = 445,734\n"
        "  the largest with params > 30M and macs < 5G: params 936,816,998, macs 4,999,999,488\n"
        "  classes = 445,735 has params 936,819,047, macs 5,000,001,536\n"
        "  all that keep it: 3,169 to 445,734\n"
    )
    apart = shell("solve", "resnet50", "classes", "--where", "params < 25M or params == 25_557_032 or params >= 30M").out
    assert apart.startswith("classes = 3,169\n  the smallest with ")
    assert apart.endswith("  all that keep it: 1 to 728, 1,000, 3,169 and up\n")
    pair = shell("solve", "vit_b_16", "patch", "--where", "receptive_field <= [20, 20]").out
    assert pair.startswith("patch = 20\n  the largest with receptive_field <= [20, 20]: receptive_field [20, 20]\n")


def test_solve_asked_of_what_is_not_there(shell: Shell) -> None:
    parameter = shell("solve", "wide.arch", "widht", "--where", "macs <= 4G")
    metric = shell("solve", "wide.arch", "width", "--where", "macz <= 4G")
    assert (parameter.code, parameter.out, metric.code, metric.out) == (2, "", 2, "")
    assert "did you mean `width`?" in parameter.err
    assert "did you mean `macs`?" in metric.err


# compare


def test_compare_has_a_row_a_file(shell: Shell) -> None:
    result = shell("compare", "resnet50", "alexnet", "wide.arch", "--sort=-params", "--columns", "name, params,year")
    assert (result.code, result.err) == (0, "")
    assert [line.split() for line in result.out.splitlines()[4:]] == [
        ["alexnet", "61,100,840", "2014"],
        ["resnet50", "25,557,032", "2015"],
        ["wide", "1,482"],
    ]


def test_architectures_of_one_name_are_told_apart_by_their_files(shell: Shell) -> None:
    Path("other.arch").write_text(WIDE.replace("width=8", "width=16"), encoding="utf-8")
    result = shell("compare", "wide.arch", "vgg16", "other.arch", "--columns", "name,params", "--format", "csv")
    assert result.out == "name,params\nwide.arch,1482\nvgg16,138357544\nother.arch,5258\n"


def test_options_may_stand_between_files(shell: Shell) -> None:
    result = shell("compare", "vgg16", "--columns", "name", "wide.arch", "--format", "csv", "resnet50")
    assert result == Result(0, "name\nvgg16\nwide\nresnet50\n", "")
    assert shell("solve", "wide.arch", "--where", "macs <= 4G", "width").out.startswith("width = 465\n")


@pytest.mark.parametrize("format", ["csv", "json", "markdown", "html"])
def test_compare_in_every_format(shell: Shell, format: str) -> None:
    result = shell("compare", "vgg16", "wide.arch", "--format", format)
    assert result.code == 0
    assert "vgg16" in result.out
    assert ("1482" if format in ("csv", "json") else "1,482") in result.out


def test_compare_takes_what_contracts_may_name(shell: Shell) -> None:
    columns = "name,stage3.memory,memory(conv),receptive_field.windows,params.aux,out.coarse"
    result = shell("compare", "resnet50", "seresnet50", "alexnet", "--columns", columns.removesuffix(",out.coarse"))
    rows = [line.split() for line in result.out.splitlines()[4:]]
    assert rows[0] == ["resnet50", "12.8", "MB", "42.4", "MB", "427", "x", "427", "0"]
    assert rows[1][:3] == ["seresnet50", "16.9", "MB"]
    assert rows[2][:4] == ["alexnet", "1.85", "MB", "195"]
    document = json.loads(shell("compare", "alexnet", "resnet50", "--columns", "stage3.memory", "--format", "json").out)
    assert document["rows"] == [{"stage3.memory": None}, {"stage3.memory": 13_447_168}]
    for name in ("stage9.memory", "out.coarse", "memory(conf)", "stage3.memry", "a.b c", "(", "params."):
        refused(shell("compare", "resnet50", "--columns", name), 2, f"there is no column `{name}`")
    by_part = shell("compare", "resnet50", "resnet18", "resnet101", "--sort=-stage3.params", "--columns", "name")
    assert by_part.out.split()[-3:] == ["resnet101", "resnet50", "resnet18"]


def test_compare_sets_every_file(shell: Shell) -> None:
    result = shell("compare", "vgg16", "vgg19", "--set", "classes=10", "--format", "csv", "--columns", "out")
    assert result.out == "out\n[10]\n[10]\n"


@pytest.mark.parametrize("chart", ["complexity", "layers"])
def test_compare_draws(shell: Shell, chart: str) -> None:
    for _ in range(2):
        result = shell("compare", "vgg16", "resnet50", "--plot", "chart.svg", "--chart", chart)
        assert (result.code, result.err) == (0, "wrote chart.svg\n")
    assert "vgg16" in result.out
    assert "vgg16" in Path("chart.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--sort", "parms"], 2, ["there is no column `parms`", "did you mean `params`?"]),
        (["--columns", "name,yaer"], 2, ["did you mean `year`?"]),
        (["--accuracy", "top5"], 2, ["`--accuracy` is about a chart, so it needs `--plot`"]),
        (["--chart", "layers"], 2, ["`--chart` is about a chart, so it needs `--plot`"]),
        (["--plot", "chart.gif"], 2, ["`--plot` needs a name that ends in .svg, .png, .pdf, not `chart.gif`"]),
        (["--plot", "nowhere/chart.svg"], 2, ["there is no folder `nowhere`"]),
        (["--plot", "chart.svg", "--chart", "layers", "vgg19"], 2, ["two FILEs side by side, not 3"]),
    ],
)
def test_comparisons_that_cannot_be(shell: Shell, options: list[str], code: int, words: list[str]) -> None:
    refused(shell("compare", "vgg16", *options, "resnet50"), code, *words)


def test_a_chart_of_nothing_prints_nothing(shell: Shell) -> None:
    result = shell("compare", "wide.arch", "unet", "--plot", "chart.svg")
    refused(result, 1, "there is nothing to plot; the chart `layers` of two architectures needs no accuracy")


def test_a_plot_without_matplotlib(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    result = shell("compare", "vgg16", "resnet50", "--plot", "chart.svg")
    refused(result, 3, 'a plot needs matplotlib: pip install "archdsl[plot]"')


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
