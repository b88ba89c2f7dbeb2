"""The parser's tables: made from the grammar as it is, the same in every build, and all that a run needs: lark is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from helpers.folders import ROOT

from archdsl.resources import grammar_text
from archdsl.syntax import tables

WITHOUT_LARK = "import sys; sys.modules['lark'] = None; "
CHANGED = "from archdsl import resources; old = resources.grammar_text; resources.grammar_text = lambda: old() + '\\n'; "
CHECK = "from archdsl.cli.main import main; sys.exit(main(['check', 'resnet50']))"


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tables_are_those_of_the_grammar() -> None:
    assert tables.load() == tables.compiled(grammar_text())


def test_a_build_can_be_repeated() -> None:
    """lark numbers its states by hashes, which differ from run to run."""
    program = "from archdsl.syntax.tables import generate; print(generate())"
    first, second = (run(program, PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert first == second != ""


def test_a_run_does_without_lark() -> None:
    done = run(WITHOUT_LARK + CHECK)
    assert done.returncode == 0, f"{done.stderr}(in a checkout whose grammar was changed, `pip install -e .` makes the tables)"


@pytest.mark.parametrize("change", [CHANGED, "sys.modules['archdsl.syntax._tables'] = None; "], ids=["changed", "missing"])
def test_without_lark_a_changed_grammar_is_one_plain_mistake(change: str) -> None:
    done = run(WITHOUT_LARK + change + CHECK)
    assert done.returncode == 3
    assert done.stderr == (
        "archdsl check: the parser's tables do not fit grammar/arch.lark, and lark, which makes them anew, is not installed: "
        "pip install 'archdsl[dev]'\n"
    )


def test_with_lark_a_changed_grammar_is_compiled() -> None:
    done = run("import sys; " + CHANGED + CHECK)
    assert done.returncode == 0, done.stderr
