"""The token that does not fit, with what stands around it in the text. Must not word anything."""

from __future__ import annotations

import re
from functools import cached_property

from archdsl.diagnostics import Diagnostic, Fix, Label
from archdsl.syntax.scanner import Token
from archdsl.text import Source, Span

_FARTHEST = 20_000
"""Characters before a mistake that are looked at: a forgotten bracket stands near, and a thousand mistakes must not be slow."""

_SIGNS = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|[<>()\[\]]')
_CLOSES = {")": "(", "]": "[", ">": "<"}


class Met:
    """A token met where only tokens of the types `accepted` fit; `last` is the one before it."""

    def __init__(self, source: Source, accepted: set[str], last: Token | None, token: Token) -> None:
        self.source = source
        self.accepted = accepted
        self.last = last
        self.token = token

    @cached_property
    def span(self) -> Span:
        """The token's place; for an end, the place behind the last character, where the missing thing would stand."""
        token = self.token
        if token.type not in ("$END", "SEP"):
            return Span(self.source, token.start, token.end)
        end = self.last.end if self.last is not None else token.start
        return Span(self.source, end, end)

    @property
    def last_type(self) -> str:
        return self.last.type if self.last is not None else ""

    @property
    def is_end(self) -> bool:
        """Whether the statement or the file ends here."""
        return self.token.type in ("$END", "SEP")

    @cached_property
    def line_start(self) -> int:
        return self.source.text.rfind("\n", 0, self.token.start) + 1

    @cached_property
    def before(self) -> str:
        """The statement up to the token, as far as it stands on the token's line."""
        text = self.source.text[self.line_start : self.token.start]
        return re.split(r"[;|]", text)[-1].lstrip()

    @cached_property
    def behind(self) -> str:
        """The rest of the token's line, the token included, without its comment."""
        end = self.source.text.find("\n", self.token.start)
        text = self.source.text[self.token.start : end if end >= 0 else None]
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
        """The brackets that are open before the token, outermost first; `<` inside others is a comparison."""
        first = max(0, self.token.start - _FARTHEST)
        first = self.source.text.rfind("\n", 0, first) + 1
        stack: list[tuple[str, int]] = []
        for match in _SIGNS.finditer(self.source.text, first, self.token.start):
            sign = match.group()
            inside = bool(stack) and stack[-1][0] != "<"
            if sign in "([" or (sign == "<" and not inside):
                stack.append((sign, match.start()))
            elif sign in _CLOSES and stack and stack[-1][0] == _CLOSES[sign]:
                stack.pop()
        return stack

    def at(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)


def error(
    name: str, message: str, span: Span, text: str = "", *, notes: tuple[str, ...] = (), fixes: tuple[Fix, ...] = ()
) -> Diagnostic:
    """A syntax mistake with one place."""
    return Diagnostic(name, "error", message, (Label(span, text, primary=True),), notes=notes, fixes=fixes)


def short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
