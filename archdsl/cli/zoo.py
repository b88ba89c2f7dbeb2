"""`archdsl zoo`: what is in it, with counts; an entry's text; where its file is. Must not count."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_format, names_of
from archdsl.cli.screen import Screen
from archdsl.diagnostics.nearest import did_you_mean

if TYPE_CHECKING:
    from fractions import Fraction

    from archdsl.answers.zoo import Wanted


EXAMPLE = "archdsl zoo --family resnet --sort=-params"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl zoo`."""
    from archdsl.answers.zoo import COUNTS, Zoo

    parser.add_argument(
        "action", nargs="?", choices=("list", "show", "path"), default="list", help="what to do (default: list)"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the entry to show, or to print the path of")
    parser.add_argument("--columns", metavar="NAME,…", help="metrics and facts of `meta`: name,params,top1_error")
    parser.add_argument("--sort", metavar="NAME", help="sort by a column; --sort=-NAME puts the largest first")
    add_format(parser, Zoo.formats)
    only = parser.add_argument_group("what is listed (an entry must satisfy all of these)")
    only.add_argument("--family", metavar="NAME", action="append", help="of this family; may be given more than once")
    only.add_argument("--year", metavar="YEAR", help="of this year, or of a span of years: 2015, 2015-2017")
    for name, meaning in COUNTS.items():
        only.add_argument(f"--min-{name}", metavar="N", help=f"with at least this many {meaning}")
        only.add_argument(f"--max-{name}", metavar="N", help=f"with at most this many {meaning}: 25M, 4.1G")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl zoo`; return its exit code."""
    from archdsl.answers.zoo import Wanted

    wanted = _wanted(options)
    if options.action == "list":
        if options.name is not None:
            raise UsageError(f"`zoo list` takes no name; `zoo show {options.name}` shows one entry")
        return _list(wanted, options, screen)
    if wanted != Wanted() or options.columns or options.sort:
        raise UsageError(f"`zoo {options.action}` takes one name; the options that narrow or sort are for `zoo list`")
    if options.name is None:
        raise UsageError(f"`zoo {options.action}` needs the name of an entry, such as `resnet50`")
    path = _path(options.name)
    screen.result(str(path) if options.action == "path" else path.read_text(encoding="utf-8").removesuffix("\n"))
    return 0


def _list(wanted: Wanted, options: argparse.Namespace, screen: Screen) -> int:
    from functools import partial

    from archdsl.answers.zoo import listed

    through = partial(screen.progress, what="reading")
    found = listed(wanted, names_of(options.columns), options.sort, through)
    screen.answer(found, options.format)
    if found.is_narrowed:
        screen.remark(f"{len(found)} of the zoo's {found.of}")
    screen.report(found.wrong)
    return 1 if found.wrong else 0


def _wanted(options: argparse.Namespace) -> Wanted:
    from archdsl.answers.zoo import COUNTS, Wanted

    limits = ((name, _number(options, f"min_{name}"), _number(options, f"max_{name}")) for name in COUNTS)
    counts = tuple((name, (least or 0, most)) for name, least, most in limits if (least, most) != (None, None))
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
