"""`archdsl check FILE…`: mistakes, warnings and failed contracts, and nothing else. Must not write files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from archdsl.cli.folders import expand
from archdsl.cli.options import add_overrides
from archdsl.cli.screen import Screen, counted
from archdsl.diagnostics import ArchError, Diagnostic

if TYPE_CHECKING:
    from archdsl.checks.input_sizes import Answer
    from archdsl.compiler import Program


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl check`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="paths, folders, names in the zoo, or - for standard input")
    add_overrides(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how diagnostics are written")
    parser.add_argument(
        "--input-sizes",
        action="store_true",
        help="tell at which sizes of its inputs the declared weights fit, and at which a network exists",
    )
    parser.add_argument("--strict", action="store_true", help="a warning is an error")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl check`; return its exit code."""
    from archdsl.cli.main import FINE, MISTAKES, WRONG_USAGE, is_wrong_usage

    names = expand(options.files)
    diagnostics: list[Diagnostic] = []
    sizes: dict[str, Answer | None] = {}
    for name in names:
        found, program = _check(options, name)
        diagnostics += found
        if options.input_sizes and program is not None:
            from archdsl.cli.input_sizes import answer_of

            sizes[name] = answer_of(program)
    if options.strict:
        diagnostics = [diagnostic._replace(severity="error") for diagnostic in diagnostics]
    _show(diagnostics, sizes if options.input_sizes else None, len(names), options.format, screen)
    if is_wrong_usage(diagnostics):
        return WRONG_USAGE
    return MISTAKES if any(diagnostic.severity == "error" for diagnostic in diagnostics) else FINE


def _check(options: argparse.Namespace, name: str) -> tuple[list[Diagnostic], Program | None]:
    """The diagnostics of FILE `name`, and what the passes made of it."""
    from archdsl.cli.loading import failed_contracts, program_of

    try:
        program = program_of(options, name)
    except ArchError as error:
        return error.diagnostics, None
    # A library has no network, and a broken program none that could be measured.
    if program.network is None or any(diagnostic.severity == "error" for diagnostic in program.report):
        return program.report, program
    return [*program.report, *failed_contracts(program.network)], program


def _show(
    diagnostics: list[Diagnostic], sizes: Mapping[str, Answer | None] | None, files: int, form: str, screen: Screen
) -> None:
    """`sizes`: what each file accepts, if that was asked for."""
    if form == "json":
        from json import dumps

        from archdsl.cli import input_sizes
        from archdsl.diagnostics.json import to_json

        more = {} if sizes is None else {"input_sizes": input_sizes.to_json(sizes)}
        screen.result(dumps({**to_json(diagnostics), **more}, indent=2))
        return
    if form == "github":
        from archdsl.diagnostics.github import to_github

        if diagnostics:
            screen.result(to_github(diagnostics))
        return
    screen.report(diagnostics)
    if not screen.quiet:
        screen.result(f"{counted(files, 'file')}: {_verdict(diagnostics)}")
    for name, answer in (sizes or {}).items():
        from archdsl.cli.input_sizes import in_words

        screen.result(in_words(name, answer))


def _verdict(diagnostics: Sequence[Diagnostic]) -> str:
    kinds = ("error", "warning")
    counts = [(sum(diagnostic.severity == kind for diagnostic in diagnostics), kind) for kind in kinds]
    return ", ".join(counted(number, kind) for number, kind in counts if number) or "no mistakes"
