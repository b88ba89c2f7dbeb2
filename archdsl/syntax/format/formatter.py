"""The one formatting of a text. Must not change what it means: the tree of the result is compared with that of the text.

The rules, decided once (the reference states them for users):

Lines
    1. A line end that a person wrote stays. A body that stood on one line stays on it while it fits 120 columns (its comment
       and aligning spaces not counted); a body that held a line end has its `<` at the end of a line, each row two columns
       further in, each `|` at the start of a line, and its `>` on a line of its own, so that `>` and `|` are below the start
       of the line that opened the body.
    2. A line that is too long ends earlier at what is outermost: first each of its statements gets a line, then `elif` and
       `else` do, then bodies are broken, then the widest bracket.
    3. A bracket that held a line end has its content on lines of its own, two columns further in, and the closing one on the
       next. A comma comes after the last item there, and never before a bracket that closes on the same line.
    4. Statements on one line with `;` between them stay on one line. A `;` at the end of a line is removed.
    5. `elif` and `else` come after the `>` of a body on several lines; after one on one line they stay where they were, or
       all start lines if one did.
    6. Blank lines stay, one at most in a row, none at the start and end of a file, body or bracket.
    7. Comments stay; on their own line they are indented like the text around them, and two spaces precede one at a line's end.
Spaces
    8. One space around `<`, `|`, `;`, binary operators and the `=` of `let` and `arch NEW = OLD`; none around the `=` of
       arguments, around `**`, after a unary `-`, inside brackets. A product that begins with a number is written without
       spaces (`4*c`, `25*C**2`).
    9. Spaces beyond that stay if they align (`columns` says exactly when); all others are removed. Numbers align at
       their right edge, everything else at its left.
"""

from __future__ import annotations

from archdsl.diagnostics import Diagnostic, Label
from archdsl.syntax.format.columns import align
from archdsl.syntax.format.groups import MOST_DEPTH, TooDeep, nest
from archdsl.syntax.format.lines import lay_out
from archdsl.syntax.format.trivia import read
from archdsl.syntax.parser import parse, scanner_terminals
from archdsl.syntax.scanner import Scanner
from archdsl.syntax.tree import File, fields
from archdsl.text import Source, Span

_POSITIONS = frozenset({"start", "end", "metric_end"})


class FormatFault(Exception):
    """The result would mean something else: a fault of the formatter, never of the text."""


def format_source(source: Source, report: list[Diagnostic]) -> str | None:
    """The text in its one layout; None if it has syntax mistakes, which go to `report`.

    Raises:
        FormatFault: the result would not mean the same; nothing should be written.
    """
    before = len(report)
    tree = parse(source, report)
    if len(report) > before:
        return None
    atoms = read(source, Scanner(source, scanner_terminals()))
    try:
        lines = lay_out(nest(atoms))
    except TooDeep as found:
        start = source.line_starts[found.atom.line] + found.atom.column
        span = Span(source, start, start + len(found.atom.text))
        note = f"up to {MOST_DEPTH} bodies and brackets may be nested in one another"
        report.append(
            Diagnostic(
                "too-deep", "error", "this is nested too deeply to be formatted", (Label(span, primary=True),), notes=(note,)
            )
        )
        return None
    text = align(lines)
    wrong: list[Diagnostic] = []
    if not same_tree(tree, parse(Source(source.name, text), wrong)) or wrong:
        raise FormatFault(f"{source.name}: the formatted text would mean something different")
    return text


def same_tree(one: File, other: File) -> bool:
    """Whether two trees are equal but for the places in the text."""
    waiting: list[tuple[object, object]] = [(one, other)]
    while waiting:
        a, b = waiting.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, tuple) and isinstance(b, tuple):
            if len(a) != len(b):
                return False
            names = fields(a) or (None,) * len(a)
            waiting += [(x, y) for name, x, y in zip(names, a, b, strict=True) if name not in _POSITIONS]
        elif a != b:
            return False
    return True
