"""How wide text is, by Helvetica's own metrics, so that one picture is one picture on every machine. Must not know pictures."""

from __future__ import annotations

LINE = 1.2
"""From one line to the next, in sizes of the letters."""
# Widths of Helvetica's characters in thousandths of its size (Adobe's font metrics), by width.
_WIDTHS = {
    222: "ijl'",
    278: "!,./:;I[\\]ft ·",
    333: "()-`r",
    389: "*",
    500: "Jckvxsyz",
    556: "0123456789abdeghnopqu_#$L?",
    584: "+<=>~×",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    944: "W",
    1000: "…",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDE = 722
_FULL = 1000
_BOLD = 1.07
_WIDEST = 1.15


def text_width(text: str, size: float, bold: bool = False) -> float:
    """In points; what is not in the table counts as a wide letter, and what East Asian fonts draw in a square as a square."""
    return sum(map(_width, text)) * size / 1000 * (_BOLD if bold else 1.0)


def text_room(text: str, size: float, bold: bool = False) -> float:
    """An upper bound of the width in the fonts that stand in for Helvetica; the widest in use is DejaVu Sans."""
    return text_width(text, size, bold) * _WIDEST


def _width(letter: str) -> int:
    known = _WIDTH.get(letter)
    if known is not None:
        return known
    from unicodedata import east_asian_width

    return _FULL if east_asian_width(letter) in ("W", "F") else _WIDE
