"""`archdsl fits FILE --memory 80GB`: the largest batch that fits. Must not search or count."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_file, add_size, add_training, training_choices
from archdsl.cli.screen import Screen

if TYPE_CHECKING:
    from archdsl.cli.options import TrainingOptions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl fits`."""
    add_file(parser)
    parser.add_argument(
        "--memory", required=True, metavar="SIZE", help="how much memory there is: 80GB, 512MB (1 GB is 1024**3 bytes)"
    )
    add_size(parser, batch=False)
    add_training(parser, "for a training step instead of inference")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl fits`; return its exit code."""
    from archdsl.analysis.questions.batch import fits, read_bytes
    from archdsl.backends.tables import words
    from archdsl.cli.loading import load
    from archdsl.diagnostics import Refusal

    training = training_choices(options)
    try:
        memory = read_bytes(options.memory)
    except Refusal as error:
        raise UsageError(str(error)) from None
    arch = load(options, options.file)
    fit = fits(arch.network, memory, options.dtype, **training)
    what = f"{options.dtype}, {_way(training)}"
    if fit.batch == 0:
        need = f"it needs {words.size(fit.more)} ({fit.more:,} bytes)"
        screen.say(f"archdsl fits: not even one sample fits into {options.memory} ({what}): {need}")
        return 1
    screen.result(
        f"{arch.name}: a batch of {fit.batch:,} fits into {options.memory} ({what})\n"
        f"  {fit.batch:,} need {words.size(fit.bytes)} ({fit.bytes:,} bytes), "
        f"{fit.batch + 1:,} would need {words.size(fit.more)} ({fit.more:,} bytes)"
    )
    return 0


def _way(training: TrainingOptions) -> str:
    """`inference`, or how it is trained."""
    if not training["training"]:
        return "inference"
    cast = f", activations {training['autocast']}" if training["autocast"] else ""
    again = f", every {training['checkpoint']} recomputed" if training["checkpoint"] else ""
    return f"training with {training['optimizer']}{cast}{again}"
