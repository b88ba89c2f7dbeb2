"""Text to tokens: separators, touching brackets, `<` as comparison or body. Must not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archdsl.records import NamedTuple
from archdsl.syntax.keywords import KINDS, SOFT, STARTS, kinds_of
from archdsl.text import Source


class Token:
    """A terminal of `grammar/arch.lark` (`type`), its text and where it starts and ends."""

    __slots__ = ("end", "start", "type", "value")

    def __init__(self, type: str, value: str, start: int, end: int) -> None:
        self.type = type
        self.value = value
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{self.type}({self.value!r})"


class Terminals(NamedTuple):
    """The grammar's terminals as the scanner needs them: punctuation by its text, and one pattern for all."""

    signs: dict[str, str]
    pattern: re.Pattern[str]


# What the grammar cannot say, and what no program may contain. A byte order mark is ignored: editors on Windows write it.
_FIRST = r"(?P<SPACE>[ \t\r]+|\#[^\n]*|\A\ufeff)|(?P<NEWLINE>\n)"
_LAST = r"(?P<BAD_NUMBER>\d\w*(?:\.\w+)?)|(?P<BAD_STRING>\"[^\"\n]*)|(?P<BAD>[^\x00-\x7f]+|.)"
_SIGNS_BY_CONTEXT = ("(", "[", "<", ">", ";")

# In brackets a line that starts with one of these is a statement, so the bracket was forgotten. The parser cannot tell: for it
# `let` is a name there, and `(c +` with `let a = 3` on the next line is right up to the `a`. Not `branch`: a loop over branches
# calls its element so, and an expression may go on in a line that begins with it.
_STARTS = kinds_of(STARTS) - {"BRANCH"}
_IS_NAME = re.compile(r"\s*[=:,)\].]")
"""What comes after a soft word that is a name inside brackets, and starts no statement."""

_TOUCHES = kinds_of(SOFT) | {"NAME", "CLOSE", "END_LIST", "NUMBER", "SIZE", "STRING", "REFERENCE"}
MOST_DEPTH = 200
"""How many bodies, or brackets, may be open at once: more than any network needs, and few enough for every later pass."""
_BEFORE_A_NAME = frozenset({"DEF", "ARCH"})
_DIGIT = re.compile(r"[ \t]*\d")
_NO_SEPARATOR_BEFORE = frozenset({"BAR", "END", "$END"})
_NO_NEWLINE_BEFORE = frozenset({"ELIF", "ELSE"})
_DEPTHS = {"OPEN": 1, "CALL": 1, "LIST": 1, "INDEX": 1, "CLOSE": -1, "END_LIST": -1}
_NO_SEPARATOR_AFTER = frozenset({"", "BEGIN", "BAR"})


def terminals(patterns: list[tuple[str, str, bool]]) -> Terminals:
    """Sort the grammar's (name, pattern, is a regular expression) into punctuation and one pattern; words match as names."""
    signs: dict[str, str] = {}
    groups: list[str] = []
    for name, pattern, is_regexp in patterns:
        if is_regexp:
            groups.append(f"(?P<{name}>{pattern})")
        elif pattern == "x(":
            groups.insert(0, rf"(?P<{name}>x\()")
        elif pattern not in KINDS:
            signs[pattern] = name
    order = sorted([*signs, *_SIGNS_BY_CONTEXT], key=len, reverse=True)
    groups.append("(?P<SIGN>" + "|".join(re.escape(sign) for sign in order) + ")")
    groups.sort(key=lambda group: group.startswith("(?P<NAME>"))
    return Terminals(signs, re.compile("|".join([_FIRST, *groups, _LAST]), re.ASCII))


class Scanner:
    """The tokens of one text, ended by one of type `$END`. Never fails: what is not a token has a type `BAD…`.

    `depth` counts the open `(` and `[`; the parser sets it to 0 if it finds that one was never closed.
    """

    __slots__ = ("depth", "source", "table")

    def __init__(self, source: Source, table: Terminals) -> None:
        self.source = source
        self.table = table
        self.depth = 0

    def __iter__(self) -> Iterator[Token]:
        text = self.source.text
        signs = self.table.signs
        last_type, last_end = "", 0
        bodies = 0
        separator: Token | None = None
        for match in self.table.pattern.finditer(text):
            kind = match.lastgroup
            if kind == "SPACE":
                continue
            start, end = match.span()
            if kind == "NEWLINE":
                if not self.depth and separator is None:
                    separator = Token("SEP", "\n", start, end)
                continue
            value = match.group()
            assert kind is not None
            if kind == "NAME":
                kind = KINDS.get(value, kind)
                if self.depth and kind in _STARTS and not _IS_NAME.match(text, end):
                    line_end = text.find("\n", last_end if separator is None else separator.end, start)
                    if line_end >= 0:
                        self.depth = 0
                        separator = separator or Token("SEP", "\n", line_end, line_end + 1)
            elif kind == "SIGN":
                if value == ";":
                    separator = Token("SEP", ";", start, end)
                    continue
                if value in "<>":
                    kind = _angle(value, self.depth > 0, text, end)
                    bodies = max(0, bodies + (kind == "BEGIN") - (kind == "END"))
                else:
                    kind = signs.get(value) or _bracket(value, last_end == start and last_type in _TOUCHES)
                self.depth = max(0, self.depth + _DEPTHS.get(kind, 0))
                if self.depth > MOST_DEPTH or bodies > MOST_DEPTH:
                    yield Token("TOO_DEEP", value, start, end)
                    break
            elif kind == "REPEAT_OPEN":
                self.depth += 1
                if last_type in _BEFORE_A_NAME and separator is None:
                    # `def x(c)`: here `x` is a name like others.
                    yield Token("NAME", "x", start, start + 1)
                    kind, value, start = "CALL", "(", start + 1
            if separator is not None:
                if _separates(separator, last_type, kind):
                    yield separator
                separator = None
            yield Token(kind, value, start, end)
            last_type, last_end = kind, end
        yield Token("$END", "", len(text), len(text))


def _bracket(sign: str, touches: bool) -> str:
    if sign == "(":
        return "CALL" if touches else "OPEN"
    return "INDEX" if touches else "LIST"


def _angle(sign: str, inside: bool, text: str, end: int) -> str:
    if inside:
        return "LESS" if sign == "<" else "MORE"
    if _DIGIT.match(text, end) is not None:
        # No statement starts with a digit, so this compares; only an `expect` may do so without parentheses.
        return "BARE_LESS" if sign == "<" else "BARE_MORE"
    return "BEGIN" if sign == "<" else "END"


def _separates(separator: Token, before: str, after: str) -> bool:
    if before in _NO_SEPARATOR_AFTER or after in _NO_SEPARATOR_BEFORE:
        return False
    return separator.value == ";" or after not in _NO_NEWLINE_BEFORE
