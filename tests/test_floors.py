"""A package imports only from floors below its own, so that each can be read without those above."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "archdsl"
FLOORS = {
    "text": 0,
    "resources": 0,
    "files": 0,
    "diagnostics": 1,
    "syntax": 2,
    "shapes": 2,
    "ops": 3,
    "ir": 4,
    "passes": 5,
    "analysis": 5.5,
    "backends": 6,
    "api": 7,
    "compared": 7.25,
    "cli": 7.5,
    "__main__": 8,
}
"""The proposal's floors; analysis stands above passes, and the command line above the Python interface."""


def unit_of(path: Path) -> str:
    """The package (or the module at the top) that a file belongs to; each backend is one of its own."""
    return unit_named([part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts])


def unit_named(parts: Sequence[str]) -> str:
    return ".".join(parts[:2]) if parts[0] == "backends" and parts[1:] != ["__init__"] else parts[0]


def floor_of(unit: str) -> float | None:
    return FLOORS.get(unit.partition(".")[0])


def imported_units(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The units of archdsl that a module imports, wherever the import stands, with the lines."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [f"archdsl.{alias.name}" for alias in node.names] if node.module == "archdsl" else [node.module or ""]
        for name in names:
            root, _, rest = name.partition(".")
            if root == "archdsl" and rest:
                yield unit_named(rest.split(".")), node.lineno


def climbs(path: Path, text: str) -> list[str]:
    """The imports of a file that reach up, or across to another package of its floor."""
    unit = unit_of(path)
    floor = floor_of(unit)
    assert floor is not None, f"{unit} stands on no floor"
    return [
        f"{path.relative_to(PACKAGE)}:{line} imports archdsl.{other}"
        for other, line in imported_units(ast.parse(text))
        if other != unit and (above := floor_of(other)) is not None and above >= floor
    ]


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "_tables.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    if path == PACKAGE / "__init__.py":
        return
    assert climbs(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "import archdsl.cli.main",
        "from archdsl import api",
        "from archdsl.backends.torch import source",
        "def f():\n    from archdsl.compiler import compile_source",
    ],
)
def test_a_climb_is_seen(line: str) -> None:
    assert climbs(PACKAGE / "ops" / "linear.py", line)


def test_sideways_is_seen_and_down_is_fine() -> None:
    assert climbs(PACKAGE / "shapes" / "shape.py", "from archdsl.syntax import tree")
    assert climbs(PACKAGE / "backends" / "torch" / "module.py", "from archdsl.backends.render import render")
    assert not climbs(PACKAGE / "backends" / "torch" / "module.py", "from archdsl.backends.torch.source import source")
    assert not climbs(PACKAGE / "cli" / "main.py", "from archdsl.api import load\nimport lark\nfrom archdsl.cli import options")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_readable(path: Path) -> None:
    """No file is over 400 lines, and each says first what lives in it."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert text.startswith(('"""', "r'''", 'r"""'))
