"""Nested pieces to lines: where lines end, and how far each is indented. Must not align columns.

A line is measured without its comment and without spaces that align.
"""

from __future__ import annotations

from collections.abc import Iterator

from archdsl.syntax.format.groups import (
    BodyGroup,
    Bracket,
    BranchGroup,
    Entry,
    Group,
    Piece,
    StatementGroup,
    StatementRow,
    first_atom,
    is_broken_body,
    may_start_line,
)
from archdsl.syntax.format.trivia import Atom

WIDTH = 120
INDENT = 2


class FormattedLine:
    """Atoms in order; `paragraph` numbers the lines of one body without a blank line between, whose columns may align."""

    __slots__ = ("atoms", "blank_before", "comment", "indent", "paragraph")

    def __init__(self, indent: int, paragraph: int, *, blank_before: bool) -> None:
        self.indent = indent
        self.paragraph = paragraph
        self.blank_before = blank_before
        self.atoms: list[Atom] = []
        self.comment: Atom | None = None


def lay_out(file: BodyGroup) -> list[FormattedLine]:
    """The lines of a file."""
    printer = _Printer()
    printer.entries(file.branches[0].entries, 0)
    return printer.lines


class _Printer:
    def __init__(self) -> None:
        self.lines: list[FormattedLine] = []
        self.paragraph = 0
        self.paragraphs = 0
        self.blank = False

    @property
    def line(self) -> FormattedLine:
        return self.lines[-1]

    def start(self, indent: int) -> None:
        self.lines.append(FormattedLine(indent, self.paragraph, blank_before=self.blank and bool(self.lines)))
        self.blank = False

    def new_paragraph(self) -> None:
        self.paragraphs += 1
        self.paragraph = self.paragraphs

    def entries(self, entries: list[Entry], indent: int, *, on_line: bool = False, in_bracket: bool = False) -> None:
        """Rows, comments and blank lines; `on_line`: the first row continues the current line."""
        for entry in entries:
            if entry is None:
                self.blank = True
                self.new_paragraph()
            elif isinstance(entry, Atom):
                self.start(indent)
                self.line.comment = entry
            else:
                for row in _fit_in_bracket(entry, indent) if in_bracket else _fit(entry, indent):
                    if not on_line:
                        self.start(indent)
                    self.row(row, indent)
                    on_line = False

    def row(self, row: StatementRow, indent: int) -> None:
        for number, statement in enumerate(row.statements):
            if number:
                self.line.atoms.append(row.signs[number - 1])
            self.statement(statement, indent)
        self.line.comment = row.comment or self.line.comment

    def statement(self, statement: StatementGroup, indent: int) -> None:
        for position, piece in enumerate(statement.pieces):
            if _starts_line(statement, position):
                self.chain_break(first_atom(piece), _arm_indent(statement, position, indent))
                if not isinstance(statement.pieces[position - 1], BodyGroup):
                    # Further in than the lines around it: none of its columns are theirs.
                    self.paragraphs += 1
                    self.line.paragraph = self.paragraphs
            self.piece(piece, indent)

    def piece(self, piece: Piece, indent: int) -> None:
        if isinstance(piece, Atom):
            self.line.atoms.append(piece)
        elif piece.broken:
            self.broken(piece, indent)
        elif isinstance(piece, Bracket) and piece.holds_broken:
            self.line.atoms.append(piece.open)
            for inner in _inside(piece):
                self.piece(inner, indent)
            self.line.atoms.append(piece.close)
        else:
            self.line.atoms.extend(_flat(piece))

    def chain_break(self, atom: Atom, indent: int) -> None:
        """The line end before an `elif` or `else`, with the comments there."""
        if atom.before is not None:
            self.line.comment = atom.before.trailing
            for comment in atom.before.own:
                if comment is not None:
                    self.start(indent)
                    self.line.comment = comment
        self.start(indent)

    def broken(self, group: Group, indent: int) -> None:
        self.line.atoms.append(group.open)
        around = self.paragraph
        self.new_paragraph()
        if isinstance(group, BodyGroup):
            for branch in group.branches:
                self.branch(branch, indent)
        else:
            self.line.comment = group.comment or self.line.comment
            self.entries(group.entries, indent + INDENT, on_line=group.hugs, in_bracket=True)
        self.paragraph = around
        self.start(indent)
        self.line.atoms.append(group.close)

    def branch(self, branch: BranchGroup, indent: int) -> None:
        on_line = False
        if branch.bar is not None:
            self.start(indent)
            self.line.atoms.append(branch.bar)
            on_line = branch.comment is None and isinstance(branch.entries[0] if branch.entries else None, StatementRow)
        self.line.comment = branch.comment or self.line.comment
        self.entries(branch.entries, indent + INDENT, on_line=on_line)


def _flat(group: Group) -> Iterator[Atom]:
    yield group.open
    if isinstance(group, BodyGroup):
        for branch in group.branches:
            if branch.bar is not None:
                yield branch.bar
            yield from _flat_rows(branch.entries)
    else:
        yield from _flat_rows(group.entries)
    yield group.close


def _flat_rows(entries: list[Entry]) -> Iterator[Atom]:
    for entry in entries:
        assert isinstance(entry, StatementRow)
        for number, statement in enumerate(entry.statements):
            if number:
                yield entry.signs[number - 1]
            for piece in statement.pieces:
                if isinstance(piece, Atom):
                    yield piece
                else:
                    yield from _flat(piece)


def _inside(bracket: Bracket) -> list[Piece]:
    """The pieces of a bracket in which no line ends directly."""
    row = bracket.entries[0]
    assert isinstance(row, StatementRow)
    return row.statements[0].pieces


def _starts_line(statement: StatementGroup, position: int) -> bool:
    """Whether a line ends before this `elif` or `else`: after a body on several lines only for a comment."""
    if not statement.is_arm(position):
        return False
    before = first_atom(statement.pieces[position]).before
    if before is not None and before.comments:
        return True
    return statement.chained and not is_broken_body(statement.pieces[position - 1])


def _arm_indent(statement: StatementGroup, position: int, indent: int) -> int:
    """The `else` of an expression is indented more than that of bodies."""
    return indent if isinstance(statement.pieces[position - 1], BodyGroup) else indent + INDENT


# Lines that are too long

_MOST_ONE_BY_ONE = 50
"""So many brackets of a line are broken one after the other, until it fits."""


class _Stretch:
    """What is on one line of a row: how far it reaches, and where it could end earlier."""

    __slots__ = ("chains", "groups", "is_start", "opened", "signs", "width")

    def __init__(self, indent: int, *, is_start: bool = True) -> None:
        self.width = indent
        self.is_start = is_start
        self.signs = 0
        self.groups: list[Group] = []
        """Bodies and brackets that are whole on it."""
        self.opened: list[Bracket] = []
        """Brackets that begin on it and hold a broken one."""
        self.chains: list[StatementGroup] = []

    def add(self, atom: Atom, width: int) -> None:
        self.width += width if self.is_start else width + atom.gap
        self.is_start = False


class _Stretches:
    """The stretches of a row."""

    def __init__(self, row: StatementRow, indent: int) -> None:
        self.indent = indent
        self.found = [_Stretch(indent)]
        for number, statement in enumerate(row.statements):
            if number:
                self.found[-1].width += 2
                self.found[-1].signs += 1
            for position, piece in enumerate(statement.pieces):
                if _starts_line(statement, position):
                    self.found.append(_Stretch(_arm_indent(statement, position, indent)))
                elif statement.is_arm(position):
                    self.found[-1].chains.append(statement)
                self.piece(piece)

    def piece(self, piece: Piece) -> None:
        stretch = self.found[-1]
        if isinstance(piece, Atom):
            stretch.add(piece, len(piece.text))
        elif piece.broken:
            stretch.add(piece.open, len(piece.open.text))
            self.found.append(_Stretch(self.indent + 1, is_start=False))
        elif isinstance(piece, Bracket) and piece.holds_broken:
            stretch.add(piece.open, len(piece.open.text))
            stretch.opened.append(piece)
            for inner in _inside(piece):
                self.piece(inner)
            self.found[-1].add(piece.close, 1)
        else:
            stretch.add(piece.open, piece.width)
            if _holds_something(piece):
                stretch.groups.append(piece)

    @property
    def wide(self) -> list[_Stretch]:
        return [stretch for stretch in self.found if stretch.width > WIDTH]


def _holds_something(group: Group) -> bool:
    if isinstance(group, Bracket):
        return bool(group.entries)
    return any(branch.entries or branch.bar for branch in group.branches)


def _fit(row: StatementRow, indent: int) -> list[StatementRow]:
    """The row, or rows of one statement each; in them bodies and brackets broken until every line fits that can."""
    while True:
        wide = _Stretches(row, indent).wide
        if any(stretch.signs for stretch in wide):
            rows = [StatementRow([statement]) for statement in row.statements]
            rows[-1].comment = row.comment
            return [fitted for one in rows for fitted in _fit(one, indent)]
        if not [stretch for stretch in wide if _shorten(stretch)]:
            return [row]


def _shorten(stretch: _Stretch) -> bool:
    """Break what is outermost: an `if` before its `else`, then bodies, then the widest bracket."""
    chains = [statement for statement in stretch.chains if not statement.chained]
    bodies = [group for group in stretch.groups if isinstance(group, BodyGroup)]
    for statement in chains:
        statement.chained = True
    if chains:
        return True
    for body in bodies:
        body.broken = True
    if bodies:
        return True
    return _explode_widest(stretch)


def _explode_widest(stretch: _Stretch) -> bool:
    if stretch.opened:
        stretch.opened[0].explode()
        return True
    brackets = [group for group in stretch.groups if isinstance(group, Bracket)]
    if brackets:
        widest = max(brackets, key=lambda bracket: bracket.width)
        # One by one a line of a thousand brackets would be measured a thousand times.
        alike = [one for one in brackets if one.width == widest.width] if len(brackets) > _MOST_ONE_BY_ONE else [widest]
        for bracket in alike:
            bracket.explode()
    return bool(brackets)


def _fit_in_bracket(row: StatementRow, indent: int) -> list[StatementRow]:
    """The row of a bracket, or one row per item; if there are no items, one before `for` and `if`."""
    while True:
        wide = _Stretches(row, indent).wide
        if not wide:
            return [row]
        rows = _cut(row)
        if len(rows) > 1:
            return [fitted for one in rows for fitted in _fit_in_bracket(one, indent)]
        if not [stretch for stretch in wide if _explode_widest(stretch)]:
            return [row]


def _cut(row: StatementRow) -> list[StatementRow]:
    pieces = row.statements[0].pieces
    is_comprehension = any(isinstance(piece, Atom) and piece.type == "FOR" for piece in pieces)
    rows: list[StatementRow] = []
    start = 0
    for position in range(1, len(pieces)):
        last, atom = first_atom(pieces[position - 1]), first_atom(pieces[position])
        is_cut = atom.type in ("FOR", "IF") if is_comprehension else last.type == "COMMA"
        if is_cut and may_start_line(pieces, position):
            rows.append(StatementRow([StatementGroup(pieces[start:position], in_bracket=True)]))
            start = position
    rows.append(StatementRow([StatementGroup(pieces[start:], in_bracket=True)], row.comment))
    return rows
