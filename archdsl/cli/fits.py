"""`archdsl fits FILE --memory 80GB`: the largest batch that fits. Must not search or count."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, add_file, add_format, add_size, add_training, training_choices
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl fits resnet50 --memory 8GB --training --optimizer adam"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl fits`."""
    from archdsl.answers.answer import FORMATS

    add_file(parser)
    parser.add_argument(
        "--memory", required=True, metavar="SIZE", help="how much memory there is: 80GB, 512MB (1 GB is 1024**3 bytes)"
    )
    add_size(parser, batch=False)
    add_training(parser, "for a training step instead of inference")
    add_format(parser, FORMATS)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl fits`; return its exit code."""
    from archdsl.analysis.questions.batch import read_bytes
    from archdsl.answers.batch import fits
    from archdsl.cli.loading import load
    from archdsl.diagnostics import Refusal

    training = training_choices(options)
    try:
        read_bytes(options.memory)
    except Refusal as error:
        raise UsageError(str(error)) from None
    fit = fits(load(options, options.file), options.memory, dtype=options.dtype, **training)
    if fit.batch == 0 and options.format == "table":
        screen.say(f"archdsl fits: {fit.sentence}")
    else:
        screen.answer(fit, options.format)
    return 0 if fit.batch else 1
