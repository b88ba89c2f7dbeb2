"""Texts as a terminal shows them: columns, tabs, wide and hidden characters, long lines. Must not know diagnostics.

Whatever a stranger wrote may be shown, so nothing here lets a control character through: an escape sequence, a
direction override or a line break appears as its code (`\\x1b`, `\\u202e`).
"""

from __future__ import annotations

from collections.abc import Iterable

TAB_STOP = 4
LONGEST_WHOLE_LINE = 120
"""Lines of up to this many characters are shown whole; longer ones only around the marked places."""

BEFORE, AFTER = 30, 50
"""How many characters of a long line are shown before and after a marked place."""

ELLIPSIS = "…"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_COMBINING = frozenset({"Mn", "Me"})


def show(text: str, longest: int = 600) -> str:
    """`text` on one line with every control character escaped; the middle of a very long one is left out."""
    if len(text) > longest:
        half = longest // 2
        text = f"{text[:half]} {ELLIPSIS} {text[-half:]}"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character)[0] for character in text)


def width(text: str) -> int:
    """How many columns of a terminal a shown text takes."""
    if text.isascii():
        return len(text)
    return sum(_shown(character)[1] for character in text)


def _shown(character: str) -> tuple[str, int]:
    """What is shown for the character, and how many columns it takes."""
    if " " <= character <= "~":
        return character, 1
    from unicodedata import category, east_asian_width

    kind = category(character)
    if kind in _HIDDEN:
        code = ord(character)
        escaped = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
        return escaped, len(escaped)
    if kind in _COMBINING:
        return character, 0
    return character, 2 if east_asian_width(character) in ("W", "F") else 1


class Strip:
    """One line of a source as it is shown: `text`, and the column of each marked character."""

    __slots__ = ("_columns", "_end", "text")

    def __init__(self, line: str, points: Iterable[int]) -> None:
        """Args:
        line: the source's line, without its end.
        points: positions in it (characters, from 0) that are going to be marked.
        """
        self._columns: dict[int, int] = {}
        pieces: list[str] = []
        column = 0
        kept = _kept(len(line), points)
        for start, end in kept:
            if start > 0:
                pieces.append(ELLIPSIS)
                column += 1
            for position in range(start, end):
                self._columns[position] = column
                piece, columns = _cell(line[position], column)
                pieces.append(piece)
                column += columns
        self._end = column
        if kept and kept[-1][1] < len(line):
            pieces.append(ELLIPSIS)
        self.text = "".join(pieces).rstrip(" ")

    def column(self, position: int) -> int:
        """The column (from 0) of the character at `position`, or of the end of the line for positions after it."""
        return self._columns.get(position, self._end)


def _cell(character: str, column: int) -> tuple[str, int]:
    if character == "\t":
        columns = TAB_STOP - column % TAB_STOP
        return " " * columns, columns
    return _shown(character)


def _kept(length: int, points: Iterable[int]) -> list[tuple[int, int]]:
    """The parts of a line of `length` characters that are shown: all of it, or what surrounds the points."""
    if length <= LONGEST_WHOLE_LINE:
        return [(0, length)]
    kept: list[tuple[int, int]] = []
    for point in sorted(min(point, length) for point in points):
        start, end = max(0, point - BEFORE), min(length, point + AFTER)
        if kept and start <= kept[-1][1] + 1:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
            continue
        kept.append((start, end))
    return kept or [(0, LONGEST_WHOLE_LINE)]
