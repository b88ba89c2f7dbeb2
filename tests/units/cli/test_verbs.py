"""Every verb shows an example that works; a first file; shell completion."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from helpers.shell import Shell

import archdsl
from archdsl.cli.main import VERBS, overview

_NEEDS_A_FILE = {"fmt": "mine.arch", "weights": "resnet50.pth"}


@pytest.mark.torch
@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_ends_with_an_example_that_runs(verb: str, shell: Shell) -> None:
    example = import_module(f"archdsl.cli.{verb}").EXAMPLE
    shown = shell(verb, "--help")
    assert shown.code == 0
    assert shown.out.endswith(f"example:\n  {example}\n")
    name, *arguments = shlex.split(example)
    assert (name, arguments[0]) == ("archdsl", verb)
    if verb == "weights":
        import torch

        torch.save(archdsl.load("resnet50").module().state_dict(), shell.folder / "resnet50.pth")
    if verb == "fmt":
        (shell.folder / "mine.arch").write_text("arch mine\ninput x[3]\nlinear 4\n", encoding="utf-8")
    assert shell(*arguments).code == 0


def test_the_overview_names_the_options_of_every_verb() -> None:
    assert all(f"`{option}`" in overview() for option in ("--color", "-q", "-v", "--version"))


def test_a_first_file_has_nothing_to_complain_of(shell: Shell) -> None:
    assert shell("new", "mine").code == 0
    assert shell("check", "--strict", "mine.arch").out == "1 file: no mistakes, 2 contracts hold\n"
    assert shell("fmt", "--check", "mine.arch").code == 0
    (shell.folder / "mine.arch").write_text("arch mine\n# my work\n", encoding="utf-8")
    refused = shell("new", "mine")
    assert refused.code == 2
    assert "`--force` replaces it" in refused.err
    assert "my work" in (shell.folder / "mine.arch").read_text(encoding="utf-8")
    assert shell("new", "mine", "--force").code == 0
    assert shell("new", "other", "-o", "-").out.startswith("# other: ")


@pytest.mark.parametrize("name", ["", "Mine", "my net", "../mine", "stage", "1net", "x3", "n" * 60, "-"])
def test_what_no_architecture_is_called(name: str, shell: Shell) -> None:
    refused = shell("new", name)
    assert (refused.code, refused.out) == (2, "")
    assert not list(shell.folder.iterdir())


@pytest.mark.parametrize("language", ["bash", "zsh", "tcsh"])
def test_completion_knows_every_verb(language: str, shell: Shell) -> None:
    script = shell("completion", language)
    assert script.code == 0
    assert all(verb in script.out for verb in VERBS)
    assert "device-spec" in script.out
    program = shutil.which(language)
    if program is not None:
        assert subprocess.run([program, "-n"], input=script.out, text=True, check=False).returncode == 0


def test_without_shtab_completion_says_what_installs_it(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    missing = shell("completion", "bash")
    assert missing.code == 3
    assert "pip install 'archdsl[completion]'" in missing.err


def test_a_picture_to_standard_output(shell: Shell, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "archdsl", "render", "alexnet", "-o", "-"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"<svg")
    assert not list(tmp_path.iterdir())
    for option in ("--force", "--open"):
        assert shell("render", "alexnet", "-o", "-", option).code == 2


@pytest.mark.parametrize("verb", ["cost", "render"])
def test_an_answer_about_a_broken_promise_is_told_so(verb: str, shell: Shell) -> None:
    (shell.folder / "net.arch").write_text("arch net\ninput x[3, 8, 8]\nconv 3x3 8\nexpect params == 1\n", encoding="utf-8")
    told = shell(verb, "net.arch")
    assert told.code == 1
    assert "error[contract-failed]" in told.err
    assert told.out or (shell.folder / "net.svg").exists()
    assert shell(verb, "net.arch", "--input", "x=3x16x16").code == 0


def test_devices_are_listed_with_their_sources(shell: Shell) -> None:
    told = shell("cost", "--device-spec", "list")
    assert told.code == 0
    lines = told.out.splitlines()
    assert len(lines) >= 40
    assert all(line.startswith("    ") for line in lines[1::2])
