"""`archdsl zoo`: what is in it, with counts; an entry's text; where its file is. Must not keep counts of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError
from archdsl.cli.screen import Screen
from archdsl.diagnostics import ArchError, Diagnostic
from archdsl.diagnostics.nearest import did_you_mean
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from archdsl.api import Arch
    from archdsl.shapes import Dim

_COUNTS = {"params": "parameters", "macs": "multiply-accumulates"}


class Entry(NamedTuple):
    """One line of the list."""

    name: str
    title: str
    family: str
    year: object
    params: Dim
    macs: Dim


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl zoo`."""
    parser.add_argument(
        "action", nargs="?", choices=("list", "show", "path"), default="list", help="what to do (default: list)"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the entry to show, or to print the path of")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="how the list is written")
    only = parser.add_argument_group("what is listed (an entry must satisfy all of these)")
    only.add_argument("--family", metavar="NAME", action="append", help="of this family; may be given more than once")
    only.add_argument("--year", metavar="YEAR", help="of this year, or of a span of years: 2015, 2015-2017")
    for name, meaning in _COUNTS.items():
        only.add_argument(f"--min-{name}", metavar="N", help=f"with at least this many {meaning}")
        only.add_argument(f"--max-{name}", metavar="N", help=f"with at most this many {meaning}: 25M, 4.1G")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl zoo`; return its exit code."""
    wanted = _wanted(options)
    if options.action == "list":
        if options.name is not None:
            raise UsageError(f"`zoo list` takes no name; `zoo show {options.name}` shows one entry")
        return _list(wanted, options.format, screen)
    if wanted != Wanted():
        raise UsageError(f"`zoo {options.action}` takes one name; the options that filter are for `zoo list`")
    if options.name is None:
        raise UsageError(f"`zoo {options.action}` needs the name of an entry, such as `resnet50`")
    path = _path(options.name)
    screen.result(str(path) if options.action == "path" else path.read_text(encoding="utf-8").removesuffix("\n"))
    return 0


class Wanted(NamedTuple):
    """What an entry has to be like to be listed; counts as smallest and largest by name."""

    families: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    counts: tuple[tuple[str, int | Fraction, int | Fraction | None], ...] = ()

    def by_its_facts(self, arch: Arch) -> bool:
        """Whether family and year are as asked for."""
        if self.families and arch.meta.get("family") not in self.families:
            return False
        year = arch.meta.get("year")
        return self.years is None or (isinstance(year, int) and self.years[0] <= year <= self.years[1])

    def by_its_counts(self, entry: Entry) -> bool:
        """Whether the counts are within their limits; a formula is not, as it has no size."""
        for name, least, most in self.counts:
            value = getattr(entry, name)
            if not isinstance(value, int) or value < least or (most is not None and value > most):
                return False
        return True


def _wanted(options: argparse.Namespace) -> Wanted:
    limits = ((name, _number(options, f"min_{name}"), _number(options, f"max_{name}")) for name in _COUNTS)
    counts = tuple((name, least or 0, most) for name, least, most in limits if (least, most) != (None, None))
    return Wanted(tuple(options.family or ()), _years(options.year), counts)


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, dash, last = text.partition("-")
    years = (first, last) if dash else (first, first)
    if not all(year.isascii() and year.isdigit() and len(year) == 4 for year in years):
        raise UsageError("`--year` needs a year, or two with a dash between them: `--year 2015`, `--year 2015-2017`")
    if years[0] > years[1]:
        raise UsageError(f"`--year {text}` ends before it starts; the earlier year comes first: `--year {last}-{first}`")
    return int(years[0]), int(years[1])


def _number(options: argparse.Namespace, name: str) -> int | Fraction | None:
    """The number of an option, read by the language's own parser; None without the option."""
    text = getattr(options, name)
    if text is None:
        return None
    from archdsl.syntax.parser import parse_expression
    from archdsl.syntax.tree import Number
    from archdsl.text import Source

    option = f"--{name.replace('_', '-')}"
    tree = parse_expression(Source(option, text), [])
    if not isinstance(tree, Number):
        raise UsageError(f"`{option}` needs a number, such as `{option} 25M` or `{option} 4.1G`")
    return tree.value


def _path(name: str) -> Path:
    from archdsl.resources import zoo_names, zoo_path

    path = zoo_path(name)
    if path is not None:
        return path
    raise UsageError(f"the zoo has no `{name}`; {did_you_mean(name, zoo_names(), '`archdsl zoo` lists them')}")


def _list(wanted: Wanted, form: str, screen: Screen) -> int:
    wrong: list[Diagnostic] = []
    archs = list(_archs(wrong))
    families = sorted({str(arch.meta.get("family", "")) for arch in archs})
    for family in wanted.families:
        if family not in families and not wrong:
            others = f"the families are {', '.join(families)}"
            raise UsageError(f"the zoo has no family `{family}`; {did_you_mean(family, families, others)}")
    entries = [entry for arch in archs if wanted.by_its_facts(arch) and wanted.by_its_counts(entry := _entry(arch))]
    screen.result(_json(entries) if form == "json" else _table(entries))
    if wanted != Wanted():
        screen.remark(f"{len(entries)} of the zoo's {len(archs)}")
    screen.report(wrong)
    return 1 if wrong else 0


def _archs(wrong: list[Diagnostic]) -> Iterator[Arch]:
    """The entries in the order of their names; what is wrong with one goes into the list."""
    from archdsl.api import load
    from archdsl.resources import zoo_names

    for name in zoo_names():
        try:
            yield load(_path(name))
        except ArchError as error:
            wrong += error.diagnostics


def _entry(arch: Arch) -> Entry:
    meta, cost = arch.meta, arch.cost()
    return Entry(arch.name, str(meta.get("title", "")), str(meta.get("family", "")), meta.get("year"), cost.params, cost.macs)


def _table(entries: list[Entry]) -> str:
    """Names and titles to the left, numbers to the right."""
    rows = [("name", "title", "family", "year", "params", "MACs"), *(tuple(map(_cell, entry)) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(Entry._fields))]
    lines = [
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, "<<<>>>", widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    return "" if value is None else str(value)


def _json(entries: list[Entry]) -> str:
    from json import dumps

    from archdsl.analysis.rows import plain

    records = [{name: plain(value) for name, value in entry._asdict().items()} for entry in entries]
    return dumps({"schema": "archdsl.zoo/1", "entries": records}, indent=2)
