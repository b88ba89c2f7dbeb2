"""`archdsl completion SHELL`: a script that completes verbs, options and their values. Must not write files."""

from __future__ import annotations

import argparse
from importlib import import_module

from archdsl.cli.options import add_shared
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl completion bash"
SHELLS = ("bash", "zsh", "tcsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl completion`."""
    parser.add_argument(
        "shell", choices=SHELLS, help='which shell; bash: `eval "$(archdsl completion bash)"` in ~/.bashrc turns it on'
    )


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl completion`; return its exit code."""
    try:
        import shtab
    except ModuleNotFoundError:
        raise ModuleNotFoundError("completion needs shtab: pip install 'archdsl[completion]'", name="shtab") from None
    screen.result(shtab.complete(_whole(shtab.FILE), options.shell).removesuffix("\n"))
    return 0


def _whole(file: object) -> argparse.ArgumentParser:
    """One parser of all verbs; arguments that are files complete as such."""
    from archdsl.cli.main import VERBS

    parser = argparse.ArgumentParser(prog="archdsl")
    verbs = parser.add_subparsers(dest="verb")
    for verb, meaning in VERBS.items():
        one = verbs.add_parser(verb, help=meaning)
        add_shared(one)
        import_module(f"archdsl.cli.{verb}").add_arguments(one)
        for action in one._actions:
            if action.metavar in ("FILE", "A", "B", "W", "OUT", "NAME|OPERATOR|FILE:LINE[:COLUMN]"):
                # shtab reads it; argparse has no such attribute.
                vars(action)["complete"] = file
    return parser
