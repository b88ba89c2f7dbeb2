"""`archdsl help`, the line ends that `archdsl fmt` keeps, and the hooks for pre-commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archdsl.cli.main import VERBS, main

ROOT = Path(__file__).parents[3]
LOOSE, NEAT = b"arch a\r\ninput x[3, 8, 8]\r\nconv   3x3 8\r\n", b"arch a\r\ninput x[3, 8, 8]\r\nconv 3x3 8\r\n"


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_is_what_its_option_shows(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", verb]) == 0
    shown = capsys.readouterr().out
    assert main([verb, "--help"]) == 0
    assert shown == capsys.readouterr().out


def test_help_alone_lists_the_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {verb} " in shown for verb in VERBS)


@pytest.mark.parametrize("verb", ["cots", "", "../cost", "main"])
def test_help_of_no_verb_is_wrong_usage(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", verb]) == 2
    assert "there is no verb" in capsys.readouterr().err


def test_carriage_returns_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.arch"
    file.write_bytes(NEAT)
    assert main(["fmt", "--check", str(file)]) == 0
    file.write_bytes(LOOSE)
    assert main(["fmt", "--check", str(file)]) == 1
    assert main(["fmt", str(file)]) == 0
    assert file.read_bytes() == NEAT


@pytest.mark.parametrize(
    ("content", "formatted"),
    [
        (NEAT.replace(b"\r\n", b"\n", 1), NEAT.replace(b"\r\n", b"\n")),
        (NEAT.replace(b"8]\r\n", b"8]\n"), NEAT),
        (b"\xef\xbb\xbf" + NEAT, NEAT),
    ],
)
def test_mixed_line_ends_become_those_of_the_first_line(
    content: bytes, formatted: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.arch"
    file.write_bytes(content)
    assert main(["fmt", "--diff", str(file)]) == 0
    assert "only its line ends or its byte order mark" in capsys.readouterr().out
    assert file.read_bytes() == content
    assert main(["fmt", str(file)]) == 0
    assert file.read_bytes() == formatted


def test_each_hook_runs_a_verb() -> None:
    entries = re.findall(r"^  entry: archdsl (\S+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE)
    assert entries == ["check", "fmt"]
    assert set(entries) <= VERBS.keys()
