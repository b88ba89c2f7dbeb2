"""`archdsl solve FILE NAME --where "macs <= 4G"`: the extreme value that satisfies a condition. Must not search."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, add_file, add_format, input_shapes, parameters
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl solve resnet50 classes --where 'params <= 30M'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl solve`."""
    from archdsl.answers.answer import FORMATS

    add_file(parser)
    parser.add_argument("name", metavar="NAME", help="the arch parameter to solve for, a positive integer")
    parser.add_argument(
        "--where",
        required=True,
        metavar="CONDITION",
        help='as after `expect`, also with `and` and `or`: "macs <= 4G and stage3.memory < 10MB"',
    )
    add_format(parser, FORMATS)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl solve`; return its exit code."""
    from archdsl.answers.parameter import solve_text
    from archdsl.cli.loading import text_of

    values, shapes = parameters(options), input_shapes(options)
    if options.name in values:
        raise UsageError(f"`solve` looks for `{options.name}`, so `--set` cannot give it a value")
    screen.answer(solve_text(text_of(options.file), options.name, options.where, values, shapes), options.format)
    return 0
