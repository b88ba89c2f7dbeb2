"""Remarks that switch the type checker off are few: most hide a missing type."""

from __future__ import annotations

import re

from helpers.folders import PACKAGE

FEWEST = 3
"""Remarks in the package: a base class without types, a lambda with defaults, a value that is an input there and else None."""
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
