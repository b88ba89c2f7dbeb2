"""Contracts of several relations, as conditions elsewhere have them, and in parentheses. Must not parse."""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.syntax.errors.context import Met
from archdsl.text import Span

_RELATION = re.compile(r"[A-Za-z_][\w.]*(?:\(\w+\))?\s*(?:==|!=|<=|>=|~=|<|>)\s*(?:[^\s()]+|\([^()]*\)|\[[^\[\]]*\])")
_NOTE = "`and` and `or` belong to `--where` of `archdsl solve`"


def several_relations(span: Span) -> Diagnostic:
    """The diagnostic for the `expect` at the span; relations that all have to hold get a line each."""
    _, _, whole = span.text.partition("expect")
    parts = [_bare(part) for part in re.split(r"\band\b", whole)]
    fixes: tuple[Fix, ...] = ()
    if all(_RELATION.fullmatch(part) for part in parts):
        lines = "\n".join(f"expect {part}" for part in parts)
        title = "write a line for each" if len(parts) > 1 else "write it without parentheses"
        fixes = (Fix(title, (Edit(span, lines),)),)
    is_one = len(parts) == 1 and "or" not in re.findall(r"\w+", whole)
    message = "an `expect` takes no parentheses around its relation" if is_one else "an `expect` takes one relation"
    notes = () if fixes else (_NOTE,)
    return Diagnostic("two-relations", "error", message, (Label(span, primary=True),), notes=notes, fixes=fixes)


def contract_forms(met: Met) -> Diagnostic | None:
    """`expect params > 3 and macs < 5`, `expect (params > 3)`."""
    if met.word != "expect":
        return None
    is_wrapped = met.token.type == "OPEN" and met.last_type == "EXPECT"
    if not is_wrapped and not re.search(r"\b(?:and|or)\b", met.before):
        return None
    start = met.token.start - len(met.before)
    rest = re.match(r"[^;\n]*", met.behind)
    end = met.token.start + len(rest.group().rstrip() if rest else "")
    return several_relations(met.at(start, end))


def _bare(part: str) -> str:
    """Without the parentheses around it."""
    found = re.fullmatch(r"\s*\(([^()]*(?:\(\w+\))?[^()]*)\)\s*", part)
    return (found.group(1) if found else part).strip()
