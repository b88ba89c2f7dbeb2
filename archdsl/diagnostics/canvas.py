"""Rows of styled characters, and what colors the styles have. Must not know diagnostics."""

from __future__ import annotations

from typing import Literal

Style = Literal["", "error", "warning", "primary", "secondary", "gutter", "strong", "help"]

_CODES: dict[Style, str] = {
    "error": "1;31",
    "warning": "1;33",
    "primary": "31",
    "secondary": "34",
    "gutter": "34",
    "strong": "1",
    "help": "1;36",
}


def paint(text: str, style: Style, color: bool) -> str:
    """`text` in the style's color, or as it is."""
    if not color or not style or not text:
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


class Row:
    """One row: single-width marks put at columns, then a tail of any text after the last of them."""

    __slots__ = ("_marks", "_tail")

    def __init__(self) -> None:
        self._marks: dict[int, tuple[str, Style]] = {}
        self._tail: list[tuple[str, Style]] = []

    def mark(self, start: int, end: int, character: str, style: Style) -> None:
        """Put `character` at the columns from `start` to before `end`; what was there is replaced."""
        for column in range(start, end):
            self._marks[column] = (character, style)

    def write(self, text: str, style: Style, column: int | None = None) -> None:
        """Append `text` after the marks, or at `column` if that is further right."""
        if column is not None:
            at = max(self._marks, default=-1) + 1
            self._tail.append((" " * (column - at), ""))
        self._tail.append((text, style))

    def draw(self, color: bool, width: int = 0) -> str:
        """The row as text; blanks after it are removed, or with `width` fill it up to that column."""
        pieces: list[tuple[str, Style]] = []
        for column in range(max(width, max(self._marks, default=-1) + 1)):
            character, style = self._marks.get(column, (" ", ""))
            if pieces and pieces[-1][1] == style:
                pieces[-1] = (pieces[-1][0] + character, style)
                continue
            pieces.append((character, style))
        drawn = "".join(paint(text, style, color) for text, style in [*pieces, *self._tail])
        return drawn if width else drawn.rstrip(" ")
