"""`archdsl fmt FILE…`: puts files into the one formatting. Must not know its rules."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from archdsl.cli.options import UsageError
from archdsl.cli.screen import Screen, counted, write_output
from archdsl.diagnostics import ArchError, Diagnostic
from archdsl.sources import expand
from archdsl.text import Source

EXAMPLE = "archdsl fmt --diff mine.arch"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl fmt`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="paths, folders, or - for standard input to standard output")
    parser.add_argument("--check", action="store_true", help="write nothing; list what would change, with exit code 1")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl fmt`; return its exit code."""
    from archdsl.cli.main import FINE, MISTAKES, WRONG_USAGE, is_wrong_usage

    wrong: list[Diagnostic] = []
    changed, fine = 0, 0
    _refuse_zoo_names(options.files)
    for name in expand(options.files):
        try:
            is_changed = _format(name, options, screen)
        except ArchError as error:
            wrong += error.diagnostics
            continue
        changed += is_changed
        fine += not is_changed
    screen.report(wrong)
    is_looked_at = options.check or options.diff
    if is_looked_at or options.files != ["-"]:
        screen.remark(_summary(changed, fine, written=not is_looked_at))
    if is_wrong_usage(wrong):
        return WRONG_USAGE
    return MISTAKES if wrong or (options.check and changed) else FINE


def _refuse_zoo_names(files: Sequence[str]) -> None:
    for name in files:
        path = Path(name)
        if name != "-" and not path.exists() and not path.suffix:
            raise UsageError(f"there is no file `{name}`; `fmt` rewrites files, so it needs paths")


def _format(name: str, options: argparse.Namespace, screen: Screen) -> bool:
    """Format one file; whether it was not formatted before.

    Raises:
        ArchError: it has syntax mistakes, or cannot be read.
    """
    from archdsl.checks.fixes import syntax_error
    from archdsl.cli.loading import text_of
    from archdsl.syntax.format.formatter import format_source

    source = text_of(name).source
    wrong: list[Diagnostic] = []
    text = format_source(source, wrong)
    if text is None:
        raise syntax_error(source, wrong)
    is_stream = name == "-"
    # Mixed line ends and a byte order mark are gone from the source's text, so the file still has to be rewritten.
    found = source.text.encode() if is_stream else Path(name).read_bytes()
    content = text.encode() if is_stream else _with_line_ends(text.encode(), found)
    is_changed = content != found
    if options.check and is_changed:
        screen.result(f"would reformat {source.name}")
    if options.diff:
        _show(source, text, screen, is_changed=is_changed)
    if options.check or options.diff:
        return is_changed
    if is_stream:
        write_output(text.encode())
    elif is_changed:
        from archdsl.cli.output import check_place
        from archdsl.files import write_whole

        write_whole(check_place(Path(name)), content)
    return is_changed


def _with_line_ends(content: bytes, found: bytes) -> bytes:
    """`content` with the line ends of the file: those of its first line, since git may have made them all CRLF."""
    first = found.partition(b"\n")[0]
    return content.replace(b"\n", b"\r\n") if first.endswith(b"\r") and first != found else content


def _show(source: Source, text: str, screen: Screen, *, is_changed: bool) -> None:
    from difflib import unified_diff

    name = source.name
    lines = unified_diff(source.text.splitlines(), text.splitlines(), name, f"{name} (formatted)", lineterm="")
    shown = "\n".join(lines)
    if shown:
        screen.result(shown)
    elif is_changed:
        screen.result(f"{name}: only its line ends or its byte order mark would change")


def _summary(changed: int, fine: int, *, written: bool) -> str:
    verb = "formatted" if written else "to format"
    parts = [f"{counted(changed, 'file')} {verb}"] if changed else []
    parts += [f"{counted(fine, 'file')} already formatted"] if fine else []
    return ", ".join(parts) or "no file formatted"
