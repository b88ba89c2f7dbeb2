"""`archdsl help [VERB]`: the overview, or the options of a verb. Must not describe them itself."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, parser_for
from archdsl.cli.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl help`."""
    parser.add_argument("verb", metavar="VERB", nargs="?", help="the verb whose options are shown; all verbs without it")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl help`; return its exit code."""
    from importlib import import_module

    from archdsl.cli.main import FINE, VERBS, no_verb, overview

    if options.verb is None:
        screen.result(overview())
        return FINE
    if options.verb not in VERBS:
        raise UsageError(no_verb(options.verb))
    parser = parser_for(options.verb, VERBS[options.verb])
    import_module(f"archdsl.cli.{options.verb}").add_arguments(parser)
    screen.result(parser.format_help().rstrip())
    return FINE
