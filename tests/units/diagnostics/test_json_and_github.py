"""Diagnostics as JSON and as annotations for GitHub: stable, complete, and safe against what strangers write."""

from __future__ import annotations

import json
import re

from helpers.folders import ROOT

from archdsl.diagnostics import CallStep, Comparison, Diagnostic, Edit, Fix, Label, ShapeLine
from archdsl.diagnostics.github import to_github
from archdsl.diagnostics.json import to_json
from archdsl.text import Source, Span

SOURCE = Source("mine.arch", "stem <\n  conv 3x3 c\n>\n")
DIAGNOSTIC = Diagnostic(
    "shape-mismatch",
    "error",
    "they differ",
    (Label(Span(SOURCE, 0, 4), "from here"), Label(Span(SOURCE, 9, 13), "these", primary=True)),
    Comparison((ShapeLine("branch 1", ("256", "28")), ShapeLine("branch 2", ("64", "28"), "identity")), (0,)),
    ("a note",),
    (Fix("do this", (Edit(Span(SOURCE, 18, 19), "64"),), safe=True),),
    (CallStep("f", Span(SOURCE, 5, 6)),),
)
NOWHERE = Diagnostic("no-such-file", "error", "there is no file `x`")


def keys_of(part: object) -> set[str]:
    """The keys of every object in a JSON document."""
    if isinstance(part, list):
        return {key for one in part for key in keys_of(one)}
    return set(part).union(*map(keys_of, part.values())) if isinstance(part, dict) else set()


def test_the_reference_names_every_field_of_the_json() -> None:
    page = (ROOT / "grammar" / "README.md").read_text(encoding="utf-8")
    start = page.index("one document on standard output, `archdsl.check/1`")
    table = page[start : page.index("Fields may be added", start)]
    assert keys_of(to_json([DIAGNOSTIC])) <= set(re.findall(r"`(\w+)`", table))


def test_the_json_is_the_documented_one() -> None:
    document = to_json([DIAGNOSTIC])
    assert document == json.loads(json.dumps(document))
    assert document == {
        "schema": "archdsl.check/1",
        "diagnostics": [
            {
                "name": "shape-mismatch",
                "severity": "error",
                "message": "they differ",
                "file": "mine.arch",
                "line": 2,
                "column": 3,
                "end_line": 2,
                "end_column": 7,
                "labels": [
                    {
                        "message": "from here",
                        "primary": False,
                        "file": "mine.arch",
                        "line": 1,
                        "column": 1,
                        "end_line": 1,
                        "end_column": 5,
                    },
                    {
                        "message": "these",
                        "primary": True,
                        "file": "mine.arch",
                        "line": 2,
                        "column": 3,
                        "end_line": 2,
                        "end_column": 7,
                    },
                ],
                "comparison": {
                    "axes": [0],
                    "rows": [
                        {"title": "branch 1", "shape": ["256", "28"], "remark": ""},
                        {"title": "branch 2", "shape": ["64", "28"], "remark": "identity"},
                    ],
                },
                "notes": ["a note"],
                "fixes": [
                    {
                        "message": "do this",
                        "safe": True,
                        "edits": [
                            {
                                "text": "64",
                                "file": "mine.arch",
                                "line": 2,
                                "column": 12,
                                "end_line": 2,
                                "end_column": 13,
                            }
                        ],
                    }
                ],
                "call_path": [
                    {"name": "f", "file": "mine.arch", "line": 1, "column": 6, "end_line": 1, "end_column": 7},
                ],
            }
        ],
    }


def test_what_has_no_place_has_null_in_its_place() -> None:
    record = to_json([NOWHERE])["diagnostics"][0]
    assert [record[key] for key in ("file", "line", "column", "end_line", "end_column")] == [None] * 5
    assert record["comparison"] is None
    assert record["labels"] == record["notes"] == record["fixes"] == record["call_path"] == []


def test_both_keep_the_order_and_all_of_them() -> None:
    warning = Diagnostic("b", "warning", "odd", (Label(Span(SOURCE, 14, 17), primary=True),))
    given = [warning, NOWHERE, DIAGNOSTIC] * 10
    assert [record["name"] for record in to_json(given)["diagnostics"]] == [diagnostic.name for diagnostic in given]
    assert [line.partition(" ")[0] for line in to_github(given).splitlines()] == ["::warning", "::error", "::error"] * 10


def test_an_annotation_is_one_line_with_everything_in_it() -> None:
    assert to_github([DIAGNOSTIC]) == (
        "::error file=mine.arch,line=2,endLine=2,col=3,endColumn=7,title=shape-mismatch::they differ"
        "%0Abranch 1 [256, 28]%0Abranch 2 [64, 28] (identity)%0Aa note%0Ain block `f`, used at mine.arch:1%0Ahelp: do this"
    )
    assert to_github([NOWHERE]) == "::error title=no-such-file::there is no file `x`"


def test_an_annotation_over_several_lines_has_no_columns() -> None:
    label = Label(Span(SOURCE, 5, len(SOURCE.text) - 1), primary=True)
    assert to_github([Diagnostic("a", "error", "m", (label,))]) == "::error file=mine.arch,line=1,endLine=3,title=a::m"


def test_nobody_can_smuggle_a_command_into_an_annotation() -> None:
    source = Source("a,line=9::b%\n::error::x.arch", "conv\n")
    diagnostic = Diagnostic(
        "a",
        "error",
        "100%\n::set-output name=x::y\r",
        (Label(Span(source, 0, 4), primary=True),),
        notes=("one\n::error::two",),
    )
    drawn = to_github([diagnostic])
    assert len(drawn.splitlines()) == 1
    assert drawn.startswith("::error file=a%2Cline=9%3A%3Ab%25%0A%3A%3Aerror%3A%3Ax.arch,line=1,")
    assert drawn.partition("title=a::")[2] == "100%25\\x0a::set-output name=x::y\\x0d%0Aone%0A::error::two"
