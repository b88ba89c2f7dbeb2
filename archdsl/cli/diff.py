"""`archdsl diff A B`: what changed from one architecture to another, and what it costs. Must not find or lay it out."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_format, add_overrides
from archdsl.cli.screen import Screen

if TYPE_CHECKING:
    from archdsl.ops.operator import Setting

EXAMPLE = "archdsl diff resnet50 resnet101 --format markdown"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl diff`."""
    from archdsl.backends.tables.compare import DIFFERENCES

    parser.add_argument(
        "first", metavar="A", help="the architecture before: a path, a name in the zoo, or - for standard input"
    )
    parser.add_argument("second", metavar="B", nargs="?", help="the architecture after")
    parser.add_argument("--git", metavar="REV", help="compare A as it is with A as it was in this revision, in place of B")
    add_format(parser, DIFFERENCES)
    add_overrides(parser, ", in both; if B is the same as A, only in B")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl diff`; return its exit code."""
    from archdsl.answers.difference import Difference
    from archdsl.api import compile_text
    from archdsl.cli.loading import text_of
    from archdsl.cli.options import input_shapes, parameters

    values, shapes = parameters(options), input_shapes(options)
    if options.git is not None:
        return _since(options, values, shapes, screen)
    if options.second is None:
        raise UsageError("`diff` needs two architectures, or one and `--git REV`")
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


def _since(
    options: argparse.Namespace, values: Mapping[str, Setting], shapes: Mapping[str, tuple[int, ...]], screen: Screen
) -> int:
    from archdsl.answers.difference import Difference
    from archdsl.api import compile_text
    from archdsl.cli.revision import at_revision
    from archdsl.sources import Text, read
    from archdsl.text import Source

    if options.second is not None:
        raise UsageError("`--git REV` is in place of the second architecture; leave one of them out")
    with at_revision(options.first, options.git) as old:
        # A mistake in it is shown at the name that git has for it.
        source, folder = read(str(old))
        before = compile_text(Text(Source(f"{options.git}:{options.first}", source.text), folder), values, shapes)
        after = compile_text(read(options.first), values, shapes)
        screen.answer(Difference(before, after, (f"{options.first} in {options.git}", options.first)), options.format)
    return 0
