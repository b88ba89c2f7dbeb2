"""A text that is four times as long takes about four times as much, right or wrong.

What is counted are calls, which are the same on every machine. Loops inside one call (a search through the rest of the text at
each mistake) are seen by `tests/benchmarks/long_texts.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from helpers.long_texts import RIGHT, WRONG

import archdsl

TEXTS = {**RIGHT, **WRONG}
SHORT, TIMES = 120, 4


@pytest.fixture(autouse=True)
def _a_single_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixes are tried the more seldom, the longer a text is."""
    monkeypatch.setattr("archdsl.checks.fixes._MOST_TRIES", 1)


@pytest.mark.parametrize("name", TEXTS)
def test_calls_grow_as_the_text(name: str) -> None:
    _read(TEXTS[name](3))
    short, long = (_calls(TEXTS[name](count)) for count in (SHORT, TIMES * SHORT))
    assert long < 1.5 * TIMES * short


def test_a_square_is_seen() -> None:
    """The judge itself: a search through a list at each line."""

    def square(text: str) -> None:
        lines = text.split("\n")
        for line in lines:
            any(line == "no line" for line in lines)

    short, long = (_calls("relu\n" * count, square) for count in (SHORT, TIMES * SHORT))
    assert long > 1.5 * TIMES * short


def _read(text: str) -> None:
    try:
        archdsl.loads(text)
    except archdsl.ArchError as error:
        list(error.diagnostics)


def _calls(text: str, read: Callable[[str], None] = _read) -> int:
    counted = 0

    def count(frame: FrameType, event: str, what: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return counted
