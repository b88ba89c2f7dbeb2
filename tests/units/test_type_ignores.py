"""Remarks that switch the type checker off are few: most hide a missing type, and two of them hid a miscompile."""

from __future__ import annotations

import re

from helpers.folders import PACKAGE

FEWEST = 3
"""Remarks in the package: what mypy cannot see (a base class without types, a lambda with defaults, an index by a pair)."""
REMARK = re.compile(r"#\s*type:\s*ignore")


def remarks(text: str) -> list[int]:
    """The lines with a remark."""
    return [number for number, line in enumerate(text.splitlines(), 1) if REMARK.search(line)]


def test_no_new_remark_for_the_type_checker() -> None:
    files = (path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "_tables.py")
    found = [f"{path.relative_to(PACKAGE.parent)}:{number}" for path in files for number in remarks(path.read_text("utf-8"))]
    message = f"give these a type, or move `FEWEST` in {__file__} and say why: {found}"
    assert len(found) == FEWEST, message


def test_a_remark_is_seen() -> None:
    assert remarks("x = 1\ny = f()  # type: ignore[misc]\n") == [2]
