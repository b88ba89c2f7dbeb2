"""`archdsl zoo`: what is in it, with counts; an entry's text; where its file is. Must not keep counts of its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

from archdsl.cli.options import UsageError
from archdsl.cli.screen import Screen
from archdsl.diagnostics import ArchError, Diagnostic


class Entry(NamedTuple):
    """One line of the list."""

    name: str
    title: str
    year: Any
    params: Any
    macs: Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=("list", "show", "path"), default="list", help="list without it")
    parser.add_argument("name", nargs="?", metavar="NAME", help="the entry to show, or whose path to tell")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="how the list is written")


def run(options: argparse.Namespace, screen: Screen) -> int:
    if options.action == "list":
        if options.name is not None:
            raise UsageError(f"`zoo list` takes no name; `zoo show {options.name}` shows one entry")
        return _list(options.format, screen)
    if options.name is None:
        raise UsageError(f"`zoo {options.action}` wants the name of an entry, such as `resnet50`")
    path = _path(options.name)
    screen.result(str(path) if options.action == "path" else path.read_text(encoding="utf-8").removesuffix("\n"))
    return 0


def _path(name: str) -> Path:
    from archdsl.resources import zoo_names, zoo_path

    path = zoo_path(name)
    if path is not None:
        return path
    from difflib import get_close_matches

    near = get_close_matches(name, zoo_names(), n=3)
    hint = "did you mean " + " or ".join(f"`{one}`" for one in near) + "?" if near else "`archdsl zoo` lists what there is"
    raise UsageError(f"the zoo has no `{name}`; {hint}")


def _list(form: str, screen: Screen) -> int:
    from archdsl.resources import zoo_names

    entries: list[Entry] = []
    wrong: list[Diagnostic] = []
    for name in zoo_names():
        try:
            entries.append(_entry(name))
        except ArchError as error:
            wrong += error.diagnostics
    screen.result(_json(entries) if form == "json" else _table(entries))
    screen.report(wrong)
    return 1 if wrong else 0


def _entry(name: str) -> Entry:
    from archdsl.api import load

    arch = load(name)
    cost = arch.cost()
    return Entry(name, str(arch.meta.get("title", "")), arch.meta.get("year"), cost.params, cost.macs)


def _table(entries: list[Entry]) -> str:
    """Names and titles to the left, numbers to the right."""
    rows = [("name", "title", "year", "params", "MACs"), *(tuple(map(_cell, entry)) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(Entry._fields))]
    lines = ["  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, "<<>>>", widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    return "" if value is None else str(value)


def _json(entries: list[Entry]) -> str:
    from json import dumps

    from archdsl.analysis.rows import plain

    records = [{name: plain(value) for name, value in entry._asdict().items()} for entry in entries]
    return dumps({"schema": "archdsl.zoo/1", "entries": records}, indent=2)
