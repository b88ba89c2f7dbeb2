"""`archdsl diff A B`: what changed from one architecture to another, and what it costs. Must not find or lay it out."""

from __future__ import annotations

import argparse

from archdsl.cli.options import add_format, add_overrides
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl diff resnet50 resnet101 --format markdown"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl diff`."""
    from archdsl.backends.tables.compare import DIFFERENCES

    parser.add_argument(
        "first", metavar="A", help="the architecture before: a path, a name in the zoo, or - for standard input"
    )
    parser.add_argument("second", metavar="B", help="the architecture after")
    add_format(parser, DIFFERENCES)
    add_overrides(parser, ", in both; if B is the same as A, only in B")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl diff`; return its exit code."""
    from archdsl.answers.difference import Difference
    from archdsl.api import compile_text
    from archdsl.cli.loading import text_of
    from archdsl.cli.options import input_shapes, parameters

    values, shapes = parameters(options), input_shapes(options)
    text = text_of(options.first)
    if options.first == options.second:
        first, second = compile_text(text, {}, {}), compile_text(text, values, shapes)
    else:
        first, second = compile_text(text, values, shapes), compile_text(text_of(options.second), values, shapes)
    # Two files of one arch name are told apart by what the command calls them.
    is_one_name = first.name == second.name and options.first != options.second
    names = (options.first, options.second) if is_one_name else None
    screen.answer(Difference(first, second, names), options.format)
    return 0
