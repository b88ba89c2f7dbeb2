"""`[tool.archdsl]` in pyproject.toml: warnings that a project allows, and tables that are wrong."""

from __future__ import annotations

import pytest
from helpers.shell import Shell

from archdsl import project

NET = "arch net\ninput x[3, 8, 8]\nskip: conv 3x3 8\nrelu\n"


@pytest.fixture(autouse=True)
def _read_again() -> None:
    project._allowed.cache_clear()


def test_the_nearest_table_counts(shell: Shell) -> None:
    inner = shell.folder / "nets" / "deep"
    inner.mkdir(parents=True)
    (inner / "net.arch").write_text(NET, encoding="utf-8")
    assert "unused-label" in shell("check", "nets/deep/net.arch").err
    (shell.folder / "pyproject.toml").write_text('[tool.archdsl]\nallow = ["unused-label"]\n', encoding="utf-8")
    (inner / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
    project._allowed.cache_clear()
    told = shell("check", "--strict", "nets/deep/net.arch")
    assert (told.code, told.err, told.out) == (0, "", "1 file: no mistakes, no contracts\n")
    assert shell("compile", "nets/deep/net.arch", "-o", "net.py").err.count("warning") == 0


def test_a_mistake_is_never_silenced(shell: Shell) -> None:
    (shell.folder / "net.arch").write_text(NET.replace("relu", "rleu"), encoding="utf-8")
    (shell.folder / "pyproject.toml").write_text('[tool.archdsl]\nallow = ["unknown-operator"]\n', encoding="utf-8")
    assert shell("check", "net.arch").code == 1


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[tool.archdsl]\nallow = ["unused-lable"]\n', "did you mean `unused-label`"),
        ('[tool.archdsl]\nallow = "unused-label"\n', "must be a list of names"),
        ("[tool.archdsl]\nalow = []\n", "has no key `alow`; did you mean `allow`?"),
        ("[tool]\narchdsl = 3\n", "must be a table"),
        ("[tool.archdsl\n", "cannot be read"),
    ],
)
def test_a_table_that_is_wrong(table: str, says: str, shell: Shell) -> None:
    (shell.folder / "net.arch").write_text(NET, encoding="utf-8")
    (shell.folder / "pyproject.toml").write_text(table, encoding="utf-8")
    told = shell("check", "net.arch")
    assert (told.code, told.out) == (2, "")
    assert says in told.err
