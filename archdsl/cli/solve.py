"""`archdsl solve FILE NAME --where "macs <= 4G"`: the extreme value that satisfies a condition. Must not search."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_file, input_shapes, parameters
from archdsl.cli.screen import Screen

if TYPE_CHECKING:
    from archdsl.analysis.questions.parameter import Tried
    from archdsl.ir import Network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl solve`."""
    add_file(parser)
    parser.add_argument("name", metavar="NAME", help="the arch parameter to solve for, a positive integer")
    parser.add_argument(
        "--where",
        required=True,
        metavar="CONDITION",
        help='as after `expect`, also with `and` and `or`: "macs <= 4G and stage3.memory < 10MB"',
    )


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl solve`; return its exit code."""
    from archdsl.analysis.questions.condition import comparisons, read_condition, shown
    from archdsl.analysis.questions.parameter import check_parameter, solve
    from archdsl.api import compile_text
    from archdsl.cli.loading import text_of

    values, shapes = parameters(options), input_shapes(options)
    if options.name in values:
        raise UsageError(f"`solve` looks for `{options.name}`, so `--set` cannot give it a value")
    condition = read_condition(options.where)
    text = text_of(options.file)

    def build(value: int) -> Network:
        return compile_text(text, {**values, options.name: value}, shapes).network

    usual = compile_text(text, values, shapes).network
    if options.name not in usual.parameters:
        build(1)  # reports which parameters there are
    check_parameter(usual, options.name)
    answer = solve(build, condition)
    metrics = [one.metric_span.text for one in comparisons(condition)]
    extreme = "largest" if answer.is_largest else "smallest"
    screen.result(f"{options.name} = {answer.best.value:,}")
    screen.result(f"  the {extreme} with {shown(condition)}: {_found(metrics, answer.best)}")
    if answer.beyond is not None:
        screen.result(f"  {options.name} = {answer.beyond.value:,} has {_found(metrics, answer.beyond)}")
    if len(answer.ranges) > 1 or (answer.is_largest and answer.ranges[0][0] > 1):
        screen.result(f"  all that keep it: {', '.join(map(_range, answer.ranges))}")
    return 0


def _range(ends: tuple[int, int | None]) -> str:
    first, last = ends
    return f"{first:,}" if first == last else f"{first:,} to {last:,}" if last is not None else f"{first:,} and up"


def _found(metrics: Sequence[str], tried: Tried) -> str:
    """`macs 3,999,999,999`, each metric once; bytes in their unit as well."""
    named = dict(zip(metrics, tried.measured, strict=True))
    return ", ".join(_one(metric, value) for metric, value in named.items())


def _one(metric: str, value: object) -> str:
    from archdsl.backends.tables import words

    exact = f"[{', '.join(map(words.number, value))}]" if isinstance(value, tuple) else words.number(value)
    return f"{metric} {exact}{_in_words(metric, value)}"


def _in_words(metric: str, value: object) -> str:
    from archdsl.backends.tables import words

    return f" ({words.size(value)})" if "memory" in metric or "peak" in metric else ""
