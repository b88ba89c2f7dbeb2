"""Options of the test run. Must not hold anything that tests compute with."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write anew what users see")
    parser.addoption("--record", action="store_true", help="keep what the comparisons with other libraries find")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
