"""Results to standard output, everything else to standard error, in which colors. Must not decide what to say."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from errno import EBADF
from typing import TYPE_CHECKING, TextIO, TypeVar

from archdsl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from archdsl.answers.answer import Answer

T = TypeVar("T")
PIPE = 10_000
"""A table for a program is as wide as it needs to be."""
UNKNOWN_TERMINAL = 120
_NARROWEST = 20
_PATIENCE = 1.0
"""So many seconds nobody wonders what is going on."""
_PLAIN_SIGNS = str.maketrans({"│": "|", "─": "-", "┌": "+", "╭": "+", "╰": "+", "…": "~", "×": "x", "·": "."})
"""For terminals that cannot show the characters of the drawings; each is one column wide, so that columns stay."""


class Screen:
    """The two streams of one command."""

    def __init__(self, color: str = "auto", *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.error_color = _wants_color(color, sys.stderr)
        self.result_color = _wants_color(color, sys.stdout)

    @property
    def width(self) -> int:
        """Columns that there are for results: `COLUMNS` if it is set, else the terminal's; a pipe and a file take any line."""
        written = os.environ.get("COLUMNS", "")
        if written.isascii() and written.isdecimal() and int(written):
            return max(int(written), _NARROWEST)
        if sys.stdout is None or not sys.stdout.isatty():
            return PIPE
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or UNKNOWN_TERMINAL
        except OSError:
            return UNKNOWN_TERMINAL

    def result(self, text: str) -> None:
        """What was asked for, to standard output.

        Raises:
            OSError: it was closed before the start, so what was asked for is nowhere.
        """
        _write(output(), text)

    def answer(self, answer: Answer, form: str) -> None:
        """An answer in the form of that name."""
        self.result(answer.form(form, self.width))

    def say(self, text: str) -> None:
        """Something that is not the result, to standard error."""
        _write(sys.stderr, text)

    def remark(self, text: str) -> None:
        """What is only nice to know; `-q` leaves it out."""
        if not self.quiet:
            self.say(text)

    def progress(self, things: Sequence[T], what: str) -> Iterator[T]:
        """The things one by one; on a terminal a line says how many are done as soon as it takes over a second."""
        if self.quiet or len(things) < 2 or sys.stderr is None or not sys.stderr.isatty():
            yield from things
            return
        from time import monotonic

        start, shown = monotonic(), False
        try:
            for number, thing in enumerate(things):
                if monotonic() - start > _PATIENCE:
                    sys.stderr.write(f"\r{what} {number} of {len(things)}")
                    sys.stderr.flush()
                    shown = True
                yield thing
        finally:
            if shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Diagnostics, drawn; `-q` leaves the warnings out, `-v` shows those beyond the twentieth too."""
        shown = [diagnostic for diagnostic in diagnostics if not self.quiet or diagnostic.severity == "error"]
        if not shown:
            return
        from archdsl.diagnostics.terminal import draw_all

        self.say(draw_all(shown, self.error_color, None if self.verbose else 20) + "\n")


def counted(number: int, what: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _wants_color(choice: str, stream: TextIO | None) -> bool:
    if choice != "auto":
        return choice == "always"
    if stream is None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    if os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def output() -> TextIO:
    """Standard output.

    Raises:
        OSError: it was closed before the start.
    """
    if sys.stdout is None:
        raise OSError(EBADF, os.strerror(EBADF))
    return sys.stdout


def write_output(content: bytes) -> None:
    """To standard output byte by byte: no other encoding, no other line ends.

    Raises:
        OSError: it was closed before the start.
    """
    stream = output()
    stream.flush()
    stream.buffer.write(content)


def _write(stream: TextIO | None, text: str) -> None:
    """The text and a line end. A stream for remarks that was closed before the start takes nothing."""
    if stream is None:
        return
    text += "\n"
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN_SIGNS).encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)
