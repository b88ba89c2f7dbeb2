"""The summary and the reports: what they say, how they fold, that they fit, and that every format holds the same figures."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from typing import Any

import pytest

import archdsl
from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.questions.devices import find_device
from archdsl.analysis.reports.conventions import CONVENTIONS
from archdsl.analysis.reports.rollup import BY
from archdsl.backends.tables import FORMATS, report, summary, words
from archdsl.backends.tables.grid import TableColumn, markup, terminal

RESNET50 = """\
resnet50: image [3, 224, 224] -> [1000], batch 1, float32

step       output              params           MACs  share of MACs
─────────  ──────────────  ──────────  ─────────────  ─────────────
stem       [64, 56, 56]         9,536    118,013,952          2.9 %
stage1 x3  [256, 56, 56]      215,808    667,942,912         16.3 %
stage2 x4  [512, 28, 28]    1,219,584  1,027,604,480         25.1 %
stage3 x6  [1024, 14, 14]   7,098,368  1,464,336,384         35.8 %
stage4 x3  [2048, 7, 7]    14,964,736    809,238,528         19.8 %
head       [1000]           2,049,000      2,048,000          0.1 %
─────────  ──────────────  ──────────  ─────────────  ─────────────
total      [1000]          25,557,032  4,089,184,256

25.6M params, 4.09G MACs, 8.22G FLOPs (a MAC is two), memory 64.2 MB, peak 9.19 MB, depth 50
"""


def summarised(name: str, **more: Any) -> str:
    arch = archdsl.load(name, **more)
    return summary(arch.network, arch.cost())


def reported(name: str, batch: int = 1, **more: Any) -> str:
    arch = archdsl.load(name)
    return report(arch.network, arch.cost(batch=batch), **more)


def test_the_summary_of_resnet50() -> None:
    text = summarised("resnet50")
    assert text.startswith(RESNET50)
    assert text.removeprefix(RESNET50).startswith("contracts: ")
    assert text.endswith(" hold")


def test_the_summary_says_when_contracts_were_not_checked() -> None:
    assert summarised("resnet50", classes=10).endswith("contracts: not checked, since parameters or inputs were overridden")
    plain = archdsl.loads("arch a\ninput x[4]\nlinear 2")
    assert summary(plain.network, plain.cost()).endswith("contracts: none")


def test_auxiliary_heads_are_named_as_such() -> None:
    text = summarised("inception_v3")
    line = next(line for line in text.splitlines() if "(aux)" in line)
    assert line.split()[-1].replace(",", "").isdigit()
    assert "auxiliary heads, in training only: 3,326,696 params" in text


def test_a_long_flat_network_still_fits_a_screen() -> None:
    body = "conv 3x3 8 ; bn ; relu\n" * 20 + "gap ; linear 10"
    arch = archdsl.loads(f"arch flat\ninput x[3, 32, 32]\n{body}")
    text = summary(arch.network, arch.cost())
    assert "conv20  conv 3x3, 8" in text
    assert "… +1" in text
    assert len(text.splitlines()) < 60
    assert f"{arch.cost().params:,}" in text


@pytest.mark.parametrize(
    "name", ["resnet152", "googlenet", "vit_h_14", "unet", "swin_v2_t", "conv5x5", "efficientnet_l2", "segnet"]
)
def test_everything_fits_a_hundred_columns(name: str) -> None:
    arch = archdsl.load(name)
    texts = [summary(arch.network, arch.cost(), width=100)]
    texts += [reported(name, by=by, width=100) for by in BY] + [reported(name, format="lecture", width=100)]
    assert max(len(line) for text in texts for line in text.splitlines()) <= 100


def test_a_report_states_input_batch_dtype_and_convention() -> None:
    first, second = reported("resnet18", batch=4, by="stage").splitlines()[:2]
    assert first == "resnet18: image [3, 224, 224] -> [1000], batch 4, float32"
    assert second.startswith("counted as macs: multiply-accumulates")


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_roll_up_adds_up(by: str, convention: str) -> None:
    arch = archdsl.load("googlenet")
    cost = arch.cost(batch=2)
    rows = list(csv.DictReader(reported("googlenet", batch=2, by=by, format="csv", convention=convention).splitlines()))
    main = [row for row in rows if row["aux"] == "False"]
    assert sum(int(row["params"]) for row in main) == cost.params
    assert sum(int(row["macs"]) for row in main) == cost.macs
    assert sum(int(row["memory"]) for row in main) == cost.memory
    wanted = {"macs": cost.macs, "flops": cost.flops}
    assert sum(int(row["operations"]) for row in main) == wanted.get(convention, sum(int(row["operations"]) for row in main))
    assert sum(int(row["params"]) for row in rows if row["aux"] == "True") == cost.params_aux


def test_repeats_are_folded() -> None:
    lines = reported("vit_b_16").splitlines()
    assert sum("stage1.0." in line and " x12 " in line for line in lines) == 8
    assert not any("stage1.1." in line for line in lines)
    blocks = reported("resnet152", by="block")
    assert "stage3.1 x35" in blocks


def test_json_is_the_document_and_the_groups() -> None:
    document = json.loads(reported("resnet18", by="stage", format="json", convention="flops"))
    assert document["schema"] == "archdsl.cost/1"
    assert document["params"] == 11_689_512
    assert (document["by"], document["convention"]) == ("stage", "flops")
    assert sum(group["params"] for group in document["groups"]) == 11_689_512


def test_markdown_and_html_hold_every_row() -> None:
    class Cells(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.cells: list[str] = []

        def handle_data(self, data: str) -> None:
            self.cells.append(data.strip())

    html = Cells()
    html.feed(reported("resnet18", format="html"))
    markdown = reported("resnet18", format="markdown")
    for row in archdsl.load("resnet18").cost().folded_rows:
        name = f"{row.name} x{row.times}" if row.times != 1 else row.name
        assert name in html.cells
        assert f"| {name} " in markdown


def test_cells_of_markup_are_escaped() -> None:
    rows = [["a|b", "<b>&"]]
    assert "a\\|b" in markup([TableColumn("x"), TableColumn("y")], rows, "github")
    assert "&lt;b&gt;&amp;" in markup([TableColumn("x"), TableColumn("y")], rows, "html")


def test_further_tables() -> None:
    arch = archdsl.load("resnet18")
    cost = arch.cost(batch=8, training=True, optimizer="adamw", checkpoint="block")
    training, device = cost.training("adamw", "block"), find_device("a100")
    for format in FORMATS:
        if format in ("csv", "lecture"):
            continue
        text = report(arch.network, cost, by="stage", format=format, device=device)
        assert "adamw" in text
        assert "NVIDIA A100" in text
    text = report(arch.network, cost, by="stage", device=device)
    assert f"{training.peak:,}" in text
    assert "every block recomputed in backward" in text
    document = json.loads(report(arch.network, cost, format="json", device=device))
    assert document["training"]["peak_bytes"] == training.peak
    assert document["time"]["seconds"] > 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"by": "layers"}, "did you mean `layer`"),
        ({"format": "tabel"}, "did you mean `table`"),
        ({"convention": "mac"}, "did you mean `macs`"),
    ],
)
def test_choices_that_are_none(more: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownChoice, match=message):
        reported("resnet18", 1, **more)


def test_what_cannot_be_worked_out_is_a_dash_with_a_reason() -> None:
    arch = archdsl.loads("arch a\ninput x[D]\nlinear 3")
    text = report(arch.network, arch.cost())
    assert "receptive field -" in text
    assert "no receptive field: the input has no positions" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.00 KB"), (10_240, "10.0 KB"), (1024**2 - 1, "1.00 MB"), (3 * 1024**4, "3072 GB")],
)
def test_bytes_in_words(value: int, text: str) -> None:
    assert words.size(value) == text


@pytest.mark.parametrize(("value", "text"), [(999, "999"), (4_089_184_256, "4.09G"), (999_999, "1.00M"), (25_557_032, "25.6M")])
def test_counts_in_words(value: int, text: str) -> None:
    assert words.short(value) == text


def test_a_table_too_wide_drops_columns_by_rank_and_then_cuts_names() -> None:
    columns = [
        TableColumn("name"),
        TableColumn("kept", right=True),
        TableColumn("first to go", rank=2),
        TableColumn("then this", rank=1),
    ]
    rows = [["a" * 30, "1", "x" * 20, "y" * 20], None, ["total", "1", "", ""]]
    assert "then this" in terminal(columns, rows, 60)
    assert "first to go" not in terminal(columns, rows, 60)
    narrow = terminal(columns, rows, 24).splitlines()
    assert max(map(len, narrow)) <= 24
    assert "…" in narrow[2]
