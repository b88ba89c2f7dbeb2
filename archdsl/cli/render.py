"""`archdsl render FILE`: the picture. Must not know how it is drawn."""

from __future__ import annotations

import argparse
from pathlib import Path

from archdsl.cli.options import UsageError, add_file
from archdsl.cli.output import check_place
from archdsl.cli.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from archdsl.backends.render.output.picture import FORMS
    from archdsl.backends.render.scene.drawing import LEVELS
    from archdsl.backends.render.scene.paint import PAINTS

    endings = ", ".join(f".{form}" for form in FORMS)
    add_file(parser)
    parser.add_argument("-o", metavar="OUT", dest="out", help=f"the file to write ({endings}; default: NAME.svg)")
    parser.add_argument("--level", choices=LEVELS, default="block", help="how much detail")
    parser.add_argument("--paint", choices=PAINTS, default="op", help="what the colors show")
    parser.add_argument("--open", action="store_true", help="open the picture when it is done")


def run(options: argparse.Namespace, screen: Screen) -> int:
    from archdsl.backends.render.output.picture import FORMS
    from archdsl.cli.loading import load
    from archdsl.cli.main import FINE

    if options.out is not None and Path(options.out).suffix[1:].lower() not in FORMS:
        raise UsageError(f"`-o` needs a name that ends in {', '.join(f'.{form}' for form in FORMS)}, not `{options.out}`")
    arch = load(options, options.file)
    path = Path(options.out or f"{arch.name}.svg")
    check_place(path)
    arch.render(path, level=options.level, paint=options.paint)
    screen.remark(f"wrote {path}")
    if options.open:
        from webbrowser import open as show

        show(path.resolve().as_uri())
    return FINE
