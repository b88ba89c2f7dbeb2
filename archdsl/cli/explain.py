"""`archdsl explain [NAME|OPERATOR|FILE:LINE[:COLUMN]]`: a page, or what stands on a line worked out. Must not work it out.

Without an argument it lists the operators and the diagnostics.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable

from archdsl.cli.options import UsageError, add_overrides
from archdsl.cli.screen import Screen, counted
from archdsl.diagnostics.nearest import did_you_mean

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl explain`."""
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME|OPERATOR|FILE:LINE[:COLUMN]",
        help="a diagnostic (shape-mismatch), an operator (conv), or a place in a file (resnet50:16); the list without it",
    )
    add_overrides(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl explain`; return its exit code."""
    if options.name is None:
        return _list(screen)
    place = _PLACE.fullmatch(options.name.removeprefix("./") if options.name.startswith("./-:") else options.name)
    if place is not None:
        column = place["column"]
        return _line(options, place["file"], int(place["line"]), None if column is None else int(column), screen)
    return _page(options.name, screen)


def _line(options: argparse.Namespace, file: str, line: int, column: int | None, screen: Screen) -> int:
    from archdsl.analysis.reports.line import on_line, why_nothing
    from archdsl.cli.loading import program_of
    from archdsl.compiler import network_of

    program = program_of(options, file)
    source = program.source
    assert program.file is not None
    is_library = program.file.head is None and not any(wrong.severity == "error" for wrong in program.report)
    network = None if is_library else network_of(program)
    lines = source.text.count("\n") + (not source.text.endswith("\n"))
    if not 1 <= line <= lines:
        raise UsageError(f"`{source.name}` has {counted(lines, 'line')}, and no line {line}")
    if column is not None and not 1 <= column <= len(source.line(line)):
        raise UsageError(f"line {line} of `{source.name}` has {counted(len(source.line(line)), 'character')}")
    told = on_line(network, source, program.file.tree, line, column) if network is not None else []
    why = why_nothing(network, source, program.file.tree, line) if not told else None
    if not told and why is None:
        raise UsageError(f"`{source.name}:{line}` holds no step, part, definition or contract")
    screen.result(f"{source.name}:{line}  {source.line(line).strip()}")
    if why is not None:
        screen.result(f"\n{why}")
    for one in told:
        screen.result(f"\n{one.title}")
        _pairs(one.lines, screen)
        if one.others:
            shown = ", ".join(one.others[:4]) + (" …" if len(one.others) > 4 else "")
            _pairs([("likewise", shown)], screen)
    return 0


def _pairs(lines: Iterable[tuple[str, str]], screen: Screen) -> None:
    for title, text in lines:
        screen.result(f"  {title:<15} {text}".rstrip())


def _page(name: str, screen: Screen) -> int:
    from archdsl.analysis.reports.operator_page import form_page, operator_page
    from archdsl.ops.registry import find
    from archdsl.resources import page_text
    from archdsl.wording.callees import elsewhere
    from archdsl.wording.forms import FORMS

    text = page_text(name)
    if text is not None:
        screen.result(text.rstrip())
        return 0
    known = name if find(name) or name in FORMS else elsewhere(name)
    if known is None:
        raise UsageError(_unknown(name))
    operator = find(known)
    if known != name:
        screen.result(f"`{name}` is called `{known}` here")
    (title, _), *lines = form_page(known) if operator is None else operator_page(operator)
    screen.result(title)
    _pairs(lines, screen)
    return 0


def _unknown(name: str) -> str:
    from os.path import isfile

    from archdsl.ops.registry import OPERATORS
    from archdsl.resources import page_names, zoo_path

    file = name.rpartition(":")[0] or name
    if isfile(file) or zoo_path(file) is not None:
        return f"a place is named by its line, such as `{file}:3`"
    others = "`archdsl explain` lists them"
    return f"there is no diagnostic and no operator `{name}`; {did_you_mean(name, [*page_names(), *OPERATORS], others)}"


def _list(screen: Screen) -> int:
    """The operators family by family, then the diagnostics."""
    from archdsl.ops.registry import FAMILIES
    from archdsl.resources import page_names
    from archdsl.wording.forms import FORMS

    screen.result("operators: `archdsl explain conv` shows one")
    for family in FAMILIES:
        _names(family.TITLE, [operator.name for operator in family.OPERATORS], screen)
    _names("Forms", list(FORMS), screen)
    screen.result("\ndiagnostics: `archdsl explain shape-mismatch` shows one")
    _names("", page_names(), screen)
    return 0


def _names(title: str, names: list[str], screen: Screen) -> None:
    from textwrap import wrap

    lines = wrap(", ".join(names), max(screen.width - 24, 40), break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        screen.result(f"  {title if not number else '':<21} {line}".rstrip() if title else f"  {line}")
