"""Every option of every verb with a wrong, an empty and a hostile value: one clear line, exit 2, and nothing is written."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest
from helpers.shell import SMALL, Shell

from archdsl.cli.main import VERBS, parser_of

COMMANDS = {
    "compile": ["small.arch"],
    "check": ["small.arch"],
    "cost": ["small.arch"],
    "fits": ["small.arch", "--memory", "1GB"],
    "solve": ["small.arch", "width", "--where", "params < 10K"],
    "compare": ["small.arch", "small.arch"],
    "diff": ["small.arch", "small.arch"],
    "render": ["small.arch"],
    "weights": ["small.arch", "--from", "none.pt"],
    "zoo": [],
    "fmt": ["--check", "small.arch"],
    "explain": ["conv"],
    "new": ["mine"],
    "completion": ["bash"],
    "help": [],
}
HOSTILE = ("", "nonsense", "-1", "0", "9" * 5000, "../../etc/passwd", "a\nb", "\x1b[31m", "=")
FREE = {
    "--sort": ("", " "),
    "--columns": ("", " ", "\t"),
    "--min-params": ("0",),
    "--max-params": ("0",),
    "--min-macs": ("0",),
    "--max-macs": ("0",),
}
"""Values that an option may have after all."""


def _options(verb: str) -> Iterator[argparse.Action]:
    for action in parser_of(verb)._actions:
        if action.option_strings and action.nargs != 0 and not isinstance(action, argparse._HelpAction):
            yield action


CASES = [(verb, action.option_strings[-1], action) for verb in VERBS for action in _options(verb)]


@pytest.mark.parametrize(
    ("verb", "option", "action"),
    [pytest.param(*case, marks=[pytest.mark.torch] if case[0] == "weights" else []) for case in CASES],
    ids=[f"{verb} {option}" for verb, option, _ in CASES],
)
def test_a_value_that_is_none(verb: str, option: str, action: argparse.Action, shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    is_long = option.startswith("--")
    for value in HOSTILE:
        if value in FREE.get(option, ()) or (option == "-o" and value):
            continue
        written = [f"{option}={value}"] if is_long else [option, value]
        told = shell(verb, *_without(COMMANDS[verb], option), *written)
        assert (told.code, told.out) == (2, ""), (value, told)
        assert "fault in archdsl" not in told.err, (value, told)
        assert "\x1b" not in told.err, (value, told)
        lines = [line for line in told.err.splitlines() if line.startswith(("archdsl", "error"))]
        assert len(lines) == 1, (value, told)
        assert {path.name for path in shell.folder.iterdir()} == {"small.arch"}, (value, told)


def _without(command: list[str], option: str) -> list[str]:
    if option not in command:
        return command
    at = command.index(option)
    return command[:at] + command[at + 2 :]


ALONE = (
    ("compile", "--emit", "ir", "--verify"),
    ("compile", "--emit", "tree", "-o", "x"),
    ("compile", "--emit", "ir", "--force"),
    ("cost", "--optimizer", "adam"),
    ("cost", "--checkpoint", "stage"),
    ("cost", "--autocast", "bfloat16"),
    ("cost", "--format", "csv", "--training"),
    ("cost", "--format", "lecture", "--by", "stage"),
    ("cost", "--format", "csv", "--device-spec", "a100"),
    ("cost", "--free", "width", "--set", "width=3"),
    ("fits", "--memory", "1GB", "--optimizer", "adam"),
    ("compare", "small.arch", "--chart", "layers"),
    ("compare", "small.arch", "--accuracy", "top1"),
    ("compare", "small.arch", "--force"),
    ("render", "--level", "block", "--fit", "a4"),
    ("render", "-o", "-", "--open"),
    ("diff", "small.arch", "--git", "HEAD"),
    ("zoo", "show", "resnet18", "--sort", "name"),
    ("explain", "conv", "--set", "a=1"),
    ("new", "mine", "-o", "-", "--force"),
)


@pytest.mark.parametrize("command", ALONE, ids=" ".join)
def test_options_that_do_not_go_together(command: tuple[str, ...], shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    verb, *options = command
    file = ["small.arch"] if verb not in ("zoo", "explain", "new") else []
    told = shell(verb, *file, *options)
    assert (told.code, told.out) == (2, "")
    assert told.err.count("\n") == 1
    assert {path.name for path in shell.folder.iterdir()} == {"small.arch"}
