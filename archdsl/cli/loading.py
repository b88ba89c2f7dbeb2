"""From a FILE argument to a checked architecture. Must not print."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.api import Arch, compile_text
from archdsl.cli.options import input_shapes, parameters
from archdsl.sources import Text, read
from archdsl.text import Source

if TYPE_CHECKING:
    from archdsl.cli.screen import Screen
    from archdsl.compiler import Program, Recipe


def load(options: argparse.Namespace, name: str) -> Arch:
    """The architecture in FILE `name` (`-` is standard input), with the command line's `--set`, `--input` and `--free`.

    Raises:
        ArchError: the program has mistakes, or cannot be read.
        Refusal: a parameter cannot be left free.
        UsageError: `--set` or `--input` is written wrongly.
    """
    values, shapes = parameters(options), input_shapes(options)
    return compile_text(text_of(name), values, shapes, getattr(options, "free", ()))


def text_of(name: str) -> Text:
    """The text of FILE `name`; the imports of standard input are relative to the working folder."""
    if name != "-":
        return read(name)
    content = "" if sys.stdin is None else read(sys.stdin.buffer).source.text
    return Text(Source("<stdin>", content), Path())


def recipe_of(options: argparse.Namespace, name: str) -> Recipe:
    """How the architecture in FILE `name` is made with the command line's `--set` and `--input`.

    Raises:
        ArchError: the file cannot be read.
        UsageError: `--set` or `--input` is written wrongly.
    """
    from archdsl.compiler import Recipe

    return Recipe(*text_of(name), parameters(options), input_shapes(options))


def program_of(options: argparse.Namespace, name: str) -> Program:
    """FILE `name` after all passes, its mistakes in `report`; a library has no network.

    Raises:
        ArchError: the file cannot be read.
        UsageError: `--set` or `--input` is written wrongly.
    """
    from archdsl.compiler import run

    return run(*recipe_of(options, name)[:4], warnings=True)


def report_contracts(arch: Arch, screen: Screen) -> int:
    """Report the contracts that do not hold, after what was asked for; the exit code that they make."""
    if arch.network.overridden or not arch.network.expectations:
        return 0
    from archdsl.analysis.contracts import check
    from archdsl.analysis.cost import Cost

    failed = check(arch.network, Cost(arch.network))
    screen.report(failed)
    return 1 if failed else 0
