"""`archdsl explain [NAME|OPERATOR|FILE:LINE[:COLUMN]]`: a page, or what stands on a line worked out. Must not work it out.

Without an argument it lists the operators and the diagnostics.
"""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, add_format, add_overrides
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl explain resnet50:25"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl explain`."""
    from archdsl.answers.answer import FORMATS

    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME|OPERATOR|FILE:LINE[:COLUMN]",
        help="a diagnostic (shape-mismatch), an operator (conv), or a place in a file (resnet50:16); the list without it",
    )
    add_overrides(parser)
    add_format(parser, FORMATS)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl explain`; return its exit code."""
    from archdsl.answers.explanation import PLACE, everything, on_line, page
    from archdsl.cli.loading import program_of

    name = options.name
    # The command line has `-:3` as `./-:3`.
    place = None if name is None else PLACE.fullmatch(name.removeprefix("./") if name.startswith("./-:") else name)
    if place is not None:
        column = None if place["column"] is None else int(place["column"])
        answer = on_line(program_of(options, place["file"]), int(place["line"]), column)
    else:
        for option in ("set", "input"):
            if getattr(options, option):
                raise UsageError(f"`--{option}` is about a place in a file, such as `resnet50:25`")
        answer = everything() if name is None else page(name)
    screen.answer(answer, options.format)
    return 0
