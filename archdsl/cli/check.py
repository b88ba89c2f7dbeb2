"""`archdsl check FILE…`: mistakes, warnings and failed contracts, and nothing else. Must not find them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archdsl.cli.options import add_overrides
from archdsl.cli.screen import Screen

if TYPE_CHECKING:
    from archdsl.answers.check import Checked


EXAMPLE = "archdsl check --strict resnet50 vit_b_16"


FORMATS = ("text", "json", "markdown", "github", "sarif")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl check`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="paths, folders, names in the zoo, or - for standard input")
    add_overrides(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="how diagnostics are written")
    parser.add_argument(
        "--input-sizes",
        action="store_true",
        help="tell at which sizes of its inputs the declared weights fit, and at which a network exists",
    )
    parser.add_argument("--strict", action="store_true", help="a warning is an error")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl check`; return its exit code."""
    from functools import partial

    from archdsl.answers.check import check_recipes
    from archdsl.cli.loading import recipe_of
    from archdsl.cli.main import FINE, MISTAKES, WRONG_USAGE, is_wrong_usage
    from archdsl.sources import expand

    overrides = tuple(f"--{name}" for name in ("set", "input") if getattr(options, name))
    recipes = {name: partial(recipe_of, options, name) for name in expand(options.files)}
    checked = check_recipes(
        recipes,
        overrides,
        strict=options.strict,
        input_sizes=options.input_sizes,
        through=partial(screen.progress, what="checking"),
    )
    _show(checked, options.format, screen)
    if is_wrong_usage(checked.diagnostics):
        return WRONG_USAGE
    return FINE if checked.ok else MISTAKES


def _show(checked: Checked, form: str, screen: Screen) -> None:
    if form == "json":
        from json import dumps

        screen.result(dumps(checked.to_dict(), indent=2))
        return
    if form == "sarif":
        from json import dumps

        from archdsl.diagnostics.sarif import to_sarif

        screen.result(dumps(to_sarif(checked.diagnostics), indent=2))
        return
    if form == "markdown":
        screen.result(checked.markdown())
        return
    if form == "github":
        from archdsl.diagnostics.github import to_github

        lines = [to_github(checked.diagnostics)] if checked.diagnostics else []
        lines += [f"::notice::{gap}" for gap in checked.gaps]
        if lines:
            screen.result("\n".join(lines))
        return
    screen.report(checked.diagnostics)
    if not screen.quiet:
        screen.result(checked.verdict)
    for line in checked.size_lines:
        screen.result(line)
