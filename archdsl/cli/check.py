"""`archdsl check FILE…`: mistakes, warnings and failed contracts, and nothing else. Must not write files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from archdsl.cli.folders import expand
from archdsl.cli.options import add_overrides
from archdsl.cli.screen import Screen, counted
from archdsl.diagnostics import ArchError, Diagnostic


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="paths, folders, names in the zoo, or - for standard input")
    add_overrides(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how diagnostics are written")
    parser.add_argument("--input-sizes", action="store_true", help="tell which heights and widths the network accepts")
    parser.add_argument("--strict", action="store_true", help="a warning is an error")


def run(options: argparse.Namespace, screen: Screen) -> int:
    from archdsl.cli.main import FINE, MISTAKES, WRONG_USAGE, is_wrong_usage

    names = expand(options.files)
    diagnostics = [diagnostic for name in names for diagnostic in _check(options, name)]
    if options.strict:
        diagnostics = [diagnostic._replace(severity="error") for diagnostic in diagnostics]
    _show(diagnostics, len(names), options.format, screen)
    if options.input_sizes and not any(diagnostic.severity == "error" for diagnostic in diagnostics):
        for name in names:
            screen.result(f"{name}: {_input_sizes(options, name)}")
    if is_wrong_usage(diagnostics):
        return WRONG_USAGE
    return MISTAKES if any(diagnostic.severity == "error" for diagnostic in diagnostics) else FINE


def _check(options: argparse.Namespace, name: str) -> list[Diagnostic]:
    from archdsl.cli.loading import failed_contracts, program_of

    try:
        program = program_of(options, name)
    except ArchError as error:
        return error.diagnostics
    # A library has no network, and a broken program none that could be measured.
    if program.network is None or any(diagnostic.severity == "error" for diagnostic in program.report):
        return program.report
    return [*program.report, *failed_contracts(program.network)]


def _input_sizes(options: argparse.Namespace, name: str) -> str:
    """In words: `height and width multiples of 32, from 32 up`."""
    from archdsl.checks.input_sizes import accepted_sizes
    from archdsl.cli.loading import program_of

    program = program_of(options, name)
    if program.network is None or program.file is None:
        return "a library, which takes no input"
    sizes = accepted_sizes(program.file, program.overrides.parameters)
    if sizes:
        return "; ".join(map(str, sizes))
    inputs = ", ".join(f"{n} {list(map(str, shape))}" for n, shape in program.network.inputs).replace("'", "")
    return f"only the declared input, {inputs}"


def _show(diagnostics: list[Diagnostic], files: int, form: str, screen: Screen) -> None:
    if form == "json":
        from json import dumps

        from archdsl.diagnostics.json import to_json

        screen.result(dumps(to_json(diagnostics), indent=2))
        return
    if form == "github":
        from archdsl.diagnostics.github import to_github

        if diagnostics:
            screen.result(to_github(diagnostics))
        return
    screen.report(diagnostics)
    if not screen.quiet:
        screen.result(f"{counted(files, 'file')}: {_verdict(diagnostics)}")


def _verdict(diagnostics: Sequence[Diagnostic]) -> str:
    kinds = ("error", "warning")
    counts = [(sum(diagnostic.severity == kind for diagnostic in diagnostics), kind) for kind in kinds]
    return ", ".join(counted(number, kind) for number, kind in counts if number) or "no mistakes"
