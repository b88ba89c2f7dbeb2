"""Atoms nested as they are written: bodies, branches, rows of statements, brackets. Must not lay anything out."""

from __future__ import annotations

from typing import Union

from archdsl.syntax.format.trivia import CLOSERS, OPENERS, Atom, Gap
from archdsl.syntax.keywords import SOFT, kinds_of

MOST_DEPTH = 200
_SOFT = kinds_of(SOFT)


class TooDeep(Exception):
    """Bodies and brackets nest deeper than any program that compiles; `atom` is where."""

    def __init__(self, atom: Atom) -> None:
        self.atom = atom


class StatementGroup:
    """The pieces of one statement, or of a row in a bracket.

    `chained`: each `elif` and `else` starts a line, except for those after a body on several lines.
    """

    __slots__ = ("chained", "in_bracket", "pieces")

    def __init__(self, pieces: list[Piece], *, in_bracket: bool = False) -> None:
        self.pieces = pieces
        self.in_bracket = in_bracket
        self.chained = False

    def is_arm(self, position: int) -> bool:
        """Whether this is an `elif` or `else` before which a line may end without ending the statement."""
        return position > 0 and not self.in_bracket and first_atom(self.pieces[position]).type in ("ELIF", "ELSE")


class StatementRow:
    """The statements of one line, `signs` the `;` between them; inside a bracket always one."""

    __slots__ = ("comment", "signs", "statements")

    def __init__(self, statements: list[StatementGroup], comment: Atom | None = None) -> None:
        self.statements = statements
        self.signs: list[Atom] = []
        self.comment = comment


Entry = Union[StatementRow, Atom, None]
"""A row, an own-line comment, or a blank line."""


class BranchGroup:
    """What is between `<`, `|` and `>`. `comment` comes after the `<` or `|` on its line."""

    __slots__ = ("bar", "comment", "entries")

    def __init__(self, bar: Atom | None = None) -> None:
        self.bar = bar
        self.comment: Atom | None = None
        self.entries: list[Entry] = []


class BodyGroup:
    """`< a | b >`, or a whole file, which has no brackets. `broken`: it is on several lines; `width`: on one line."""

    __slots__ = ("branches", "broken", "close", "open", "width")

    def __init__(self, open: Atom) -> None:
        self.open = open
        self.close = open
        self.branches = [BranchGroup()]
        self.broken = False
        self.width = 0


class Bracket:
    """`( … )` or `[ … ]`.

    `broken`: a line ends directly inside it; `holds_broken`: one ends in a bracket inside it, as in `f([` … `])`.
    `hugs`: its first word would start a statement at the start of a line, so no line ends before it.
    """

    __slots__ = ("broken", "close", "comment", "entries", "holds_broken", "hugs", "open", "width")

    def __init__(self, open: Atom) -> None:
        self.open = open
        self.close = open
        self.comment: Atom | None = None
        self.entries: list[Entry] = []
        self.broken = False
        self.holds_broken = False
        self.hugs = False
        self.width = 0

    @property
    def takes_comma(self) -> bool:
        """Whether a comma may come after the last item."""
        rows = [entry for entry in self.entries if isinstance(entry, StatementRow)]
        return self.open.takes_comma and bool(rows) and not any(_has_for(row.statements[0].pieces) for row in rows)

    def explode(self) -> None:
        """Put what is inside on lines of its own, with a comma at the end if one is allowed."""
        self.broken = True
        rows = [entry for entry in self.entries if isinstance(entry, StatementRow)]
        self.hugs = bool(rows) and first_atom(rows[0].statements[0].pieces[0]).glued
        if self.takes_comma:
            rows[-1].statements[0].pieces.append(Atom("COMMA", ",", gap=0))


Group = Union[BodyGroup, Bracket]
Piece = Union[Atom, BodyGroup, Bracket]


def first_atom(piece: Piece) -> Atom:
    """The atom that a piece starts with."""
    return piece if isinstance(piece, Atom) else piece.open


def is_broken_body(piece: Piece | None) -> bool:
    """Whether it is a body on several lines."""
    return isinstance(piece, BodyGroup) and piece.broken


def may_start_line(pieces: list[Piece], position: int) -> bool:
    """Whether inside a bracket a line may end before this piece."""
    atom = first_atom(pieces[position])
    return not atom.glued and (position == 0 or atom.gap > 0)


def nest(atoms: list[Atom]) -> BodyGroup:
    """The file as a body without brackets.

    Raises:
        TooDeep: more than 200 bodies and brackets inside one another.
    """
    stack: list[_Open] = [_OpenBody(BodyGroup(Atom("", "")))]
    for atom in atoms:
        top = stack[-1]
        if atom.before is not None:
            top.end_line(atom, atom.before)
        if atom.type in CLOSERS or atom.type == "$END":
            stack.pop()
            group = top.close(atom)
            if not stack:
                assert isinstance(group, BodyGroup)
                return group
            # A body on several lines cannot be in one that is on one line.
            stack[-1].broken |= top.broken
        elif atom.type not in OPENERS:
            top.put(atom, atom)
        elif len(stack) > MOST_DEPTH:
            raise TooDeep(atom)
        elif atom.type == "BEGIN":
            stack.append(_OpenBody(BodyGroup(atom)))
            top.put(atom, stack[-1].group)
        else:
            stack.append(_OpenBracket(Bracket(atom)))
            top.put(atom, stack[-1].group)
    raise AssertionError("the tokens of a text end in $END")


class _OpenBody:
    """A body while it is read; `row` is the row that the next statement joins, if its line continues."""

    def __init__(self, body: BodyGroup) -> None:
        self.group = body
        self.row: StatementRow | None = None
        self.broken = False

    def end_line(self, atom: Atom, between: Gap) -> None:
        self.broken = True
        if atom.type in ("ELIF", "ELSE") and self.row is not None:
            return
        branch = self.group.branches[-1]
        if self.row is not None:
            self.row.comment = between.trailing
        else:
            branch.comment = between.trailing
        branch.entries.extend(between.own)
        self.row = None

    def put(self, atom: Atom, piece: Piece) -> None:
        branches = self.group.branches
        if atom.type == "BAR":
            branches.append(BranchGroup(atom))
            self.row = None
            return
        if self.row is None:
            self.row = StatementRow([StatementGroup([])])
            branches[-1].entries.append(self.row)
        elif atom.separator is not None:
            self.row.signs.append(atom.separator)
            self.row.statements.append(StatementGroup([]))
        statement = self.row.statements[-1]
        last = statement.pieces[-1] if statement.pieces else None
        if atom.type in ("ELIF", "ELSE") and atom.before is not None and not is_broken_body(last):
            statement.chained = True
        statement.pieces.append(piece)

    def close(self, atom: Atom) -> BodyGroup:
        body = self.group
        body.close = atom
        for branch in body.branches:
            _trim(branch.entries, at_end=branch is body.branches[-1])
        body.broken = self.broken and any(branch.comment or branch.entries or branch.bar for branch in body.branches)
        if not body.broken:
            body.width = 1 + sum(_branch_width(branch) for branch in body.branches) + 2
        return body


class _OpenBracket:
    """A bracket while it is read: the pieces, and what stood between them, comments moved to where a line may end."""

    def __init__(self, bracket: Bracket) -> None:
        self.group = bracket
        self.pieces: list[Piece] = []
        self.ends: dict[int, Gap] = {}
        self.broken = False

    def end_line(self, atom: Atom, between: Gap) -> None:
        self.broken = True
        self.ends[len(self.pieces)] = between

    def put(self, atom: Atom, piece: Piece) -> None:
        self.pieces.append(piece)

    def close(self, atom: Atom) -> Bracket:
        bracket, pieces = self.group, self.pieces
        bracket.close = atom
        _glue(pieces, atom, bracket.open.takes_comma and not _has_for(pieces))
        last = pieces[-1] if pieces else None
        if isinstance(last, Atom) and last.type == "COMMA":
            self._merge(len(pieces) - 1)
            pieces.pop()
        bracket.width = len(bracket.open.text) + _width(pieces) + 1
        if self._split() and (pieces or bracket.comment or bracket.entries):
            bracket.explode()
        bracket.holds_broken = any(isinstance(piece, Bracket) and (piece.broken or piece.holds_broken) for piece in pieces)
        return bracket

    def _merge(self, position: int) -> None:
        """What comes after the removed comma belongs to what was before it."""
        before, behind = self.ends.get(position), self.ends.pop(position + 1, None)
        if before and behind:
            self.ends[position] = Gap(before.trailing, (*before.own, behind.trailing, *behind.own))
        elif behind:
            self.ends[position] = behind

    def _split(self) -> bool:
        """Cut the pieces into rows where lines end; False if all is one line."""
        bracket, pieces = self.group, self.pieces
        waiting: list[Gap] = []
        start, is_split = 0, False
        for position in range(len(pieces) + 1):
            if position in self.ends:
                waiting.append(self.ends[position])
            if not waiting or (position < len(pieces) and not may_start_line(pieces, position)):
                continue
            trailing, own = _together(waiting)
            if position > start:
                bracket.entries.append(StatementRow([StatementGroup(pieces[start:position], in_bracket=True)], trailing))
            else:
                bracket.comment = trailing
            bracket.entries.extend(own)
            start, waiting, is_split = position, [], True
        if start < len(pieces):
            bracket.entries.append(StatementRow([StatementGroup(pieces[start:], in_bracket=True)]))
        _trim(bracket.entries, at_end=True)
        return is_split


_Open = Union[_OpenBody, _OpenBracket]


def _together(waiting: list[Gap]) -> tuple[Atom | None, list[Entry]]:
    """The comments of several line ends at one: the first one after something stays there."""
    first, *others = waiting
    own: list[Entry] = [*first.own]
    for between in others:
        own.extend(between.comments)
    return first.trailing, own


def _trim(entries: list[Entry], *, at_end: bool) -> None:
    """No blank lines at the start, nor at the end of a body or bracket."""
    while entries and entries[0] is None:
        del entries[0]
    while at_end and entries and entries[-1] is None:
        del entries[-1]


def _branch_width(branch: BranchGroup) -> int:
    width = 2 if branch.bar else 0
    for entry in branch.entries:
        assert isinstance(entry, StatementRow)
        width += sum(_width(statement.pieces) for statement in entry.statements) + 2 * len(entry.signs)
    return width


def _width(pieces: list[Piece]) -> int:
    """On one line, the gap before the first included."""
    return sum(first_atom(piece).gap + (len(piece.text) if isinstance(piece, Atom) else piece.width) for piece in pieces)


def _has_for(pieces: list[Piece]) -> bool:
    return any(isinstance(piece, Atom) and piece.type == "FOR" for piece in pieces)


def _glue(pieces: list[Piece], close: Atom, takes_comma: bool) -> None:
    """Mark words before which no line may end: at its start they would read as a statement, and the bracket as forgotten.

    They do not before `=`, `:`, `,`, `)`, `]` and `.`; but a comment in between hides these.
    """
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Atom) or piece.type not in _SOFT:
            continue
        is_last = number + 1 == len(pieces)
        following = close if is_last else first_atom(pieces[number + 1])
        is_hidden = following.before is not None and bool(following.before.comments) and (following.gap > 0 or is_last)
        piece.glued = following.text[0] not in "=:,)]." or (is_hidden and not (is_last and takes_comma))
