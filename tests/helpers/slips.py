"""Texts that people write who know another tool, each with the text that they meant. Must not judge them.

A file of `tests/cases/slips/` lists them, with a blank line between two. `- ` is what is written and `+ ` what is meant. A
slip whose fix, applied, gives what is meant has no further line. The others say what they get:

    ? word word     no fix leads there; the message has to name these words, which do
    = ok            the language takes the text as it is written
    ! headline      neither: the first message (`--update-golden` writes it)

The slips of `unseen.txt` were written when the messages for the others were done, and before anyone saw what these get: a fix
led to what is meant in 96 of 187, a fix or words in 117. Then their kinds were mended too. For those of `later.txt`, written
after that in the same way, it was 59 of 154, and 90.

`@ input …` is the input of the slips after it; after `@ whole` they are whole files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archdsl.backends.dump import ir_listing
from archdsl.compiler import network_of, run
from archdsl.diagnostics import ArchError, Diagnostic, Fix
from archdsl.diagnostics.applied import applied
from archdsl.text import Source
from helpers.folders import CASES

FOLDER = CASES / "slips"
NAME = "slip.arch"
_SIGNS = "-+?=!"


class Slip(NamedTuple):
    """What is written, what is meant, what a message has to name if no fix leads there, and what the table says of it."""

    page: Path
    number: int
    line: int
    written: str
    meant: str
    named: tuple[str, ...]
    mark: str

    @property
    def id(self) -> str:
        """`keras:12`, the line of its file."""
        return f"{self.page.stem}:{self.line}"


def slips() -> list[Slip]:
    """All of them, in the order of their files."""
    return [slip for page in sorted(FOLDER.glob("*.txt")) for slip in _on_page(page)]


def _on_page(page: Path) -> Iterator[Slip]:
    head, line = "", 1
    for number, part in enumerate(_parts(page)):
        rows = part.strip("\n").split("\n")
        if rows[0].startswith("@ "):
            head = "" if rows[0] == "@ whole" else f"arch slip\n{rows[0][2:]}\n"
        else:
            yield _slip(page, number, line, head, rows)
        line += part.count("\n") + 2


def _parts(page: Path) -> list[str]:
    return page.read_text(encoding="utf-8").split("\n\n")


def _slip(page: Path, number: int, line: int, head: str, rows: list[str]) -> Slip:
    if not all(row[:1] in _SIGNS and row[1:2] in ("", " ") for row in rows):
        raise ValueError(f"{page.name}, line {line}: each line of a slip starts with one of `{_SIGNS}` and a blank")
    written, meant = ("".join(f"{row[2:]}\n" for row in rows if row[0] == sign) for sign in "-+")
    marks = [row for row in rows if row[0] in "?=!"]
    named = tuple(word for row in marks if row[0] == "?" for word in row[2:].split())
    return Slip(page, number, line, head + written, head + meant, named, "\n".join(marks))


def rewrite(slip: Slip, mark: str) -> None:
    """Put what it gets now into its page."""
    parts = _parts(slip.page)
    part = parts[slip.number]
    kept = [row for row in part.split("\n") if row[:1] not in "?=!"]
    parts[slip.number] = "\n".join([*kept, *mark.split("\n")] if mark else kept) + ("\n" if part.endswith("\n") else "")
    slip.page.write_text("\n\n".join(parts), encoding="utf-8")


def report(text: str) -> list[Diagnostic]:
    """What `archdsl check` shows for the text."""
    return run(Source(NAME, text), warnings=True).told


def network(text: str) -> str | None:
    """The network that the text describes, line by line; None if it has mistakes."""
    try:
        return ir_listing(network_of(run(Source(NAME, text), warnings=True)))
    except ArchError:
        return None


def fixed(text: str, told: list[Diagnostic]) -> Iterator[str]:
    """The text after the first fix that is offered, and after the first fixes of all diagnostics in one step."""
    fixes = [next(fix for fix in one.fixes if fix.edits) for one in told if any(fix.edits for fix in one.fixes)]
    if fixes:
        yield from _after(text, fixes[:1])
        yield from _after(text, fixes)


def _after(text: str, fixes: list[Fix]) -> Iterator[str]:
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    texts = applied(fixes[0]._replace(edits=edits), {NAME: text})
    if texts is not None:
        yield texts[NAME]
