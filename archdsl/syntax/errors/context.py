"""The token that does not fit, with the text around it. Must not word anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from archdsl.diagnostics import Diagnostic, Fix, Label
from archdsl.syntax.scanner import MOST_DEPTH, Token
from archdsl.text import Source, Span

_SIGNS = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|[<>()\[\]]')
FARTHEST = 1_000
"""So many characters before and after a mistake are looked at: no statement that has a form of its own is longer."""
MOST_PLACES = 100
"""A fix changes no more places: with as many mistakes as places, fixes would take the square of a text's length."""
_CLOSES = {")": "(", "]": "[", ">": "<"}


@lru_cache(maxsize=2)
def places_of_words(text: str) -> Mapping[str, Sequence[int]]:
    """Where each word of a text stands, in order; kept, so that a thousand mistakes read the text once."""
    found: dict[str, list[int]] = {}
    for word in re.finditer(r"\w+", text):
        found.setdefault(word.group(), []).append(word.start())
    return found


class Brackets:
    """Which brackets of a text are open at a place; asked from front to back, so that a thousand mistakes read it once."""

    def __init__(self, source: Source) -> None:
        self._text = source.text
        self._read = 0
        self._stack: list[tuple[str, int]] = []

    def before(self, position: int) -> list[tuple[str, int]]:
        """The brackets with their places, outermost first, as many as may be nested; `<` inside others is a comparison."""
        if position < self._read:
            self._read, self._stack = 0, []
        stack = self._stack
        for match in _SIGNS.finditer(self._text, self._read, position):
            sign = match.group()
            inside = bool(stack) and stack[-1][0] != "<"
            if sign in "([" or (sign == "<" and not inside):
                stack.append((sign, match.start()))
            elif sign in _CLOSES and stack and stack[-1][0] == _CLOSES[sign]:
                stack.pop()
        self._read = position
        return stack[-MOST_DEPTH:]


class Met:
    """A token where only tokens of the types `accepted` fit; `last` is the one before it."""

    def __init__(self, source: Source, accepted: set[str], last: Token | None, token: Token, brackets: Brackets) -> None:
        self.source = source
        self._brackets = brackets
        self.accepted = accepted
        self.last = last
        self.token = token

    @cached_property
    def span(self) -> Span:
        """The token's place; for an end, the place after the last character, where the missing thing would be."""
        token = self.token
        if token.type not in ("$END", "SEP"):
            return Span(self.source, token.start, token.end)
        end = self.last.end if self.last is not None else token.start
        return Span(self.source, end, end)

    @property
    def last_type(self) -> str:
        """The type of the token before; empty at the start."""
        return self.last.type if self.last is not None else ""

    @property
    def is_end(self) -> bool:
        """Whether the statement or the file ends here."""
        return self.token.type in ("$END", "SEP")

    @cached_property
    def line_start(self) -> int:
        """The offset at which the token's line starts; of a very long line, at which what is looked at starts."""
        farthest = max(self.token.start - FARTHEST, 0)
        return max(self.source.text.rfind("\n", farthest, self.token.start) + 1, farthest)

    @cached_property
    def before(self) -> str:
        """The statement up to the token, as far as it is on the token's line."""
        text = self.source.text[self.line_start : self.token.start]
        return re.split(r"[;|]", text)[-1].lstrip()

    @cached_property
    def behind(self) -> str:
        """The rest of the token's line, the token included, without its comment; of a very long line, the start of it."""
        farthest = self.token.start + FARTHEST
        end = self.source.text.find("\n", self.token.start, farthest)
        text = self.source.text[self.token.start : end if end >= 0 else farthest]
        return re.sub(r'("(?:[^"\\]|\\.)*")|#.*', lambda match: match.group(1) or "", text)

    @property
    def word(self) -> str:
        """The word that the statement starts with."""
        found = re.match(r"\w+", self.before)
        return found.group() if found else ""

    @property
    def is_at_start(self) -> bool:
        """Whether a statement could start with the token."""
        return self.last is None or self.last.type in ("SEP", "BEGIN", "BAR") or not self.before

    @cached_property
    def open(self) -> list[tuple[str, int]]:
        """The brackets that are open before the token, outermost first."""
        return self._brackets.before(self.token.start)

    def at(self, start: int, end: int) -> Span:
        """A span of the source."""
        return Span(self.source, start, end)


def error(
    name: str, message: str, span: Span, text: str = "", *, notes: tuple[str, ...] = (), fixes: tuple[Fix, ...] = ()
) -> Diagnostic:
    """A syntax mistake with one place."""
    return Diagnostic(name, "error", message, (Label(span, text, primary=True),), notes=notes, fixes=fixes)


def short(text: str) -> str:
    """The text, cut to what fits into a message."""
    return text if len(text) <= 24 else text[:23] + "…"
