"""A package imports only from floors below its own, and so do the files in it, so that each can be read without those above.

The floors are an order, lowest first. Inside a package the same holds: its sub-folders and files import one another in one
direction only. The one exception is the language itself: a step calls a definition, whose body is steps.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from helpers.folders import PACKAGE

from archdsl import wording

FLOORS = [
    "records",
    "version",
    "text",
    "limits",
    "files",
    "provenance",
    "resources",
    "diagnostics",
    "shapes",
    "ops",
    "syntax",
    "ir",
    "program",
    "wording",
    "loading",
    "expressions",
    "elaborate",
    "checks",
    "compiler",
    "free_parameters",
    "sources",
    "project",
    "analysis",
    "backends",
    "backends.charts",
    "backends.dump",
    "backends.graph",
    "backends.tables",
    "backends.render",
    "backends.torch",
    "api",
    "comparison",
    "answers",
    "cli",
    "__main__",
]
APART = ("backends",)
"""Packages whose sub-folders are floors of their own and do not import each other."""
RECURSION = frozenset(
    f"elaborate.{name}"
    for name in (
        "arch",
        "called_archs",
        "definitions",
        "each",
        "file_scope",
        "joins",
        "repetition",
        "reuse",
        "scan",
        "shared",
        "statements",
        "steps",
    )
)
"""The files that call one another in a circle, as the forms of the language contain one another."""


def module_of(path: Path) -> str:
    """`archdsl/ops/linear.py` is `ops.linear`; a package's `__init__.py` is the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "_tables.py"}


def unit_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in APART and len(parts) > 1 else parts[0]


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The modules of archdsl that a file imports, at any place, with the lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            deeper = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name.removeprefix("archdsl.") in FILES else node.module for name in deeper]
        else:
            continue
        for name in names:
            if name.startswith("archdsl."):
                yield name.removeprefix("archdsl."), node.lineno


def climbs(module: str, text: str) -> list[str]:
    """The imports of a file that reach up to a higher floor, or across to another package of its own."""
    unit = unit_of(module)
    assert unit in FLOORS, f"{unit} is on no floor: FLOORS in tests/units/test_floors.py lists them, lowest first"
    found = []
    for other, line in imported(ast.parse(text)):
        floor = unit_of(other)
        if floor == unit or floor not in FLOORS:
            continue
        is_across = floor.split(".")[0] == unit.split(".")[0]
        if is_across or FLOORS.index(floor) > FLOORS.index(unit):
            found.append(f"archdsl/{module.replace('.', '/')}.py:{line} imports archdsl.{other}")
    return found


def circles(arrows: Mapping[str, Iterable[str]]) -> list[set[str]]:
    """Sets of names that import one another in a circle (Tarjan's strongly connected components of more than one)."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        numbers[name] = lowest[name] = len(numbers)
        stack.append(name)
        for other in arrows.get(name, ()):
            if other not in numbers:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], numbers[other])
        if lowest[name] == numbers[name]:
            at = stack.index(name)
            part = set(stack[at:])
            del stack[at:]
            if len(part) > 1:
                found.append(part)

    for name in arrows:
        if name not in numbers:
            visit(name)
    return found


def arrows(depth: int | None = None) -> dict[str, set[str]]:
    """Who imports whom; with a depth, of folders so deep instead of files."""
    found: dict[str, set[str]] = {}
    for module, path in FILES.items():
        for other, _ in imported(ast.parse(path.read_text(encoding="utf-8"))):
            ends = [".".join(name.split(".")[:depth]) for name in (module, other)]
            if ends[0] != ends[1] and module:
                found.setdefault(ends[0], set()).add(ends[1])
    return found


def test_imports_go_down() -> None:
    assert [climb for module, path in FILES.items() if module for climb in climbs(module, path.read_text("utf-8"))] == []


def test_no_circles_but_the_language_itself() -> None:
    assert [circle for circle in circles(arrows()) if not circle <= RECURSION] == []
    assert [circle for circle in circles(arrows(3)) if not circle <= RECURSION] == []


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
    assert climbs("ops.linear", line)


def test_sideways_is_seen_and_down_is_fine() -> None:
    assert climbs("shapes.shape", "from archdsl.syntax import tree")
    assert climbs("backends.torch.module", "from archdsl.backends.render import render")
    assert not climbs("backends.torch.module", "from archdsl.backends.torch.printing import flow")
    assert not climbs("cli.main", "from archdsl.api import load\nimport lark\nfrom archdsl.cli import options")


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [{"b", "c"}]
    assert circles({"a": {"b"}, "b": {"c"}}) == []


def test_files_stay_readable() -> None:
    """No file is over 400 lines, and each says first what is in it."""
    for path in FILES.values():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, path
        assert text.startswith(('"""', "r'''", 'r"""')), path


WORDLESS = ("program", "loading", "expressions", "elaborate", "checks", "compiler")
"""Where facts are found; `archdsl.wording` says what they mean."""


def test_passes_find_facts_and_wording_words_them() -> None:
    found = [
        f"{path}:{node.lineno}"
        for module, path in FILES.items()
        if unit_of(module) in WORDLESS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in ("mistake", "warning", "Diagnostic", "Label", "Fix", "Edit")
    ]
    assert found == []


def test_every_module_of_words_comes_in_when_it_is_named() -> None:
    for name in wording.__all__:
        assert getattr(wording, name).__name__ == f"archdsl.wording.{name}"
    assert not hasattr(wording, "nothing")
