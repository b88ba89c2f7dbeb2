"""Options that all verbs share, and the values given on the command line. Must not run anything."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from archdsl.version import __version__

if TYPE_CHECKING:
    from typing import TypedDict

    from archdsl.ops.operator import Setting
    from archdsl.syntax import tree

    class TrainingOptions(TypedDict):
        """How a step is trained, if it is: what `Arch.cost` takes."""

        training: bool
        optimizer: str
        checkpoint: str | None
        autocast: str | None


class UsageError(Exception):
    """The command was typed wrongly; the message says what would be right. Exit code 2."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. argparse asks its formatter for each option, and its own width costs the import of `shutil`."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    written = os.environ.get("COLUMNS", "")
    if written.isdecimal() and int(written):
        return int(written)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ is not None else 1).columns or 80
    except (OSError, ValueError):
        return 80


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and what would do."""

    def error(self, message: str) -> NoReturn:
        from archdsl.diagnostics.strip import show

        message = show(message)
        hint = "" if message.endswith(("`", "?")) else f"; `{self.prog} --help` shows how it is used"
        self.exit(2, f"{self.prog}: {message}{hint}\n")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        from archdsl.diagnostics.nearest import choices, did_you_mean

        known = list(action.choices)
        what = f"`{action.option_strings[-1]}` has no value" if action.option_strings else f"there is no {action.dest}"
        raise argparse.ArgumentError(None, f"{what} `{value}`; {did_you_mean(str(value), known, choices(known))}")


def parser_for(verb: str, meaning: str, example: str) -> argparse.ArgumentParser:
    """A parser with the options of every verb; the verb adds its own."""
    parser = _Parser(
        prog=f"archdsl {verb}",
        description=meaning[:1].upper() + meaning[1:] + ".",
        epilog=f"example:\n  {example}",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    add_shared(parser)
    return parser


def add_shared(parser: argparse.ArgumentParser) -> None:
    """The options of every verb."""
    shared = parser.add_argument_group("for every verb")
    shared.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colors in the terminal")
    shared.add_argument("-q", "--quiet", action="store_true", help="print only errors and the result")
    shared.add_argument(
        "-v", "--verbose", action="store_true", help="show all diagnostics, and a traceback if archdsl itself fails"
    )
    shared.add_argument("--version", action="version", version=f"archdsl {__version__}")


def add_file(parser: argparse.ArgumentParser) -> None:
    """One FILE, with `--set` and `--input`."""
    parser.add_argument("file", metavar="FILE", help="a path, a name in the zoo, or - for standard input")
    add_overrides(parser)


def add_overrides(parser: argparse.ArgumentParser, where: str = "") -> None:
    """`--set` and `--input`; `where` completes the help of a verb that has several architectures."""
    value = f"another value for an arch parameter{where}: depths=[2,2,2,2]"
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=value)
    shape = f"another shape for an input{where}: image=3x320x320"
    parser.add_argument("--input", action="append", default=[], metavar="NAME=SHAPE", help=shape)


def add_format(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """`--format`; the first one is the default."""
    meaning = f"how the answer is written (default: {formats[0]})"
    parser.add_argument("--format", choices=tuple(formats), default=formats[0], help=meaning)


def names_of(columns: str | None) -> list[str] | None:
    """The names in `--columns`; None without the option."""
    return None if columns is None else [name.strip() for name in columns.split(",") if name.strip()]


def add_size(parser: argparse.ArgumentParser, *, batch: bool = True) -> None:
    """`--batch` and `--dtype`."""
    from archdsl.analysis.dtypes import ITEM_BYTES

    if batch:
        parser.add_argument("--batch", type=_at_least_one, default=1, metavar="N", help="how many samples at once")
    parser.add_argument("--dtype", choices=tuple(ITEM_BYTES), default="float32", help="the type of all numbers")


def add_training(parser: argparse.ArgumentParser, meaning: str) -> None:
    """`--training`, and the options that say how a step is trained."""
    from typing import get_args

    from archdsl.analysis.training.choices import AUTOCASTS, OPTIMIZERS, Checkpoint

    parser.add_argument("--training", action="store_true", help=meaning)
    parser.add_argument("--optimizer", choices=tuple(OPTIMIZERS), help="of the training step (default: sgd)")
    again = "what is recomputed in backward, so that only its inputs are kept"
    parser.add_argument("--checkpoint", choices=get_args(Checkpoint), help=again)
    parser.add_argument("--autocast", choices=AUTOCASTS, help="type of the activations, if it differs from `--dtype`")


def training_choices(options: argparse.Namespace) -> TrainingOptions:
    """The choices of `add_training` as `Arch.cost` takes them.

    Raises:
        UsageError: one is made and `--training` is not there.
    """
    for name in ("optimizer", "checkpoint", "autocast"):
        if getattr(options, name) is not None and not options.training:
            raise UsageError(f"`--{name}` says how the network is trained, so it needs `--training`")
    return {
        "training": options.training,
        "optimizer": options.optimizer or "sgd",
        "checkpoint": options.checkpoint,
        "autocast": options.autocast,
    }


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, not `{text}`")
    return int(text)


def parameters(options: argparse.Namespace) -> dict[str, Setting]:
    """The values of `--set`, as the language has them.

    Raises:
        UsageError: something is not `name=literal`.
    """
    values: dict[str, Setting] = {}
    for text in options.set:
        name, value = _named(text, "--set", "depths=[2,2,2,2]")
        values[name] = _literal(value, name)
    return values


def input_shapes(options: argparse.Namespace) -> dict[str, tuple[int, ...]]:
    """The shapes of `--input`.

    Raises:
        UsageError: something is not `name=3x320x320`.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for text in options.input:
        name, value = _named(text, "--input", "image=3x320x320")
        axes = value.split("x")
        if not all(axis.isascii() and axis.isdigit() and len(axis) < 10 and int(axis) > 0 for axis in axes):
            raise UsageError(f"`--input {name}` needs positive numbers with `x` between them, such as `{name}=3x320x320`")
        shapes[name] = tuple(int(axis) for axis in axes)
    return shapes


def _named(text: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier() or not value:
        raise UsageError(f"`{option}` needs a name and a value, such as `{option} {example}`")
    return name, value


def _literal(text: str, name: str) -> Setting:
    """The value of a number, size, string, boolean, list or word, read by the language's own parser."""
    from archdsl.diagnostics import Diagnostic
    from archdsl.syntax.parser import parse_expression
    from archdsl.text import Source

    report: list[Diagnostic] = []
    tree = parse_expression(Source(f"--set {name}", text), report)
    if tree is None:
        from archdsl.diagnostics.terminal import draw_all

        raise UsageError(f"`--set {name}` is not a value\n{draw_all(report, color=False)}")
    return _value(tree, name)


def _value(node: tree.Expression, name: str) -> Setting:
    from archdsl.ops.arguments import Size, Word
    from archdsl.syntax import tree

    match node:
        case tree.Number() | tree.String() | tree.Constant():
            return node.value
        case tree.SizeLiteral():
            return Size(node.numbers)
        case tree.ListOf():
            return tuple(_value(item, name) for item in node.items)
        case tree.Variable():
            return Word(node.name)
        case tree.Unary(operator="-", operand=tree.Number() as number):
            return -number.value
    raise UsageError(f"`--set {name}` takes a number, size, string, list, `true`, `false` or `none`, not a computation")
