"""A text's tokens with what is between them: comments, blank lines, and the one right gap. Must not break lines."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.records import NamedTuple
from archdsl.syntax.keywords import CONSTANTS, SOFT, kinds_of
from archdsl.syntax.scanner import Token
from archdsl.text import Source

COMMENT = "COMMENT"
COMMENT_GAP = 2
OPENERS = {"OPEN": "CLOSE", "CALL": "CLOSE", "REPEAT_OPEN": "CLOSE", "LIST": "END_LIST", "INDEX": "END_LIST", "BEGIN": "END"}
CLOSERS = frozenset(OPENERS.values())

_OPERANDS = kinds_of(SOFT) | kinds_of(CONSTANTS) | {"NAME", "NUMBER", "SIZE", "STRING", "REFERENCE"}
_ENDS_OPERAND = _OPERANDS | {"CLOSE", "END_LIST"}
_CONTINUES_OPERAND = frozenset({"DOT", "CALL", "INDEX", "CLOSE", "END_LIST", "POWER"})
_TIGHT_BEFORE = frozenset({"COMMA", "COLON", "DOT", "CALL", "INDEX", "CLOSE", "END_LIST"})
_TIGHT_BEHIND = frozenset({"OPEN", "CALL", "REPEAT_OPEN", "LIST", "INDEX", "DOT", "POWER"})
_RELATIONS = frozenset({"EQ", "NE", "LE", "GE", "NEARLY", "LESS", "MORE", "BARE_LESS", "BARE_MORE", "BEGIN", "END"})


class Gap(NamedTuple):
    """What is in a gap with a line end: the comment on the first line, then own-line comments, None for a blank line."""

    trailing: Atom | None
    own: tuple[Atom | None, ...]

    @property
    def comments(self) -> list[Atom]:
        """All comments in the gap, in order."""
        return [comment for comment in (self.trailing, *self.own) if comment is not None]


class Atom:
    """A token or a comment.

    Attributes:
        line, column: where it stood, both from 0; -1 for one that was not in the text.
        gap: how many spaces are before it when it does not start a line.
        before: what stood between it and the one before it, if that held a line end.
        separator: the `;` or line end that ended a statement before it, if one did.
        takes_comma: on a bracket: whether a comma may come before its closing one.
        glued: no line may end before it.
    """

    __slots__ = ("before", "column", "gap", "glued", "line", "separator", "takes_comma", "text", "type")

    def __init__(self, type: str, text: str, line: int = -1, column: int = -1, gap: int = 1) -> None:
        self.type = type
        self.text = text
        self.line = line
        self.column = column
        self.gap = gap
        self.before: Gap | None = None
        self.separator: Atom | None = None
        self.takes_comma = False
        self.glued = False

    def __repr__(self) -> str:
        return f"{self.type}({self.text!r})"


def read(source: Source, tokens: Iterable[Token]) -> list[Atom]:
    """The atoms of a text without mistakes, the last one of type `$END`."""
    text = source.text
    atoms: list[Atom] = []
    line, line_start, last_end = 0, 0, 0
    separator: Atom | None = None
    for token in tokens:
        if token.type == "SEP":
            separator = Atom("SEP", ";", line, token.start - line_start)
            continue
        between = text[last_end : token.start]
        before = None
        if "\n" in between or "#" in between:
            before = _between(between, line, last_end - line_start, at_start=not atoms)
            line += between.count("\n")
            line_start = text.rfind("\n", 0, token.start) + 1
        atom = Atom(token.type, token.value, line, token.start - line_start)
        atom.before, atom.separator = before, separator
        atoms.append(atom)
        last_end, separator = token.end, None
    _Gaps(atoms).set()
    return atoms


def _between(text: str, line: int, column: int, *, at_start: bool) -> Gap:
    trailing: Atom | None = None
    own: list[Atom | None] = []
    lines = text.split("\n")
    for number, piece in enumerate(lines):
        mark = piece.find("#")
        is_first = number == 0 and not at_start
        if mark >= 0:
            start = mark + (column if number == 0 else 0)
            comment = Atom(COMMENT, piece[mark:].rstrip(), line + number, start, COMMENT_GAP)
            if is_first:
                trailing = comment
            else:
                own.append(comment)
        elif not is_first and number < len(lines) - 1 and not piece.strip() and (own[-1:] != [None]):
            own.append(None)
    return Gap(trailing, tuple(own))


class _Gaps:
    """One walk over the atoms of a file that sets every gap; `archdsl.syntax.format.formatter` has the rules in words."""

    def __init__(self, atoms: list[Atom]) -> None:
        self.atoms = atoms
        self.tight_product = [False]
        """For each open bracket: whether the product being written began with a number (`4*c`), so that it is tight."""
        self.fresh = True
        self.loops = 0

    def set(self) -> None:
        last = Atom("", "")
        kind, position = "", 0
        seen_relation = False
        for number, atom in enumerate(self.atoms):
            following = self.atoms[number + 1] if number + 1 < len(self.atoms) else atom
            if position == 0 or atom.separator or last.type in ("BEGIN", "BAR") or atom.type == "BAR":
                kind = "" if following.type == "COLON" else atom.type
                position, seen_relation = 0, False
            position += 1
            depth = len(self.tight_product) - 1
            if position == 3 and kind in ("DEF", "ARCH", "INPUT") and atom.type in ("OPEN", "LIST"):
                atom.type = "CALL" if atom.type == "OPEN" else "INDEX"
            if kind == "EXPECT" and atom.type in _RELATIONS and depth == 0 and not seen_relation:
                seen_relation = True
                atom.type = "RELATION"
            is_metric = kind == "EXPECT" and not seen_relation
            atom.takes_comma = atom.type in ("CALL", "LIST") and not is_metric
            if kind == "INPUT" and position == 3:
                atom.takes_comma = True
            spaced_equal = kind in ("LET", "ARCH") and depth == 0
            atom.gap = self._gap(last, atom, spaced_equal)
            self._note(last, atom, following)
            last = atom

    def _gap(self, last: Atom, atom: Atom, spaced_equal: bool) -> int:
        if atom.type == "DOT":
            return 0
        if atom.type in _TIGHT_BEFORE or last.type in _TIGHT_BEHIND or last.type == "UNARY":
            return 0
        if "EQUAL" in (atom.type, last.type):
            return int(spaced_equal)
        if atom.type == "POWER":
            return 0
        if "TIMES" in (atom.type, last.type):
            return int(not self.tight_product[-1])
        return 1

    def _note(self, last: Atom, atom: Atom, following: Atom) -> None:
        """Follow products, so that the next gap is known."""
        if atom.type == "MINUS" and not self._ends_operand(last):
            # Its own type from here on; it is part of what follows.
            atom.type = "UNARY"
            return
        if atom.type == "FOR":
            self.loops += 1
        if atom.type in ("OPEN", "CALL", "LIST", "INDEX", "REPEAT_OPEN"):
            self._operand(following, tight=False)
            self.tight_product.append(False)
            self.fresh = True
        elif atom.type in ("CLOSE", "END_LIST"):
            if len(self.tight_product) > 1:
                self.tight_product.pop()
            self.fresh = False
        elif atom.type in _OPERANDS or (atom.type == "IN" and not self._takes_loop()):
            self._operand(following, tight=atom.type == "NUMBER" and following.type == "TIMES")
        elif atom.type in ("OVER", "FLOOR", "MODULO"):
            self.tight_product[-1] = False
        elif atom.type not in _CONTINUES_OPERAND and atom.type != "TIMES":
            self.fresh = True

    def _operand(self, following: Atom, *, tight: bool) -> None:
        if self.fresh:
            self.tight_product[-1] = tight
        self.fresh = False

    def _takes_loop(self) -> bool:
        """Whether this `in` is the one of a `for`, and not the current value."""
        is_loop = self.loops > 0
        self.loops -= is_loop
        return is_loop

    def _ends_operand(self, last: Atom) -> bool:
        return last.type in _ENDS_OPERAND or (last.type == "IN" and not self.fresh)
