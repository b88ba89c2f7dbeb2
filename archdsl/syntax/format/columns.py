"""Spaces that align: which ones the author put there, and where the columns end up. Must not break lines.

Tokens of one sort (numbers, words and other values, `;`, `|`, `<`, `>`, `=`, comments; items of a list separately from
other tokens) that are in one column of the written text, in lines of one body without a blank line between them,
belong together if one of them comes after more spaces than it needs. They get one column again: the leftmost that leaves
each its gap. The number of all other spaces follows from the rules.
"""

from __future__ import annotations

from archdsl.records import NamedTuple
from archdsl.syntax.format.lines import FormattedLine
from archdsl.syntax.format.trivia import COMMENT

_NUMBERS = frozenset({"NUMBER", "SIZE"})
_SIGNS = frozenset({"SEP", "BAR", "BEGIN", "END", "EQUAL", COMMENT})
_OPEN = frozenset({"CALL", "LIST"})
_ITEM = _OPEN | {"COMMA"}


class _Column(NamedTuple):
    """Where tokens are in the text as written; numbers are compared by where they end, everything else by its start."""

    paragraph: int
    indent: int
    edge: int
    starts: bool
    sort: str
    is_item: bool


class _Member(NamedTuple):
    row: _Row
    position: int


class _Row:
    """A line while columns are found: `extra` spaces before an atom, and how far the line is laid out.

    `written_indent` is the place of its first atom that is not `|`: columns go through lines with one indentation.
    """

    __slots__ = ("atoms", "extra", "indent", "laid_end", "laid_position", "written_indent")

    def __init__(self, line: FormattedLine) -> None:
        self.atoms = [*line.atoms, line.comment] if line.comment is not None else line.atoms
        self.indent = line.indent
        self.extra: dict[int, int] = {}
        self.laid_position = -1
        self.laid_end = line.indent
        self.written_indent = self.atoms[self.atoms[0].type == "BAR" and len(self.atoms) > 1].column

    def start_of(self, position: int) -> int:
        """The column of an atom after those that are laid out."""
        column = self.laid_end
        for number in range(self.laid_position + 1, position + 1):
            column += self.atoms[number].gap if number else 0
            if number < position:
                column += len(self.atoms[number].text)
        return column

    def place(self, position: int, start: int) -> None:
        extra = start - self.start_of(position)
        if extra:
            self.extra[position] = extra
        self.laid_position, self.laid_end = position, start + len(self.atoms[position].text)

    def text(self) -> str:
        parts = [" " * self.indent]
        for number, atom in enumerate(self.atoms):
            parts.append(" " * ((atom.gap if number else 0) + self.extra.get(number, 0)))
            parts.append(atom.text)
        return "".join(parts).rstrip()


def align(lines: list[FormattedLine]) -> str:
    """The text of the lines, columns aligned."""
    rows = [_Row(line) for line in lines]
    columns: dict[_Column, list[_Member]] = {}
    wanted: set[_Column] = set()
    for line, row in zip(lines, rows, strict=True):
        for position in range(1, len(row.atoms)):
            column = _column(line.paragraph, row, position)
            if column is None:
                continue
            columns.setdefault(column, []).append(_Member(row, position))
            if _is_pushed(row, position):
                wanted.add(column)
    for column in sorted(wanted, key=lambda one: (one.paragraph, one.edge, one.starts)):
        if len(columns[column]) > 1:
            _settle(columns[column], column.starts)
    return "".join(("\n" if line.blank_before else "") + row.text() + "\n" for line, row in zip(lines, rows, strict=True))


def _settle(members: list[_Member], starts: bool) -> None:
    """One column for all: the rightmost of where they would be."""
    lengths = [0 if starts else len(row.atoms[position].text) for row, position in members]
    edge = max(row.start_of(position) + length for (row, position), length in zip(members, lengths, strict=True))
    for (row, position), length in zip(members, lengths, strict=True):
        row.place(position, edge - length)


def _column(paragraph: int, row: _Row, position: int) -> _Column | None:
    """The column that an atom may align in; None if there may never be more spaces than the gap."""
    atom, last = row.atoms[position], row.atoms[position - 1]
    # What was put on this line from another one has no column in it.
    if atom.column < 0 or atom.line != row.atoms[0].line:
        return None
    is_number = atom.type in _NUMBERS
    if not atom.gap and not (is_number and last.type in _OPEN):
        return None
    is_item = last.type in _ITEM
    if is_number:
        return _Column(paragraph, row.written_indent, atom.column + len(atom.text), False, "number", is_item)
    sort = atom.type if atom.type in _SIGNS else "value"
    return _Column(paragraph, row.written_indent, atom.column, True, sort, is_item)


def _is_pushed(row: _Row, position: int) -> bool:
    """Whether there are more spaces before it than it needs."""
    atom, last = row.atoms[position], row.atoms[position - 1]
    return last.line == atom.line and last.column >= 0 and atom.column - (last.column + len(last.text)) > atom.gap
