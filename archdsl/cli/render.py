"""`archdsl render FILE`: the picture. Must not know how it is drawn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_file
from archdsl.cli.output import add_force, check_place, file_name, put
from archdsl.cli.screen import Screen, write_output
from archdsl.provenance import mark

if TYPE_CHECKING:
    from archdsl.api import Arch
    from archdsl.backends.render import Rendered


EXAMPLE = "archdsl render resnet50 -o resnet50.svg --level stage"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl render`."""
    from archdsl.backends.render.layout.page import FITS
    from archdsl.backends.render.output.picture import FORMS
    from archdsl.backends.render.scene.drawing import LEVELS
    from archdsl.backends.render.scene.paint import PAINTS

    endings = ", ".join(f".{form}" for form in FORMS)
    add_file(parser)
    parser.add_argument(
        "-o",
        type=file_name,
        metavar="OUT",
        dest="out",
        help=f"the file to write ({endings}; default: NAME.svg), or - for an svg to standard output",
    )
    parser.add_argument("--level", choices=LEVELS, help="how much detail (default: as much as is legible on the page)")
    parser.add_argument("--fit", choices=FITS, help="the page that chooses the level (default: a4; `none`: level block)")
    parser.add_argument("--paint", choices=PAINTS, default="op", help="what the colors show")
    add_force(parser)
    parser.add_argument("--open", action="store_true", help="open the picture when it is done")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl render`; return its exit code."""
    from archdsl.backends.render.output.picture import FORMS
    from archdsl.cli.loading import load, report_contracts

    aside = options.out == "-"
    if options.out is not None and not aside and Path(options.out).suffix[1:].lower() not in FORMS:
        raise UsageError(f"`-o` needs a name that ends in {', '.join(f'.{form}' for form in FORMS)}, not `{options.out}`")
    if options.level and options.fit:
        raise UsageError("`--fit` chooses the level: give it or `--level`")
    for option in ("force", "open"):
        if aside and getattr(options, option):
            raise UsageError(f"`-o -` writes no file, so it takes no `--{option}`")
    arch = load(options, options.file)
    path = Path(f"{arch.name}.svg" if aside or not options.out else options.out)
    if not aside:
        check_place(path, arch.files)
    drawn = _draw(arch, path, options, None if aside else path)
    done = "drew" if aside else "wrote"
    size = "" if drawn.text is None else f", text of {drawn.text:.1f} points on {options.fit or 'a4'}"
    screen.remark(f"{done} {path}: level {drawn.level}{', each block once under it' if drawn.has_blocks else ''}{size}")
    if options.open:
        from webbrowser import open as show

        show(path.resolve().as_uri())
    return report_contracts(arch, screen)


def _draw(arch: Arch, path: Path, options: argparse.Namespace, place: Path | None) -> Rendered:
    """Draw to a temporary place first, so that what is there stays if the picture may not replace it.

    `place` None: to standard output.

    Raises:
        UsageError: the file may not be replaced.
        NoEngine: nothing lays out; the `.dot` was written instead.
    """
    from tempfile import TemporaryDirectory

    from archdsl.backends.render.output.picture import NoEngine

    with TemporaryDirectory() as folder:
        drawn = Path(folder) / path.name
        try:
            rendered = arch.render(drawn, level=options.level, paint=options.paint, fit=options.fit)
        except NoEngine as missing:
            if missing.written is None or place is None:
                raise
            instead = path.with_suffix(".dot")
            put(instead, mark(missing.written.read_bytes(), ".dot", arch.origin), ".dot", force=options.force, read=arch.files)
            raise NoEngine(instead) from None
        if place is None:
            write_output(drawn.read_bytes())
        else:
            put(place, drawn.read_bytes(), path.suffix, force=options.force, read=arch.files)
        return rendered
