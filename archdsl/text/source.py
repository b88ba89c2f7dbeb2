"""A text with a name, and spans of it. Must not know the language that the text is written in."""

from __future__ import annotations

from bisect import bisect_right

from archdsl.records import NamedTuple


class Place(NamedTuple):
    """A human position: line and column, both counted from 1, the column in characters."""

    line: int
    column: int


class Source:
    """One text: the name that people see for it (a path, `<stdin>`) and its characters."""

    __slots__ = ("_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets at which the lines start; found when first asked for, since a sound text never asks."""
        if self._starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return self._starts

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Span(NamedTuple):
    """Characters `start` to `end` (excluded) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where it starts."""
        return self.source.place(self.start)

    @property
    def end_place(self) -> Place:
        """Where it ends: the place after its last character."""
        return self.source.place(self.end)

    def __str__(self) -> str:
        place = self.place
        return f"{self.source.name}:{place.line}:{place.column}"
