"""The one table of words: it is the grammar's, and what is said of words elsewhere agrees with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import get_args

from helpers.folders import ROOT

from archdsl.syntax import keywords, tree

REFERENCE = (ROOT / "grammar" / "README.md").read_text(encoding="utf-8")


def test_every_word_is_soft_or_reserved() -> None:
    assert {*keywords.SOFT} | {*keywords.RESERVED} == {*keywords.KINDS}
    assert not {*keywords.SOFT} & {*keywords.RESERVED}
    assert {*keywords.STATEMENTS, *keywords.ROLES} == {*keywords.SOFT}
    assert {*keywords.STARTS} <= {*keywords.SOFT}
    assert {*keywords.CONSTANTS, *keywords.WORD_OPERATORS, *keywords.CONTROL} == {*keywords.RESERVED}


def test_the_classes_are_the_right_ones() -> None:
    """One word of each, so that a rule of the grammar that is written anew cannot empty a class unseen."""
    assert "let" in keywords.STARTS
    assert "import" in keywords.STATEMENTS
    assert "import" not in keywords.STARTS
    assert "true" in keywords.CONSTANTS
    assert "and" in keywords.WORD_OPERATORS
    assert "elif" in keywords.CONTROL


def test_the_tree_knows_the_roles() -> None:
    assert get_args(tree.Role) == keywords.ROLES


def test_the_reference_names_the_reserved_words() -> None:
    listed = re.search(r"^The reserved words are `([a-z ]+)`", REFERENCE, re.MULTILINE)
    assert listed is not None
    assert set(listed.group(1).split()) == set(keywords.RESERVED)


NEW_WORD = """
from archdsl import resources
text = resources.grammar_text()
text = text.replace("?statement: step", "?statement: step | note", 1).replace('!name: NAME', '!name: NAME | "note"', 1)
resources.grammar_text = lambda: text + 'note: "note" name\\n'
from archdsl.syntax import keywords
print(*[name for name in ("SOFT", "STATEMENTS", "STARTS") if "note" in getattr(keywords, name)], keywords.KINDS["note"])
"""


def test_a_new_statement_word_is_entered_in_the_grammar_alone() -> None:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(
        [sys.executable, "-c", NEW_WORD], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["SOFT", "STATEMENTS", "STARTS", "NOTE"]
