"""The suite itself: no test is skipped, and none asserts on seconds. A missing package fails; work is counted, not timed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.folders import TESTS

SKIPS = {"importorskip", "skip", "skipif", "xfail"}
CLOCKS = {"time", "timeit", "setitimer", "RLIMIT_CPU"}
BY_HAND = ("benchmarks",)
"""Folders that the suite does not run."""


def names(text: str) -> Iterator[str]:
    """The attributes that a program reads, and the modules and names that it imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(alias.name for alias in node.names))


def files() -> list[Path]:
    return [path for path in sorted(TESTS.rglob("*.py")) if path.relative_to(TESTS).parts[0] not in BY_HAND]


@pytest.mark.parametrize(("forbidden", "what"), [(SKIPS, "skips"), (CLOCKS, "reads a clock")], ids=["skips", "clocks"])
def test_no_test_does(forbidden: set[str], what: str) -> None:
    found = {str(path.relative_to(TESTS)): forbidden & set(names(path.read_text(encoding="utf-8"))) for path in files()}
    assert {path: bad for path, bad in found.items() if bad} == {}, what


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import time", "time"),
        ("from time import perf_counter", "time"),
        ("import pytest\npytest.importorskip('torch')", "importorskip"),
        ("@pytest.mark.skipif(True, reason='')\ndef test(): ...", "skipif"),
        ("import resource\nresource.RLIMIT_CPU", "RLIMIT_CPU"),
    ],
)
def test_such_a_test_would_be_seen(text: str, found: str) -> None:
    assert found in (SKIPS | CLOCKS) & set(names(text))
