"""The page on Python: what its examples print is what they give."""

from __future__ import annotations

import doctest

import pytest
from helpers.folders import ROOT


@pytest.mark.torch
def test_every_example_gives_what_the_page_shows() -> None:
    found = doctest.testfile(str(ROOT / "grammar" / "python.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 20
    assert found.failed == 0
