"""`archdsl weights FILE --from W`: brings weights into the architecture's names. Must not match or read tensors itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_file, add_format
from archdsl.cli.output import add_force, check_place, file_name, put
from archdsl.cli.screen import Screen

if TYPE_CHECKING:
    from archdsl.api import Arch
    from archdsl.backends.torch.weights.fitting import Fitted
    from archdsl.backends.torch.weights.report import LoadReport

SCHEMA = "archdsl.weights/1"
_ENDING = ".safetensors"


EXAMPLE = "archdsl weights resnet50 --from resnet50.pth -o resnet50.safetensors"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl weights`."""
    from archdsl.answers.answer import FORMATS

    add_file(parser)
    parser.add_argument("--from", required=True, metavar="W", dest="source", help="a file: safetensors, or of `torch.save`")
    parser.add_argument("--map", metavar="M", help="a name map (JSON), or the source of one that comes along: timm:resnet50")
    averaged = "take the averaged weights of a file that has raw ones too, or the raw ones"
    parser.add_argument("--ema", action=argparse.BooleanOptionalAction, default=None, help=averaged)
    parser.add_argument(
        "-o", metavar="OUT", dest="out", type=file_name, help=f"the {_ENDING} file to write; without it nothing is written"
    )
    add_format(parser, FORMATS)
    add_force(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl weights`; return its exit code."""
    from archdsl.api import need_torch
    from archdsl.cli.loading import load

    out = _place(options.out, Path(options.source))
    arch = load(options, options.file)
    need_torch()
    from archdsl.backends.torch.weights.files import NoWeightsFile
    from archdsl.backends.torch.weights.load import Wanted, fitted

    try:
        found = fitted(arch.network, options.source, Wanted(options.map, ema=options.ema))
    except NoWeightsFile as error:
        raise UsageError(str(error)) from None
    if out is not None:
        read = [*arch.files, Path(options.source)]
        put(out, _content(arch, found, options.source), _ENDING, force=options.force, read=read)
    if options.format == "json":
        screen.result(_json(arch, found.report, options))
        return 0
    screen.result(f"**{arch.name}**: {found.report}" if options.format == "markdown" else f"{arch.name}: {found.report}")
    screen.remark(f"wrote {out}" if out is not None else f"nothing written; `-o NAME{_ENDING}` writes them")
    return 0


def _place(out: str | None, source: Path) -> Path | None:
    """Where to write, looked at before anything is read."""
    if out is None:
        return None
    path = Path(out)
    if path.suffix != _ENDING:
        raise UsageError(f"weights are written as safetensors: `-o` needs a name that ends in `{_ENDING}`, and not `{out}`")
    check_place(path, [source])
    return path


def _content(arch: Arch, found: Fitted, source: str) -> bytes:
    """The file's bytes; its metadata records what made it."""
    from archdsl.backends.torch.weights.safetensors import file_bytes
    from archdsl.ir.digest import network_digest

    about = {
        "made_by": arch.origin.words,
        "architecture": arch.name,
        "network": network_digest(arch.network),
        "from": Path(source).name,
        "read_as": found.report.read_as,
        "format": "pt",
    }
    return file_bytes(found.values, about)


def _json(arch: Arch, report: LoadReport, options: argparse.Namespace) -> str:
    from json import dumps

    from archdsl.ir.digest import network_digest

    document = {
        "schema": SCHEMA,
        "architecture": arch.name,
        "network": network_digest(arch.network),
        "from": options.source,
        "read_as": report.read_as,
        "tensors": dict(report.loaded),
        "not_used": list(report.left),
        "counters_not_there": list(report.counters),
        "written": options.out,
    }
    return dumps(document, indent=2)
