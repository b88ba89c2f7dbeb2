"""Long lines of Python broken the way its formatters break them. Must not know what the lines say.

A line that does not fit is split at its last bracket, a definition at its parameters: what is inside goes on a line of its
own or, if that does not fit either, each item on its own line with a trailing comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 120
"""Columns, as torchvision has them; the files of `support/` are as wide."""
INDENT = "    "
_OPEN, _CLOSE = "([{", ")]}"
_CONDITIONAL = re.compile(r"([\w.]+ = )(.+?) (if .+) (else .+)\Z")


def folded(line: str, depth: int = 0) -> list[str]:
    """The lines of a statement that is `depth` levels deep."""
    lead = INDENT * depth
    if len(lead) + len(line) <= WIDTH:
        return [lead + line]
    conditional = _CONDITIONAL.match(line)
    if conditional and not line.endswith(","):
        target, *clauses = conditional.groups()
        inside_lines = [part for clause in clauses for part in folded(clause, depth + 1)]
        return [f"{lead}{target}(", *inside_lines, f"{lead})"]
    found = _last_bracket(line)
    if found is None:
        return [lead + line]
    start, end = found
    head, inside, tail = line[: start + 1], line[start + 1 : end], line[end:]
    is_call = start > 0 and (line[start - 1].isalnum() or line[start - 1] in "_)]")
    return [lead + head, *_body(inside, depth + 1, is_call), lead + tail]


def _body(inside: str, depth: int, is_call: bool) -> list[str]:
    """What is between brackets; the items of a list, unlike arguments, never share a line when they are broken."""
    lead = INDENT * depth
    clauses = _clauses(inside)
    # The commas of `for a, b in c` separate no items.
    items = _split(inside, ",") if len(clauses) == 1 or "," in _outermost(clauses[0]) else [inside]
    if len(lead) + len(inside) <= WIDTH and (is_call or len(items) == 1):
        return [lead + inside]
    if len(items) == 1:
        if len(clauses) > 1:
            return [line for clause in clauses for line in folded(clause, depth)]
        return folded(inside + "," if inside.startswith("*") else inside, depth)
    return [line for item in items for line in folded(item.strip() + ",", depth)]


def _last_bracket(line: str) -> tuple[int, int] | None:
    """The last pair of brackets on the outermost level that has something in it; of a definition the first."""
    best: tuple[int, int] | None = None
    stack: list[int] = []
    for at, sign in _code(line):
        if sign in _OPEN:
            stack.append(at)
        elif sign in _CLOSE:
            start = stack.pop()
            if not stack and at > start + 1:
                if line.startswith("def "):
                    return start, at
                best = (start, at)
    return best


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that are not in a bracket; a trailing separator ends the last part."""
    parts, depth, begin = [], 0, 0
    for at, sign in _code(text):
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
        elif sign == separator and not depth:
            parts.append(text[begin:at])
            begin = at + 1
    if text[begin:].strip():
        parts.append(text[begin:])
    return parts


def _outermost(text: str) -> str:
    """What is not in a bracket."""
    kept, depth = [], 0
    for _, sign in _code(text):
        depth += (sign in _OPEN) - (sign in _CLOSE)
        kept.append(sign if not depth else " ")
    return "".join(kept)


def _clauses(text: str) -> list[str]:
    """`element for a in b` as its clauses."""
    parts, depth, begin = [], 0, 0
    for at, sign in _code(text):
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
        elif not depth and text.startswith(" for ", at):
            parts.append(text[begin:at])
            begin = at + 1
    parts.append(text[begin:])
    return parts


def _code(text: str) -> Iterator[tuple[int, str]]:
    """Positions and characters outside of string literals."""
    quote = ""
    at = 0
    while at < len(text):
        sign = text[at]
        if quote:
            if sign == "\\":
                at += 1
            elif sign == quote:
                quote = ""
        elif sign in "\"'":
            quote = sign
        else:
            yield at, sign
        at += 1
