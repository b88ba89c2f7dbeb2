"""`archdsl compile FILE`: the main job. Checks, prints the summary, and writes the lowered form. Must not compute any of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.cli.options import UsageError, add_file
from archdsl.cli.output import add_force, file_name, put
from archdsl.cli.screen import Screen, counted
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from archdsl.api import Arch


class Target(NamedTuple):
    """What a network is lowered to: the ending of its file, and the text."""

    ending: str
    lowered: Callable[[Arch], str]


def _source(arch: Arch) -> str:
    return arch.source()


def _costs(arch: Arch) -> str:
    from json import dumps

    return dumps(arch.cost().to_dict(), indent=2) + "\n"


def _document(arch: Arch) -> str:
    from json import dumps

    from archdsl.backends.dump import document

    return dumps(document(arch.network), indent=2) + "\n"


TARGETS = {"torch": Target(".py", _source), "json": Target(".json", _document), "cost": Target(".cost.json", _costs)}


EXAMPLE = "archdsl compile resnet50 -o resnet50.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl compile`."""
    add_file(parser)
    parser.add_argument("-o", metavar="OUT", dest="out", type=file_name, help="the file to write, or - for standard output")
    parser.add_argument("--target", choices=tuple(TARGETS), default="torch", help="PyTorch source, the IR, or the costs")
    parser.add_argument("--emit", choices=("tree", "ir"), help="stop after a pass and print what it made")
    parser.add_argument("--verify", action="store_true", help="build it, and compare shapes, parameters and operations")
    add_force(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl compile`; return its exit code."""
    from archdsl.answers.check import failed_contracts
    from archdsl.api import Arch
    from archdsl.cli.loading import program_of
    from archdsl.cli.main import FINE, MISTAKES
    from archdsl.compiler import network_of
    from archdsl.project import without_allowed

    for option in ("out", "verify", "force"):
        if options.emit and getattr(options, option):
            written = "-o" if option == "out" else f"--{option}"
            raise UsageError(f"`--emit {options.emit}` prints a listing and writes nothing, so it takes no `{written}`")
    if options.emit == "tree":
        return _emit_tree(options, screen)
    program = program_of(options, options.file)
    arch = Arch(network_of(program), program.recipe)
    if options.emit == "ir":
        from archdsl.backends.dump import ir_listing

        screen.result(ir_listing(arch.network))
        return FINE
    failed = failed_contracts(arch.network)
    screen.report([*without_allowed(program.told, program.folder), *failed])
    if failed:
        return MISTAKES
    _summarise(arch, options.out == "-", screen)
    if options.verify and not _verify(arch, screen):
        return MISTAKES
    _write(arch, TARGETS[options.target].lowered(arch), options, screen)
    return FINE


def _summarise(arch: Arch, aside: bool, screen: Screen) -> None:
    """The summary, on standard error if standard output takes the result."""
    if screen.quiet:
        return
    from archdsl.backends.tables import summary

    text = summary(arch.network, arch.cost(), width=screen.width)
    (screen.say if aside else screen.result)(text)


def _write(arch: Arch, text: str, options: argparse.Namespace, screen: Screen) -> None:
    from archdsl.provenance import mark

    kind = Path(f"any{TARGETS[options.target].ending}").suffix
    content = mark(text.encode(), kind, arch.origin)
    if options.out == "-":
        screen.result(content.decode().removesuffix("\n"))
        return
    path = Path(options.out) if options.out else _default_path(arch, options.target)
    put(path, content, kind, force=options.force, read=arch.files)
    screen.remark(f"wrote {path}")


def _verify(arch: Arch, screen: Screen) -> bool:
    """Whether the module that the source builds agrees with the network; every disagreement is reported."""
    report = arch.verify()
    for mismatch in report.mismatches:
        screen.say(f"archdsl compile: {mismatch}")
    if report.agrees:
        screen.remark(
            f"verified with PyTorch: {counted(report.calls, 'shape')}, {counted(report.tensors, 'tensor')}, "
            f"{report.params:,} parameters and {report.macs:,} MACs agree"
        )
    return report.agrees


def _emit_tree(options: argparse.Namespace, screen: Screen) -> int:
    from archdsl.backends.dump import tree_listing
    from archdsl.checks.fixes import syntax_error
    from archdsl.cli.loading import text_of
    from archdsl.diagnostics import Diagnostic
    from archdsl.syntax.parser import parse

    source = text_of(options.file).source
    report: list[Diagnostic] = []
    tree = parse(source, report)
    if report:
        raise syntax_error(source, report)
    screen.result(tree_listing(tree, source))
    return 0


def _default_path(arch: Arch, target: str) -> Path:
    """NAME.py and its like, in the working folder."""
    if target == "torch" and arch.name in sys.stdlib_module_names | {"torch"}:
        raise UsageError(f"`{arch.name}.py` would hide the module `{arch.name}` from Python; name another file with `-o`")
    return Path(arch.name + TARGETS[target].ending)
