"""Architectures side by side, and what changed between two of them."""

from __future__ import annotations

import csv
import json
import random
from itertools import pairwise

import pytest
from fuzz.networks import NetworkWriter
from helpers.doubling import BODIES, doubling

import archdsl
from archdsl.analysis.cost import Cost
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.totals import NOTHING
from archdsl.analysis.reports import changes as changes_module
from archdsl.analysis.reports.alignment import TooManyToAlign, aligned
from archdsl.analysis.reports.changes import Change, diff, whole_difference
from archdsl.analysis.reports.side_by_side import compare
from archdsl.backends.tables.compare import FORMATS, comparison

NAMES = ("resnet50", "alexnet", "googlenet", "conv5x5")


def costs() -> list[Cost]:
    return [archdsl.load(name).cost() for name in NAMES]


def changes(before: str, after: str) -> list[Change]:
    first, second = (archdsl.loads(f"arch a\ninput x[4, 8, 8]\n{body}").network for body in (before, after))
    found = diff(first, second)
    whole = NOTHING
    for change in found:
        whole = whole.plus(change.more)
    assert whole == whole_difference(first, second)
    return found


def test_columns_are_metrics_and_facts_for_people() -> None:
    table = compare(costs(), ["name", "params", "year", "out"])
    assert table.rows[0] == {"name": "resnet50", "params": 25_557_032, "year": 2015, "out": (1000,)}


def test_sorting_puts_what_has_no_value_last() -> None:
    def names(sort: str) -> list[object]:
        return [row["name"] for row in compare(costs(), ["name"], sort).rows]

    assert names("params") == ["googlenet", "resnet50", "alexnet", "conv5x5"]
    assert names("-params") == ["alexnet", "resnet50", "googlenet", "conv5x5"]
    assert names("name") == sorted(NAMES)
    assert names("accuracy")[0] == "alexnet"


def test_of_the_two_errors_the_one_that_more_have_is_shown() -> None:
    both, one = (
        archdsl.loads(f"arch a\nmeta {facts}\ninput x[4]\nlinear 2").cost()
        for facts in ("top1_error=3 top5_error=1", "top5_error=1")
    )
    for compared, shown, other in (([both], "top1_error", "top5_error"), ([both, one], "top5_error", "top1_error")):
        assert shown in compare(compared).columns
        assert other not in compare(compared).columns


def test_a_narrow_terminal_loses_columns_and_keeps_the_counts() -> None:
    table = compare(costs())
    assert max(map(len, comparison(table, width=90).splitlines())) <= 90
    assert "FLOPs" in comparison(table, width=90)
    assert "year" not in comparison(table, width=90)
    assert "year" in comparison(table, width=None)
    assert comparison(table).startswith("batch 1, float32\n\nname ")


def test_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([])


def test_unknown_columns_get_the_nearest() -> None:
    with pytest.raises(UnknownChoice, match="did you mean `params`"):
        compare(costs(), ["param"])
    with pytest.raises(UnknownChoice, match="did you mean `depth`"):
        compare(costs(), sort="-dept")


def test_every_format_has_every_architecture() -> None:
    table = compare(costs(), sort="params")
    for format in FORMATS:
        assert all(name in comparison(table, format) for name in NAMES)
    document = json.loads(comparison(table, "json"))
    assert document["rows"][0]["params"] == 6_998_552
    lines = list(csv.reader(comparison(table, "csv").splitlines()))
    assert lines[0] == list(table.columns)
    assert lines[2][lines[0].index("macs")] == "4089184256"
    with pytest.raises(UnknownChoice):
        comparison(table, "pdf")


def test_a_deeper_network_has_more_runs() -> None:
    (change,) = diff(archdsl.load("resnet50").network, archdsl.load("resnet101").network)
    assert (change.name, change.text) == ("stage3", "6 -> 23 runs of bottleneck")
    assert (change.more.params, change.more.macs) == (44_549_160 - 25_557_032, 7_801_405_440 - 4_089_184_256)


def test_a_moved_stride_is_two_settings() -> None:
    found = diff(archdsl.load("resnet50").network, archdsl.load("resnet50_v1").network)
    settings = [(change.name, change.text) for change in found if change.kind == "setting"]
    assert settings[:2] == [("stage2.0.conv1", "conv 1x1 stride 1 -> 2"), ("stage2.0.conv2", "conv 3x3 stride 2 -> 1")]
    assert sum(change.more.macs for change in found) == 3_857_973_248 - 4_089_184_256


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("conv 3x3 4", "conv 3x3 4", []),
        ("conv 3x3 4", "conv 3x3 4 ; bn", [("bn1", "+ bn")]),
        ("conv 3x3 4 ; dropout", "conv 3x3 4", [("dropout1", "- dropout 0.5")]),
        ("conv 3x3 4 ; relu", "conv 3x3 4 ; gelu", [("gelu1", "relu -> gelu")]),
        ("conv 3x3 4", "conv 5x5 4 dilation=2", [("conv1", "conv k 3 -> 5, dilation 1 -> 2")]),
        ("conv 3x3 4 bias=false", "conv 3x3 4", [("conv1", "conv 3x3 bias false -> true")]),
        ("x2 conv 3x3 4", "x5 conv 3x3 4", [("conv1", "2 -> 5 runs of conv 3x3, 4")]),
        (
            "conv 3x3 4 ; conv 3x3 4",
            "conv 3x3 8 ; conv 3x3 4",
            [("conv1", "conv 3x3 c 4 -> 8"), ("conv2", "the same steps on different shapes")],
        ),
        ("conv 5x5 4", "x2 < conv 3x3 4 ; relu >", [("repeat1", "conv 5x5, 4 -> 2 runs of a group")]),
        (
            "stage x2 < conv 3x3 4 ; relu >",
            "stage < conv 3x3 4 >",
            [("stage1", "2 -> 1 runs of stage"), ("stage1.relu1", "- relu")],
        ),
        ("stage < conv 3x3 4 >", "stage < conv 3x3 4 ; relu >", [("stage1.relu1", "+ relu")]),
        (
            "def f(w) < conv 1x1 w ; conv 1x1 4 >\nf(4)",
            "def f(w) < conv 1x1 w ; conv 1x1 4 >\nf(16)",
            [("f1", "f w 4 -> 16")],
        ),
        ("conv 3x3 4", "conv 3x3 4\naux side < conv 3x3 4 >", [("side", "+ aux head side")]),
        ("conv 3x3 4\naux side < conv 3x3 4 >", "conv 3x3 4\naux side < conv 5x5 4 >", [("side.conv1", "conv k 3 -> 5")]),
        ("conv 3x3 4\naux side < conv 3x3 4 >", "conv 3x3 4\nrelu", [("relu1", "aux head side -> relu")]),
        # The declaration has the weights, its calls the arithmetic: one change in all three places.
        (
            "shared m < conv 3x3 4 >\nm ; m",
            "shared m < conv 3x3 4 ; conv 1x1 4 >\nm ; m",
            [("m.conv2", "+ conv 1x1, 4")],
        ),
        (
            "shared m < conv 3x3 4 >\nm ; m",
            "def m() < conv 3x3 4 >\nm ; m",
            [("m", "- shared m"), ("m_call1", "- m"), ("m1", "+ m")],
        ),
        (
            "shared m < relu >\nshared n < conv 3x3 4 >\nm ; n",
            "shared m < relu >\nm",
            [("n", "- shared n"), ("n_call1", "- n")],
        ),
        # What does not repeat is a run of itself.
        ("def f() < conv 3x3 4 >\nx2 f", "def f() < conv 3x3 4 >\nf", [("f1", "2 -> 1 runs of f")]),
        # Lists differ as they are written.
        ("conv 3x3 4 stride=[1,2]", "conv 3x3 4 stride=[2,1]", [("conv1", "conv 3x3 stride [1, 2] -> [2, 1]")]),
    ],
)
def test_changes_in_the_terms_of_the_language(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert [(change.name, change.text) for change in changes(before, after)] == expected


def test_another_input_is_a_change() -> None:
    small = archdsl.load("resnet18").network
    large = archdsl.load("resnet18", inputs={"image": (3, 448, 448)}).network
    first, *follow = diff(small, large)
    assert (first.name, first.text) == ("image", "input [3, 224, 224] -> [3, 448, 448]")
    assert {change.kind for change in follow} == {"follows"}


PAIRS = [("vgg16", "resnet50"), ("googlenet", "googlenet_bn"), ("unet", "vit_b_16"), ("swin_t", "convnext_tiny")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_changes_add_up_however_different_the_networks(first: str, second: str) -> None:
    before, after = archdsl.load(first).network, archdsl.load(second).network
    whole = NOTHING
    for change in diff(before, after):
        whole = whole.plus(change.more)
    assert whole == whole_difference(before, after)
    assert whole.params == Cost(after).params - Cost(before).params


def test_the_changes_between_random_programs_add_up() -> None:
    networks = []
    for number in range(150):
        try:
            networks.append(archdsl.loads(NetworkWriter(random.Random(number)).program()).network)
        except archdsl.ArchError:
            continue
    assert len(networks) > 20
    for before, after in pairwise(networks):
        whole = NOTHING
        for change in diff(before, after):
            whole = whole.plus(change.more)
        assert whole == whole_difference(before, after)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_doubles_is_compared_once_a_level(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    steps = changes_module._Comparison.steps

    def counted(self: changes_module._Comparison, prefix: str, one: object, other: object, times: int) -> list[Change]:
        compared.append(1)
        return steps(self, prefix, one, other, times)  # type: ignore[arg-type]

    monkeypatch.setattr(changes_module._Comparison, "steps", counted)
    first, second = (
        archdsl.loads(doubling(levels, body).replace("relu", last)).network for levels, last in ((40, "relu"), (40, "gelu"))
    )
    (change,) = diff(first, second)
    assert (change.text, change.places) == ("relu -> gelu", 2**40)
    assert len(compared) <= 3 * 40 + 4
    deeper = diff(first, archdsl.loads(doubling(41, body)).network)
    assert max(change.places for change in deeper if "d0" in change.text) >= 2**40


def test_steps_that_only_one_of_two_long_bodies_has() -> None:
    long = ["conv 1x1 4", "relu", "bn"] * 1000
    assert [change.text for change in changes("\n".join(long), "\n".join([*long[:1500], "gelu", *long[1500:]]))] == ["+ gelu"]


def test_bodies_too_long_and_too_different_are_refused() -> None:
    assert aligned("abxcd", "abcd") == [(0, 0), (1, 1), (2, None), (3, 2), (4, 3)]
    assert aligned("abab", "ab") == [(0, 0), (1, 1), (2, None), (3, None)]
    assert aligned("", "a") == [(None, 0)]
    assert aligned("axb", "ayb") == [(0, 0), (1, 1), (2, 2)]
    with pytest.raises(TooManyToAlign, match="bodies of 6,000 and 6,000 steps differ too much"):
        aligned("xab" * 2000, "yba" * 2000)


def test_the_table_of_changes() -> None:
    resnet, deeper = archdsl.load("resnet50"), archdsl.load("resnet101")
    assert str(archdsl.diff(resnet, deeper)).splitlines()[:5] == [
        "resnet50 -> resnet101, batch 1, float32",
        "",
        "where   change                           params            MACs    memory",
        "──────  ──────────────────────────  ───────────  ──────────────  ────────",
        "stage3  6 -> 23 runs of bottleneck  +18,992,128  +3,712,221,184  +32.5 MB",
    ]
    assert str(archdsl.diff(resnet, resnet)) == "resnet50 -> resnet50: no difference in what they compute"


def test_differences_as_json_and_markdown() -> None:
    first, second = (archdsl.loads(f"arch a\ninput x[4, 8, 8]\nconv 3x3 {c} ; relu\n") for c in (4, 8))
    found = json.loads(archdsl.Difference(first, second, ("old.arch", "new.arch")).form("json"))
    (change,) = found.pop("changes")
    assert found == {
        "schema": "archdsl.diff/1",
        "from": "old.arch",
        "to": "new.arch",
        "batch": 1,
        "dtype": "float32",
        "total": {"params": 148, "macs": 4 * 4 * 9 * 64, "memory": 4 * 64 * 4},
    }
    assert change == {"where": "conv1", "kind": "setting", "change": "conv 3x3 c 4 -> 8", "places": 1, **found["total"]}
    table = archdsl.diff(first, second).form("markdown").splitlines()
    assert table[0] == "**a -> a**, batch 1, float32"
    assert any(line.startswith("| conv1 ") and "+148" in line for line in table)
    assert "\\toprule" in archdsl.diff(first, second).form("latex")
    with pytest.raises(UnknownChoice, match="there is no format `xml`"):
        archdsl.diff(first, second).form("xml")


def test_no_difference_is_an_empty_list() -> None:
    same = archdsl.loads("arch a\ninput x[4, 8, 8]\nrelu\n")
    found = archdsl.diff(same, same)
    assert found.to_dict()["changes"] == []
    assert not found
