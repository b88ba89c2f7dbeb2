"""`archdsl explain NAME|FILE:LINE`: the page of a diagnostic, or a step computed. Must not know what is on the pages."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, add_overrides
from archdsl.cli.screen import Screen, counted
from archdsl.diagnostics.nearest import did_you_mean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl explain`."""
    parser.add_argument(
        "name", metavar="NAME|FILE:LINE", help="a diagnostic (shape-mismatch), or a line of a file (resnet50:16)"
    )
    add_overrides(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl explain`; return its exit code."""
    file, colon, line = options.name.rpartition(":")
    if colon and line.isdigit():
        return _line(options, file, int(line), screen)
    return _page(options.name, screen)


def _line(options: argparse.Namespace, file: str, line: int, screen: Screen) -> int:
    """Each use of an operator on the line, derived; equal uses are named after the first."""
    from archdsl.analysis.reports.derivation import derive_line
    from archdsl.cli.loading import load, text_of

    source = text_of(file).source
    lines = source.text.count("\n") + (not source.text.endswith("\n"))
    if not 1 <= line <= lines:
        raise UsageError(f"`{source.name}` has {counted(lines, 'line')}, and no line {line}")
    derivations = derive_line(load(options, file).cost().folded_rows, source, line)
    text = source.line(line).strip()
    screen.result(f"{source.name}:{line}  {text}")
    if not derivations:
        screen.result("no layer of the network comes from this line")
        return 0
    for derivation in derivations:
        layer = derivation.layer
        times = f", {layer.times:,} times" if layer.times != 1 else ""
        screen.result(f"\n{layer.name}  {layer.caption}{times}")
        for title, words in derivation.lines:
            screen.result(f"  {title:<16}{words}")
        if derivation.others:
            shown = ", ".join(derivation.others[:4]) + (" …" if len(derivation.others) > 4 else "")
            screen.result(f"  {'the same for':<16}{shown}")
    return 0


def _page(name: str, screen: Screen) -> int:
    from archdsl.resources import page_names, page_text

    text = page_text(name)
    if text is not None:
        screen.result(text.rstrip())
        return 0
    from os.path import isfile

    file = name.rpartition(":")[0] or name
    if isfile(file):
        raise UsageError(f"a step is named by its line, such as `{file}:3`")
    hint = did_you_mean(name, page_names(), "a name looks like `shape-mismatch`")
    raise UsageError(f"there is no diagnostic `{name}`; {hint}")
