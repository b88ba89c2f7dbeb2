"""How commands end and what they write to: colors, closed streams, full disks, Ctrl-C, and faults of our own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest
from helpers.folders import ROOT
from helpers.shell import SMALL, WRONG, Result, Shell, process

from archdsl.cli.screen import PIPE, UNKNOWN_TERMINAL, Screen

# Colours


def test_colours_only_where_they_are_wanted(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("wrong.arch", WRONG)
    assert "\x1b[" not in shell("check", "wrong.arch").err
    assert "\x1b[" in shell("check", "wrong.arch", "--color", "always").err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in shell("check", "wrong.arch").err
    assert "\x1b[" not in shell("check", "wrong.arch", "--color", "never").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in shell("check", "wrong.arch").err


# Endings


def test_a_closed_pipe_ends_without_a_word(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    running = process(["zoo", "show", "resnet50"], tmp_path, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (141, b"")


def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as out:
        running = process(["zoo", "show", "resnet50"], tmp_path, stdout=out, stderr=subprocess.PIPE)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert err == b"archdsl: standard output: No space left on device\n"


def test_ctrl_c_ends_without_a_word(tmp_path: Path) -> None:
    running = process(["check", "-"], tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdin is not None
    # More than a pipe holds: it is written when the command reads its input, so the signal comes while it waits for the rest.
    running.stdin.write(b"# waiting\n" * 50_000)
    running.stdin.flush()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize("verb", ["check resnet18", "cost resnet18", "compile resnet18 -o -", "fmt -"])
def test_an_answer_that_nobody_can_get_is_a_failure(verb: str, tmp_path: Path) -> None:
    for streams, says in ((">&- 2>&-", []), (">&-", [b"archdsl: standard output: Bad file descriptor\n"])):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m archdsl {verb} {streams}"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            input=b"arch t\ninput x[8]\nrelu\n",
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr.splitlines(True)[-1:]) == (1, says)


def test_a_file_is_written_although_standard_output_is_closed(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m archdsl compile resnet18 -q -o r.py >&- <&-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "class ResNet18" in (tmp_path / "r.py").read_text(encoding="utf-8")


def test_a_terminal_without_the_signs_gets_plain_ones(tmp_path: Path) -> None:
    (tmp_path / "wrong.arch").write_text(WRONG, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "archdsl", "check", "wrong.arch"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"5 | head < gap ; linear tne >" in done.stderr
    assert b"\\u2502" not in done.stderr


def test_a_fault_of_ours_is_one_line_and_verbose_shows_where(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from archdsl.cli import explain

    def fault(*_: object) -> int:
        raise AssertionError("broken\nin two lines")

    monkeypatch.setattr(explain, "run", fault)
    short = shell("explain", "shape-mismatch")
    assert short.code == 1
    assert short.err.splitlines() == [
        "archdsl: a fault in archdsl itself, not in your program: AssertionError: broken (`-v` shows where)"
    ]
    assert "Traceback" in shell("explain", "shape-mismatch", "-v").err


@pytest.mark.parametrize(("error", "what"), [(MemoryError(), "memory"), (RecursionError("deep"), "stack")])
def test_more_than_the_machine_has(shell: Shell, monkeypatch: pytest.MonkeyPatch, error: BaseException, what: str) -> None:
    from archdsl.cli import explain

    def too_much(*_: object) -> int:
        raise error

    monkeypatch.setattr(explain, "run", too_much)
    assert shell("explain", "shape-mismatch") == Result(
        1, "", f"archdsl explain: this program needs more {what} than is available\n"
    )


# The terminal


def test_a_table_is_as_wide_as_the_terminal(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = shell("cost", "resnet50").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((60, 24)))
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1)
    narrow = shell("cost", "resnet50", "--color", "never").out
    assert max(map(len, narrow.splitlines())) < max(map(len, wide.splitlines()))


def test_a_terminal_that_does_not_tell_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1)

    def unknown(_: int) -> os.terminal_size:
        raise OSError

    monkeypatch.setattr(os, "get_terminal_size", unknown)
    assert Screen().width == UNKNOWN_TERMINAL
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((0, 0)))
    assert Screen().width == UNKNOWN_TERMINAL


def test_a_picture_is_opened_if_asked_for(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    shell.write("small.arch", SMALL)
    assert shell("render", "small.arch", "--open").code == 0
    assert opened == [(shell.folder / "small.svg").resolve().as_uri()]


@pytest.mark.parametrize("delay", [0.005, 0.015, 0.03, 0.045, 0.06, 0.08, 0.1, 0.15])
def test_an_interrupt_at_any_moment_says_nothing(delay: float, tmp_path: Path) -> None:
    running = process(["cost", "resnet152"], tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        running.wait(delay)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    # Before Python runs at all, the signal's own end; while it starts up, Python itself may speak.
    assert running.returncode in (0, 1, 130, -signal.SIGINT)
    assert b"archdsl/cli" not in err


def test_the_width_of_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert Screen().width == PIPE
    monkeypatch.setenv("COLUMNS", "60")
    assert Screen().width == 60
    for nothing in ("", "0", "wide", "-5"):
        monkeypatch.setenv("COLUMNS", nothing)
        assert Screen().width == PIPE


def test_a_pipe_gets_every_column_whole(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = shell("diff", "resnet50", "convnext_tiny").out
    assert "…" not in wide
    monkeypatch.setenv("COLUMNS", "80")
    narrow = shell("diff", "resnet50", "convnext_tiny").out
    assert max(map(len, narrow.splitlines())) <= 80 < max(map(len, wide.splitlines()))
    assert max(map(len, shell("zoo").out.splitlines())) <= 80


def test_colors_are_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert Screen().error_color
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Screen().error_color


def test_sorting_downwards_needs_no_sign(shell: Shell) -> None:
    assert (
        shell("compare", "resnet18", "vgg16", "--sort", "-macs").out
        == shell("compare", "resnet18", "vgg16", "--sort=-macs").out
    )


def test_a_name_of_a_file_and_of_the_zoo_is_not_guessed(shell: Shell) -> None:
    (shell.folder / "resnet18").write_text("arch mine\ninput x[3]\nlinear 4\n", encoding="utf-8")
    told = shell("cost", "resnet18")
    assert told.code == 2
    assert "`resnet18` is a file here and an entry of the zoo" in told.err
    assert shell("cost", "./resnet18").out.startswith("mine: ")
    (shell.folder / "nets").mkdir()
    folder = shell("cost", "nets")
    assert folder.code == 2
    assert "`nets` is a folder" in folder.err


def test_progress_is_told_on_a_terminal_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    now = iter(range(100))
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "write", told.append, raising=False)
    assert list(Screen().progress([1, 2, 3], "checking")) == [1, 2, 3]
    assert told == ["\rchecking 1 of 3", "\rchecking 2 of 3", "\r\x1b[K"]
    told.clear()
    assert list(Screen(quiet=True).progress([1, 2, 3], "checking")) == [1, 2, 3]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert list(Screen().progress([1, 2, 3], "checking")) == [1, 2, 3]
    assert told == []
