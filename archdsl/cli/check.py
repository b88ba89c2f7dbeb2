"""`archdsl check FILE…`: mistakes, warnings and failed contracts, and nothing else. Must not write files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from archdsl.cli.folders import expand
from archdsl.cli.options import add_overrides
from archdsl.cli.screen import Screen, counted
from archdsl.diagnostics import ArchError, Diagnostic
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from archdsl.checks.input_sizes import Answer


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
    checked = [_check(options, name) for name in names]
    diagnostics = [diagnostic for one in checked for diagnostic in one.diagnostics]
    if options.strict:
        diagnostics = [diagnostic._replace(severity="error") for diagnostic in diagnostics]
    sizes = {name: one.sizes for name, one in zip(names, checked, strict=True)} if options.input_sizes else {}
    _show(diagnostics, _Coverage.of(checked, options), sizes, options.format, screen)
    if is_wrong_usage(diagnostics):
        return WRONG_USAGE
    return MISTAKES if any(diagnostic.severity == "error" for diagnostic in diagnostics) else FINE


class _Checked(NamedTuple):
    """One file: what is wrong; how many contracts hold, fail and were not checked; how many definitions nothing calls.

    `sizes`: the input sizes that it accepts, if that was asked for.
    """

    diagnostics: list[Diagnostic]
    hold: int = 0
    failed: int = 0
    unchecked: int = 0
    uncalled: int = 0
    sizes: Answer | None = None


class _Coverage(NamedTuple):
    """How far all files were checked; `overrides` are the options that switched contracts off."""

    is_wrong: bool
    files: int
    hold: int
    failed: int
    unchecked: int
    uncalled: int
    overrides: tuple[str, ...]

    @classmethod
    def of(cls, checked: Sequence[_Checked], options: argparse.Namespace) -> _Coverage:
        hold, failed, unchecked, uncalled = (
            sum(getattr(one, name) for one in checked) for name in ("hold", "failed", "unchecked", "uncalled")
        )
        overrides = tuple(f"--{name}" for name in ("set", "input") if getattr(options, name))
        is_wrong = any(diagnostic.severity == "error" for one in checked for diagnostic in one.diagnostics)
        return cls(is_wrong, len(checked), hold, failed, unchecked, uncalled, overrides)

    def to_dict(self) -> dict[str, Any]:
        """As the JSON has it."""
        contracts = {"hold": self.hold, "failed": self.failed, "unchecked": self.unchecked}
        found = {"files": self.files, "contracts": contracts, "overrides": list(self.overrides)}
        return {**found, "uncalled_definitions": self.uncalled}

    @property
    def contracts(self) -> str:
        """`, 4 contracts hold`"""
        looked_at = self.hold + self.failed
        if looked_at == 0:
            return "" if self.unchecked or self.is_wrong else ", no contracts"
        if not self.failed:
            return f", {counted(self.hold, 'contract')} {'holds' if self.hold == 1 else 'hold'}"
        of_all = f"{self.failed} of {looked_at} contracts" if self.hold else counted(self.failed, "contract")
        return f", {of_all} {'fails' if self.failed == 1 else 'fail'}"

    @property
    def gaps(self) -> list[str]:
        """What was not checked, and why."""
        found = []
        if self.unchecked:
            was = "was" if self.unchecked == 1 else "were"
            why = f", because of {' and '.join(f'`{option}`' for option in self.overrides)}" if self.overrides else ""
            found.append(f"{counted(self.unchecked, 'contract')} {was} not checked{why}")
        if self.uncalled:
            calls = "that nothing calls was" if self.uncalled == 1 else "that nothing calls were"
            found.append(f"{counted(self.uncalled, 'definition')} {calls} checked without shapes")
        return found


def _check(options: argparse.Namespace, name: str) -> _Checked:
    from archdsl.cli.loading import failed_contracts, program_of
    from archdsl.compiler import accepted_sizes
    from archdsl.syntax.tree import Expect

    try:
        program = program_of(options, name)
    except ArchError as error:
        return _Checked(error.diagnostics)
    sizes = accepted_sizes(program) if options.input_sizes else None
    written = sum(isinstance(statement, Expect) for statement in program.file.tree.statements) if program.file else 0
    # A library has no network, and a broken program none that could be measured.
    is_wrong = any(diagnostic.severity == "error" for diagnostic in program.report)
    if program.network is None or is_wrong or program.network.overridden:
        # A mistake in a network keeps definitions from being called, and then which of them nothing calls is not known.
        cut_short = is_wrong and program.file is not None and program.file.head is not None
        return _Checked(program.told, unchecked=written, uncalled=0 if cut_short else program.uncalled, sizes=sizes)
    failed = failed_contracts(program.network)
    return _Checked([*program.told, *failed], written - len(failed), len(failed), 0, program.uncalled, sizes)


def _show(
    diagnostics: list[Diagnostic], coverage: _Coverage, sizes: Mapping[str, Answer | None], form: str, screen: Screen
) -> None:
    if form == "json":
        from json import dumps

        from archdsl.cli import input_sizes
        from archdsl.diagnostics.json import to_json

        more = {"input_sizes": input_sizes.to_json(sizes)} if sizes else {}
        screen.result(dumps({**to_json(diagnostics), "checked": coverage.to_dict(), **more}, indent=2))
        return
    if form == "github":
        from archdsl.diagnostics.github import to_github

        lines = [to_github(diagnostics)] if diagnostics else []
        lines += [f"::notice::{gap}" for gap in coverage.gaps]
        if lines:
            screen.result("\n".join(lines))
        return
    screen.report(diagnostics)
    if not screen.quiet:
        verdict = f"{_verdict(diagnostics)}{coverage.contracts}"
        screen.result("; ".join((f"{counted(coverage.files, 'file')}: {verdict}", *coverage.gaps)))
    for name, answer in sizes.items():
        from archdsl.cli.input_sizes import in_words

        screen.result(in_words(name, answer))


def _verdict(diagnostics: Sequence[Diagnostic]) -> str:
    kinds = ("error", "warning")
    counts = [(sum(diagnostic.severity == kind for diagnostic in diagnostics), kind) for kind in kinds]
    return ", ".join(counted(number, kind) for number, kind in counts if number) or "no mistakes"
