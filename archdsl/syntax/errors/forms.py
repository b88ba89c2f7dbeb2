"""What a form of another language is: a pattern, what is said of it, and what is meant. Must not list forms."""

from __future__ import annotations

import re
from collections.abc import Callable

from archdsl.ops.registry import called_elsewhere, find
from archdsl.records import NamedTuple

Match = re.Match[str]


class Rewrite(NamedTuple):
    """A form, what is said of it, and the text that is meant (None: this text is no such form); a note where no fix helps."""

    pattern: re.Pattern[str]
    message: str
    meant: Callable[[Match], str | None]
    note: str = ""


def form(pattern: str, message: str, meant: Callable[[Match], str | None] | str, note: str = "") -> Rewrite:
    """`meant`: a template of the pattern's groups, or a function."""
    if isinstance(meant, str):
        template = meant
        return Rewrite(re.compile(pattern), message, lambda found: found.expand(template), note)
    return Rewrite(re.compile(pattern), message, meant, note)


def nothing(found: Match) -> str:
    """For a form that no fix mends."""
    return ""


def find_name(word: str) -> str | None:
    """What an operator is called here that is called so here or elsewhere."""
    operator = find(word.strip()) or find(called_elsewhere(word.strip()) or "")
    return operator.name if operator is not None else None


def apart(text: str) -> list[str]:
    """The parts between commas that stand outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]
