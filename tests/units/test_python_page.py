"""The page on Python: what its examples print is what they give."""

from __future__ import annotations

import doctest

import pytest
from helpers.folders import ROOT
from helpers.verb_table import verb_table


@pytest.mark.torch
def test_every_example_gives_what_the_page_shows() -> None:
    found = doctest.testfile(str(ROOT / "grammar" / "python.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 20
    assert found.failed == 0


def test_the_table_of_verbs_is_that_of_the_parsers(update_golden: bool) -> None:
    path = ROOT / "grammar" / "python.md"
    page = path.read_text(encoding="utf-8")
    start = page.index("| verb |")
    shown = page[start : page.index("\n\n", start)]
    if update_golden:
        path.write_text(page.replace(shown, verb_table()), encoding="utf-8")
        return
    assert shown == verb_table()
