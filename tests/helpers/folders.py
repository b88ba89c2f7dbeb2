"""Where the repository's folders are, so that a test may move without counting its parents. Must not read them."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
PACKAGE = ROOT / "archdsl"
ZOO = ROOT / "zoo"
CASES = TESTS / "cases"
