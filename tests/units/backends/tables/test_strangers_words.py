"""Words of a stranger's file in tables: they are text there, and do nothing."""

from __future__ import annotations

import csv

import archdsl
from archdsl.backends.tables.compare import comparison
from archdsl.backends.tables.grid import TableColumn, comma_separated, markup

_ODD = 'arch odd\nmeta title="=cmd|\' /C calc\'!A0" family="<b>`x`</b> [x](javascript:1)"\ninput x[8]\nlinear 4\n'


def test_a_spreadsheet_runs_no_cell() -> None:
    compared = archdsl.compare([archdsl.loads(_ODD)], columns=("title", "params"))
    assert comma_separated(("a",), [("=1+1",), ("@SUM(1)",), ("-",), (-3,), ("plain",)]).split("\n")[1:] == [
        "'=1+1",
        "'@SUM(1)",
        "-",
        "-3",
        "plain",
    ]
    rows = list(csv.reader(comparison(compared.table, "csv").splitlines()))
    assert rows[1] == ["'=cmd|' /C calc'!A0", "36"]


def test_markdown_has_no_tags_code_or_links_of_a_stranger() -> None:
    text = markup([TableColumn("a")], [["<b>`x`</b> [x](javascript:1) a|b"]], "github")
    assert "&lt;b>\\`x\\`&lt;/b> [x]\\(javascript:1) a\\|b" in text
