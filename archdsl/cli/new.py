"""`archdsl new NAME`: a first file to start from. Must not replace a file."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from archdsl.cli.options import UsageError
from archdsl.cli.output import add_force, file_name, put
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl new mine"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_TEXT = """\
# {name}: what it is, and where it is from.
arch {name}(classes=10, width=32)

meta title="{title}"
input image[3, 32, 32]

default conv bias=false

def unit(c, stride=1) < conv 3x3 c stride=stride ; bn ; relu >

def basic(c, stride=1) <
  residual < unit(c, stride) ; conv 3x3 c ; bn | shortcut(c, stride) >
  relu
>

def shortcut(c, stride) <
  if (stride != 1 or in.c != c) < conv 1x1 c stride=stride ; bn >
>

stem < unit(width) >
stage x2 < block basic(c=width) >
stage x2 < block basic(c=(2*width)) ; downsample stride=2 >
stage x2 < block basic(c=(4*width)) ; downsample stride=2 >
head < gap ; linear classes >

expect out == [10]
expect depth == 14
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl new`."""
    parser.add_argument("name", metavar="NAME", help="of the architecture: small letters, digits and `_`")
    parser.add_argument(
        "-o", metavar="OUT", dest="out", type=file_name, help="the file to write (default: NAME.arch), or - for the output"
    )
    add_force(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl new`; return its exit code."""
    from archdsl.compiler import run as compiled
    from archdsl.text import Source

    name = options.name.removesuffix(".arch")
    text = _TEXT.format(name=name, title=name.replace("_", " "))
    # A word of the language, or of an operator, is no name of an architecture either.
    if not _NAME.fullmatch(name) or compiled(Source(f"{name}.arch", text), warnings=True).report:
        raise UsageError(f"`{options.name}` cannot be the name of an architecture, as it is one of a file; `mine` can")
    if options.out == "-":
        if options.force:
            raise UsageError("`-o -` writes no file, so it takes no `--force`")
        screen.result(text.removesuffix("\n"))
        return 0
    path = Path(options.out or f"{name}.arch")
    put(path, text.encode(), ".arch", force=options.force, read=())
    screen.remark(f"wrote {path}: `archdsl check {path}` checks it, `archdsl cost {path}` counts it")
    return 0
