"""What the README shows is so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from helpers.folders import ROOT

from archdsl.cli.main import VERBS, main

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = r"^```{language}\n(.*?)^```$"


def blocks(language: str) -> list[str]:
    return re.findall(BLOCK.format(language=language), README, re.MULTILINE | re.DOTALL)


def show(language: str, number: int, content: str) -> None:
    """Put `content` into a block of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    place = list(re.finditer(BLOCK.format(language=language), text, re.MULTILINE | re.DOTALL))[number].span(1)
    (ROOT / "README.md").write_text(text[: place[0]] + content + text[place[1] :], encoding="utf-8")


def test_the_program_is_the_zoos(update_golden: bool) -> None:
    program = (ROOT / "zoo" / "resnet50.arch").read_text(encoding="utf-8")
    if update_golden:
        show("arch", 0, program)
    assert blocks("arch")[0] == program


def test_what_compile_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compile", str(ROOT / "zoo" / "resnet50.arch")]) == 0
    captured = capsys.readouterr()
    printed = captured.out + captured.err
    if update_golden:
        show("text", 0, printed)
    assert blocks("text")[0] == printed


def test_what_a_mistake_looks_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    (tmp_path / "mine.arch").write_text(blocks("arch")[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "mine.arch", "--color", "never"]) == 1
    printed = capsys.readouterr().err.rstrip("\n") + "\n"
    if update_golden:
        show("text", 1, printed)
    assert blocks("text")[1] == printed


def test_the_first_screen_has_the_picture_and_the_two_commands() -> None:
    main_job, tests, *_ = blocks("sh")
    for command in (main_job, tests):
        assert command.startswith("python3 -m venv .venv && . .venv/bin/activate && pip install -c constraints.txt -e ")
        assert len(command.splitlines()) == 1
    assert main_job.endswith(" && archdsl compile zoo/resnet50.arch\n")
    for tool in ("ruff check", "ruff format --check", "mypy --strict", "pytest"):
        assert f"&& {tool}" in tests
    picture = README.index("](examples/resnet50.svg)")
    assert README.index(blocks("arch")[0]) < picture < README.index(main_job) < README.index(tests)
    assert "<svg" in (ROOT / "examples" / "resnet50.svg").read_text(encoding="utf-8")


def test_ci_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    extraction = next(line for line in script.splitlines() if line.startswith("command=$("))
    done = subprocess.run(
        ["bash", "-c", f'{extraction}\nprintf "%s\\n" "$command"'], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == blocks("sh")[1]
    assert '-c "$command"' in script


def test_every_verb_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `archdsl (\w+) ?[^`]*` \|", README, re.MULTILINE)) == set(VERBS)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_torch_of_the_tests_is_one_release() -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in constraints if line and not line.startswith("#")]
    assert "torch==2.13.0" in pins
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", pin) for pin in pins)
