"""Options and marks of the test run. Must not hold anything that tests compute with."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from helpers.shell import Shell
from hypothesis import HealthCheck, settings

ASKED_FOR = ("slow", "oracle_all")
"""Marks of tests that run only where `-m` names them."""
_NEEDS_TORCH = re.compile(r"^pytestmark = pytest\.mark\.torch$", re.MULTILINE)

# Threads wait for one another longer than these small products take, and the workers of pytest-xdist share the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# The workers of pytest-xdist have it; what commands print is looked at as in a pipe, unless a test says otherwise.
os.environ.pop("COLUMNS", None)

# No test asserts on seconds, and a run finds what the run before it found: long searches are for `tests/fuzz`.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write anew what users see")
    parser.addoption("--record", action="store_true", help="keep what the comparisons with other libraries find")


def pytest_configure(config: pytest.Config) -> None:
    """What runs without the mark `torch` runs without PyTorch, whether it is installed or not."""
    if _without_torch(config):
        sys.modules["torch"] = None  # type: ignore[assignment]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files that are marked as a whole import PyTorch at the top, so they are not even read without it."""
    if _without_torch(config) and collection_path.suffix == ".py":
        return _NEEDS_TORCH.search(collection_path.read_text(encoding="utf-8")) is not None or None
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what nobody asked for."""
    left_out = [name for name in ASKED_FOR if name not in config.option.markexpr]
    waiting = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if waiting:
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if item not in waiting]


def _without_torch(config: pytest.Config) -> bool:
    return "not torch" in config.option.markexpr


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command line in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, capsys)
