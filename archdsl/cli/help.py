"""`archdsl help [VERB]`: the overview, or the options of a verb. Must not describe them itself."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl help cost"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl help`."""
    parser.add_argument("verb", metavar="VERB", nargs="?", help="the verb whose options are shown; all verbs without it")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl help`; return its exit code."""
    from archdsl.cli.main import FINE, VERBS, no_verb, overview, parser_of

    if options.verb is None:
        screen.result(overview())
        return FINE
    if options.verb not in VERBS:
        raise UsageError(no_verb(options.verb))
    screen.result(parser_of(options.verb).format_help().rstrip())
    return FINE
