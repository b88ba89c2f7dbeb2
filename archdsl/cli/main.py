"""`archdsl VERB …`: finds the verb, runs it, and turns every way to end into an exit code. Must not know what verbs do.

Exit codes: 0 fine, 1 the program has mistakes or a contract fails, 2 wrong usage, 3 a package or device that is needed is
missing. As is usual, 130 after Ctrl-C and 141 if the reader of a pipe went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from errno import ENAMETOOLONG
from typing import TYPE_CHECKING, TextIO

from archdsl.version import __version__

if TYPE_CHECKING:
    import argparse

    from archdsl.cli.screen import Screen
    from archdsl.diagnostics import Diagnostic

VERBS = {
    "compile": "check an architecture, sum it up, and write its PyTorch source",
    "check": "report mistakes and failed contracts",
    "cost": "count parameters, operations and memory",
    "fits": "find the largest batch that fits into a memory",
    "solve": "find the largest or smallest value of a parameter that satisfies a condition",
    "compare": "put architectures side by side, in a table and a chart",
    "diff": "tell what changed between two architectures, and what it costs",
    "render": "draw the architecture",
    "weights": "bring weights into the names of an architecture",
    "zoo": "list the architectures that come with archdsl",
    "fmt": "format files (there is one style)",
    "explain": "explain a diagnostic or an operator, or derive the numbers of a step, a part or a contract",
    "new": "write a first file, to start from",
    "completion": "print a script that completes commands in a shell",
    "help": "show the verbs, or the options of one",
}
"""Each verb is the module `archdsl.cli.VERB` with `add_arguments(parser)`, `run(options, screen) -> int` and an `EXAMPLE`."""

FINE, MISTAKES, WRONG_USAGE, MISSING, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141
_USAGE = ("unknown-file",)
_OUTSIDE = ("unknown-parameter", "unknown-input")
"""What settings from outside can be."""
_WITH_VALUE = ("--color", "--set", "--input")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _drop_output()
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except OSError as error:
        from archdsl.diagnostics.strip import show

        _drop_output()
        what = str(error.filename) if error.filename is not None else "standard output"
        print(f"archdsl: {show(what, 100)}: {error.strerror or error}", file=sys.stderr)
        return WRONG_USAGE if error.errno == ENAMETOOLONG else MISTAKES
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FINE


def _run(arguments: list[str]) -> int:
    verb, rest = _split(arguments)
    if verb is None:
        return _without_verb(rest)
    if verb not in VERBS:
        print(f"archdsl: {no_verb(verb)}", file=sys.stderr)
        return WRONG_USAGE
    from importlib import import_module

    from archdsl.cli.options import UsageError
    from archdsl.cli.screen import Screen
    from archdsl.diagnostics import ArchError, Missing, Refusal, WrongUse
    from archdsl.diagnostics.strip import show

    module = import_module(f"archdsl.cli.{verb}")
    parser = parser_of(verb)
    options = parser.parse_intermixed_args(_as_meant(rest))
    screen = Screen(options.color, quiet=options.quiet, verbose=options.verbose)
    _draw_warnings(screen)
    try:
        return int(module.run(options, screen))
    except UsageError as error:
        # What was typed is shown in it: no escape sequences, on one line.
        screen.say(f"archdsl {verb}: {show(str(error))}")
        return WRONG_USAGE
    except ArchError as error:
        screen.report(error.diagnostics)
        return WRONG_USAGE if is_wrong_usage(error.diagnostics) else MISTAKES
    except (Refusal, ModuleNotFoundError) as error:
        # What cannot be done here (too large, free dimensions, a missing package) is reported in one sentence.
        screen.say(f"archdsl {verb}: {show(str(error))}")
        is_missing = isinstance(error, (Missing, ModuleNotFoundError))
        return MISSING if is_missing else WRONG_USAGE if isinstance(error, WrongUse) else MISTAKES
    except (MemoryError, RecursionError) as error:
        what = "memory" if isinstance(error, MemoryError) else "stack"
        screen.say(f"archdsl {verb}: this program needs more {what} than is available")
        return MISTAKES
    except OSError:
        raise
    except Exception as error:
        return _fault(error, screen)


def parser_of(verb: str) -> argparse.ArgumentParser:
    """The parser of a verb, with its example."""
    from importlib import import_module

    from archdsl.cli.options import parser_for

    module = import_module(f"archdsl.cli.{verb}")
    parser = parser_for(verb, VERBS[verb], module.EXAMPLE)
    module.add_arguments(parser)
    return parser


def _as_meant(arguments: Sequence[str]) -> list[str]:
    """What argparse would take for an option: `-:3` is line 3 of standard input, `--sort -macs` sorts downwards."""
    found: list[str] = []
    for one in arguments:
        if found and found[-1] == "--sort" and one.startswith("-") and not one.startswith("--"):
            found[-1] = f"--sort={one}"
        else:
            found.append(f"./{one}" if one.startswith("-:") else one)
    return found


def _draw_warnings(screen: Screen) -> None:
    """A warning of the compiler is drawn as a diagnostic, each once."""
    import warnings

    from archdsl.diagnostics import ArchWarning

    usual = warnings.showwarning
    shown: set[Diagnostic] = set()

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if not isinstance(message, ArchWarning):
            usual(message, category, filename, lineno, file, line)
        elif message.diagnostic not in shown:
            shown.add(message.diagnostic)
            screen.report([message.diagnostic])

    warnings.showwarning = show
    warnings.simplefilter("always", ArchWarning)


def is_wrong_usage(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether the command named something that is not there: no text is wrong then, the command is."""
    return any(map(_is_of_the_command, diagnostics))


def _is_of_the_command(diagnostic: Diagnostic) -> bool:
    if diagnostic.primary is None:
        return diagnostic.name in _USAGE and not diagnostic.labels
    span = diagnostic.primary.span
    # A setting from outside is shown at the name of the arch; the text of an option's value is the command's.
    is_outside = diagnostic.name in _OUTSIDE and diagnostic.message.startswith(f"the arch `{span.text}` ")
    return is_outside or span.source.name.startswith("--")


def _split(arguments: list[str]) -> tuple[str | None, list[str]]:
    """The verb, and the other arguments; options may come before it."""
    position = 0
    while position < len(arguments) and arguments[position].startswith("-") and arguments[position] != "-":
        position += 2 if arguments[position] in _WITH_VALUE else 1
    if position >= len(arguments):
        return None, arguments
    return arguments[position], arguments[:position] + arguments[position + 1 :]


def _without_verb(options: list[str]) -> int:
    if "--version" in options:
        print(f"archdsl {__version__}")
        return FINE
    if "-h" in options or "--help" in options:
        print(overview())
        return FINE
    print(overview(), file=sys.stderr)
    return WRONG_USAGE


def overview() -> str:
    """All verbs, each with its meaning."""
    width = max(len(verb) for verb in VERBS)
    verbs = "\n".join(f"  {verb:<{width}}  {meaning}" for verb, meaning in VERBS.items())
    return (
        "usage: archdsl VERB …\n\nA small language for vision architectures.\n\n"
        f"{verbs}\n\n"
        "`archdsl VERB --help` shows its options and an example. A FILE is a path, a name in the zoo (`resnet50`), or `-`.\n"
        "Every verb takes `--color`, `-q` (only errors and the result), `-v` (all diagnostics) and `--version`."
    )


def no_verb(verb: str) -> str:
    """That there is no such verb, and which it could be."""
    from archdsl.diagnostics.nearest import did_you_mean

    hint = did_you_mean(verb, VERBS, f"the verbs are {', '.join(f'`{name}`' for name in VERBS)}", most=1)
    return f"there is no verb {verb!r}; {hint}"


def _fault(error: Exception, screen: Screen) -> int:
    """A fault of ours, reported in one line; the traceback is only shown with `-v`."""
    if screen.verbose:
        from traceback import format_exception

        screen.say("".join(format_exception(error)).rstrip())
    summary = f"{type(error).__name__}: {error}".splitlines()[0]
    screen.say(f"archdsl: a fault in archdsl itself, not in your program: {summary} (`-v` shows where)")
    return MISTAKES


def _drop_output() -> None:
    """Let what is still buffered for standard output go nowhere, so that the interpreter's end cannot fail on it."""
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)
    except (OSError, ValueError, AttributeError):
        sys.stdout = None
