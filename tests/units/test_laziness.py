"""The commands that count in milliseconds load nothing that is slow; and this test can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.folders import ROOT

SLOW = ("torch", "numpy", "networkx", "sympy", "onnx", "graphviz", "pygraphviz", "matplotlib", "pandas", "PIL")
VERBS = {
    "check": ["check", "resnet152"],
    "cost": ["cost", "resnet152"],
    "cost of training": ["cost", "resnet152", "--training", "--device-spec", "h200", "--format", "html"],
    "cost as formulas": ["cost", "vit_b_16", "--free", "classes"],
    "fits": ["fits", "resnet18", "--memory", "8GB", "--training"],
    "solve": ["solve", "resnet18", "classes", "--where", "params <= 12M"],
    "compare": ["compare", "resnet18", "vgg16"],
    "diff": ["diff", "resnet18", "resnet34"],
    "compile": ["compile", "resnet50", "-o", "-"],
    "zoo": ["zoo", "path", "resnet50"],
    "explain": ["explain", "shape-mismatch"],
}
REPORT = f"; import sys; sys.stderr.write('LOADED ' + ' '.join(m for m in {SLOW!r} if m in sys.modules))"


def loaded_by(program: str, folder: Path) -> set[str]:
    """Which of the slow modules a program has loaded when it ends."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-c", program + REPORT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "LOADED" in done.stderr, done.stderr
    return set(done.stderr.rpartition("LOADED")[2].split())


def command(arguments: list[str]) -> str:
    return f"from archdsl.cli.main import main; code = main({arguments!r}); assert code == 0, code"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_loads_nothing_slow(verb: str, tmp_path: Path) -> None:
    assert loaded_by(command(VERBS[verb]), tmp_path) == set()


def test_the_package_loads_nothing_slow(tmp_path: Path) -> None:
    assert loaded_by("import archdsl; archdsl.__version__; archdsl.load; archdsl.compare; archdsl.ArchError", tmp_path) == set()


@pytest.mark.parametrize("module", ["numpy", "networkx"])
def test_a_slow_import_would_be_seen(module: str, tmp_path: Path) -> None:
    assert module in loaded_by(f"import {module}; {command(VERBS['explain'])}", tmp_path)


def test_drawing_is_seen_to_load_graphviz(tmp_path: Path) -> None:
    """The other side of the same: a verb that needs a slow module does load it."""
    assert "graphviz" in loaded_by(command(["render", "resnet18", "-o", "r.dot"]), tmp_path)


def test_formulas_and_charts_are_seen_to_load_theirs(tmp_path: Path) -> None:
    assert "sympy" in loaded_by(command(["cost", "conv5x5", "--symbolic"]), tmp_path)
    assert "matplotlib" in loaded_by(command(["compare", "vgg16", "--plot", "chart.svg"]), tmp_path)
