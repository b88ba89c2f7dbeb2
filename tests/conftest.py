"""Options and marks of the test run. Must not hold anything that tests compute with."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path

import pytest

ASKED_FOR = ("slow", "oracle_all")
"""Marks of tests that run only where `-m` names them."""
_WHOLE_FILE = re.compile(r'^(?:torch = )?pytest\.importorskip\("torch"\)', re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write anew what users see")
    parser.addoption("--record", action="store_true", help="keep what the comparisons with other libraries find")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PyTorch, so that `-m "not torch"` leaves it out, and leave out what nobody asked for."""
    for item in items:
        if isinstance(item, pytest.Function) and _needs_torch(item):
            item.add_marker("torch")
    left_out = [name for name in ASKED_FOR if name not in config.option.markexpr]
    waiting = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if waiting:
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if item not in waiting]


def _needs_torch(item: pytest.Function) -> bool:
    code = inspect.unwrap(item.function).__code__
    return _file_needs_torch(item.path) or ("importorskip" in code.co_names and "torch" in code.co_consts)


@cache
def _file_needs_torch(path: Path) -> bool:
    return _WHOLE_FILE.search(path.read_text(encoding="utf-8")) is not None


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
