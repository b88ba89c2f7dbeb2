"""`archdsl cost FILE`: the cost report. Must not compute or lay out any of it."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, add_file
from archdsl.cli.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from archdsl.analysis.choices import ITEM_BYTES
    from archdsl.analysis.conventions import CONVENTIONS
    from archdsl.analysis.rollup import BY
    from archdsl.backends.tables import FORMATS

    add_file(parser)
    parser.add_argument("--by", choices=BY, default="layer", help="what a row of the report is")
    parser.add_argument("--format", choices=tuple(FORMATS), default="table", help="how the report is written")
    parser.add_argument("--convention", choices=tuple(CONVENTIONS), default="macs", help="what counts as an operation")
    parser.add_argument("--batch", type=int, default=1, metavar="N", help="how many samples at once")
    parser.add_argument("--dtype", choices=tuple(ITEM_BYTES), default="float32", help="the type of the activations")


def run(options: argparse.Namespace, screen: Screen) -> int:
    from archdsl.analysis.cost import Cost
    from archdsl.backends.tables import report
    from archdsl.cli.loading import load

    if options.batch < 1:
        raise UsageError(f"`--batch` is at least 1, and not {options.batch}")
    network = load(options, options.file).network
    cost = Cost(network, options.batch, options.dtype)
    text = report(network, cost, options.by, options.format, options.convention, screen.width)
    screen.result(text.removesuffix("\n"))
    return 0
