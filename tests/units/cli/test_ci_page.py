"""The page on CI: its workflow, run step by step on a change that breaks a contract; `diff --git`; SARIF."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers.folders import ROOT
from helpers.shell import Shell

PAGE = (ROOT / "grammar" / "ci.md").read_text(encoding="utf-8")
PARTS = "def unit(c) <\n  conv 3x3 c\n  relu\n>\n"
NET = 'from "parts.arch" import unit\narch net\ninput x[3, 8, 8]\nunit(8)\nexpect params == 224\n'

Git = Callable[..., str]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A repository with two files in `nets/`, committed."""

    def run(*arguments: str) -> str:
        named = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
        done = subprocess.run(["git", *named, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "parts.arch").write_text(PARTS, encoding="utf-8")
    (tmp_path / "nets" / "net.arch").write_text(NET, encoding="utf-8")
    run("init", "-q", ".")
    run("add", "-A")
    run("commit", "-qm", "first")
    return run


@pytest.fixture
def steps(tmp_path: Path) -> Callable[[dict[str, str]], dict[str, subprocess.CompletedProcess[str]]]:
    """The commands of the workflow, run here one by one."""

    def run(more: dict[str, str]) -> dict[str, subprocess.CompletedProcess[str]]:
        workflow: Any = yaml.safe_load(next(block for block in blocks("yaml") if "runs-on" in block))
        binary = tmp_path / "bin"
        binary.mkdir(exist_ok=True)
        (binary / "archdsl").write_text(f'#!/bin/sh\nexec {sys.executable} -m archdsl "$@"\n', encoding="utf-8")
        (binary / "archdsl").chmod(0o755)
        environment = {**os.environ, **more, "PATH": f"{binary}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        return {
            step["name"]: subprocess.run(
                ["bash", "-eo", "pipefail", "-c", step["run"]],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            for step in workflow["jobs"]["check"]["steps"]
            if "name" in step and "gh pr" not in step["run"]
        }

    return run


def test_the_workflow_on_a_change_that_breaks_a_contract(
    git: Git, steps: Callable[[dict[str, str]], dict[str, subprocess.CompletedProcess[str]]], tmp_path: Path
) -> None:
    base = git("rev-parse", "HEAD")
    fine = steps({"BASE": base})
    assert {name: done.returncode for name, done in fine.items()} == dict.fromkeys(fine, 0)
    (tmp_path / "nets" / "parts.arch").write_text(PARTS.replace("3x3", "5x5"), encoding="utf-8")
    net = NET.replace("unit(8)", "unit(8)\nrelu")
    (tmp_path / "nets" / "net.arch").write_text(net, encoding="utf-8")
    broken = steps({"BASE": base})
    checked = broken["Mistakes and contracts, beside the lines"]
    assert checked.returncode == 1
    assert checked.stdout.startswith("::error file=nets/net.arch,line=6,endLine=6,")
    assert "title=contract-failed" in checked.stdout
    document = json.loads((tmp_path / "archdsl.sarif").read_text(encoding="utf-8"))
    assert [one["ruleId"] for one in document["runs"][0]["results"]] == ["contract-failed"]
    changes = (tmp_path / "changes.md").read_text(encoding="utf-8")
    assert f"**nets/net.arch in {base} -> nets/net.arch**" in changes
    assert "| conv k 3 -> 5 " in changes
    assert "| + relu " in changes


def test_a_revision_is_compared_with_its_own_imports(git: Git, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "nets" / "parts.arch").write_text(PARTS.replace("3x3", "5x5"), encoding="utf-8")
    told = shell("diff", "nets/net.arch", "--git", "HEAD", "--format", "json")
    assert told.code == 0
    (change,) = json.loads(told.out)["changes"]
    assert change["change"] == "conv k 3 -> 5"
    git("commit", "-qam", "second")
    assert json.loads(shell("diff", "nets/net.arch", "--git", "HEAD", "--format", "json").out)["changes"] == []
    assert json.loads(shell("diff", "nets/net.arch", "--git", "HEAD~1", "--format", "json").out)["changes"] == [change]


def test_a_mistake_in_the_old_text_is_shown_under_its_name(git: Git, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "nets" / "net.arch").write_text(NET.replace("unit(8)", "unti(8)"), encoding="utf-8")
    git("commit", "-qam", "broken")
    (tmp_path / "nets" / "net.arch").write_text(NET, encoding="utf-8")
    told = shell("diff", "nets/net.arch", "--git", "HEAD")
    assert told.code == 1
    assert "HEAD:nets/net.arch:4:1" in told.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nets/net.arch", "--git", "nothing"), "git knows no revision `nothing`"),
        (("nets/net.arch", "--git=--output=x"), "`--output=x` is not a revision"),
        (("nets/net.arch", "--git", ""), "`` is not a revision"),
        (("nets/net.arch", "--git", "HEAD:nets"), "`HEAD:nets` is not a revision"),
        (("nets/new.arch", "--git", "HEAD"), "`nets/new.arch` is not in `HEAD`"),
        (("resnet50", "--git", "HEAD"), "there is no file `resnet50`"),
        (("nets/net.arch", "nets/parts.arch", "--git", "HEAD"), "leave one of them out"),
        (("nets/net.arch",), "`diff` needs two architectures, or one and `--git REV`"),
    ],
)
def test_a_revision_asked_for_wrongly(arguments: tuple[str, ...], says: str, git: Git, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "nets" / "new.arch").write_text(NET, encoding="utf-8")
    before = sorted(tmp_path.rglob("*.arch"))
    told = shell("diff", *arguments)
    assert (told.code, told.out) == (2, "")
    assert says in told.err
    assert sorted(tmp_path.rglob("*.arch")) == before


def test_outside_of_a_repository(shell: Shell) -> None:
    (shell.folder / "net.arch").write_text("arch net\ninput x[3]\nlinear 4\n", encoding="utf-8")
    told = shell("diff", "net.arch", "--git", "HEAD")
    assert told.code == 2
    assert "is not in a repository of git" in told.err


def test_sarif_has_places_fixes_and_pages(shell: Shell) -> None:
    folder = shell.folder / "my nets"
    folder.mkdir()
    (folder / "a.arch").write_text("arch a\ninput x[3, 8, 8]\nskip: conv 3x3 8\nreul\n", encoding="utf-8")
    told = shell("check", "my nets", "--format", "sarif")
    assert told.code == 1
    (run,) = json.loads(told.out)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "unknown-operator"
    assert "# unknown-operator" in run["tool"]["driver"]["rules"][0]["help"]["markdown"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20nets/a.arch"
    assert place["region"] == {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 5}
    (fix,) = result["fixes"]
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "relu"


def test_check_as_markdown(shell: Shell) -> None:
    (shell.folder / "a.arch").write_text("arch a\ninput x[3, 8, 8]\nreul\n", encoding="utf-8")
    told = shell("check", "a.arch", "--format", "markdown")
    assert told.code == 1
    assert told.out.startswith("**1 file: 1 error**\n\n```text\nerror[unknown-operator]")


def test_the_examples_of_the_page(shell: Shell) -> None:
    (example,) = blocks("arch")
    (shell.folder / "example.arch").write_text(example, encoding="utf-8")
    assert shell("check", "--strict", "example.arch").code == 0
    (hooks,) = (block for block in blocks("yaml") if "repos:" in block)
    offered = {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {one["id"] for one in yaml.safe_load(hooks)["repos"][0]["hooks"]} <= offered
