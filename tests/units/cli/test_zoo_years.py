"""Spans of years of `archdsl zoo`."""

from __future__ import annotations

import pytest

from archdsl.cli.main import main


def test_a_span_that_ends_before_it_starts_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zoo", "--year", "2016-2015"]) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert "`--year 2015-2016`" in captured.err


def test_a_span_of_one_year_is_that_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zoo", "--year", "2015-2015"]) == 0
    span = capsys.readouterr().out
    assert main(["zoo", "--year", "2015"]) == 0
    assert span == capsys.readouterr().out
    assert "resnet50" in span
