"""Brackets that do not match: one that closes another kind or nothing, and one that was forgotten. Must not parse."""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.syntax.errors.context import Met, error, places_of_words

CLOSING = {"CLOSE": ("(", ")"), "END_LIST": ("[", "]"), "END": ("<", ">")}


def closer(met: Met) -> Diagnostic | None:
    """A bracket that closes another kind, or nothing."""
    if met.token.type not in CLOSING:
        return None
    opening, closing = CLOSING[met.token.type]
    if any(sign == opening for sign, _ in met.open):
        return None
    inner, start = met.open[-1] if met.open else ("<", 0)
    if inner == "<" or closing == ">":
        fixes = (Fix("leave it out", (Edit(met.span, ""),)),)
        return error("unopened-bracket", f"this `{closing}` closes nothing: no `{opening}` is open", met.span, fixes=fixes)
    right = {"(": ")", "[": "]"}[inner]
    return Diagnostic(
        "unclosed-bracket",
        "error",
        f"`{inner}` is closed by `{closing}`",
        (Label(met.span, f"`{right}` is missing", primary=True), Label(met.at(start, start + 1), "opened here")),
        fixes=(*_element_unopened(met), Fix(f"close it with `{right}`", (Edit(met.span, right),))),
    )


def _element_unopened(met: Met) -> tuple[Fix, ...]:
    """`x(depths1])`, where the text has a name `depths`."""
    found = re.search(r"([A-Za-z_]\w*?)(\d+)$", met.before) if met.token.type == "END_LIST" else None
    if found is None or found[1] not in places_of_words(met.source.text):
        return ()
    at = met.token.start - len(found[2])
    return (Fix("open it with `[`", (Edit(met.at(at, at), "["),)),)


def header_unopened(met: Met) -> Diagnostic | None:
    """`def unit c, stride) <` and `input image 3, 8, 8]`: a bracket that a line needs is closed and was never opened."""
    line = met.before + met.behind.partition("\n")[0]
    start = met.token.start - len(met.before)
    found = re.match(r"def\s+(\w+)()[^()<]*\)\s*<", line) or re.match(r"input\s+([A-Za-z_]\w*?)(\s*)\d[\w\s,]*\]\s*$", line)
    if found is None:
        return None
    sign, rule = "[", "a shape is in brackets"
    at = found.end(1)
    if met.word == "def":
        sign, rule = "(", "the parameters of a definition are in parentheses"
        called = places_of_words(met.source.text)
        lengths = (n for n in range(len(found[1]) - 1, 0, -1) if found[1][:n] in called and not found[1][n:][0].isdigit())
        at = found.start(1) + next(lengths, len(found[1]))
    gap = met.at(start + at, start + at + len(found[2]))
    fixes = (Fix(f"open it with `{sign}`", (Edit(gap, sign),)),)
    return error("unopened-bracket", f"`{sign}` is missing: {rule}", gap, fixes=fixes)


def unclosed(met: Met) -> Diagnostic | None:
    """A bracket that is open where a statement or a body ends."""
    token = met.token
    for kind in ("CLOSE", "END_LIST", "END"):
        opening, closing = CLOSING[kind]
        if kind not in met.accepted or token.type not in ("SEP", "$END", "END", "BAR", "BEGIN", "CLOSE", "END_LIST"):
            continue
        if kind == "END" and (token.type != "$END" or "SEP" not in met.accepted):
            continue
        start = next((at for sign, at in reversed(met.open) if sign == opening), None)
        labels = [Label(met.span, f"`{closing}` is missing before this point", primary=True)]
        if start is not None:
            labels.append(Label(met.at(start, start + 1), "opened here"))
        message = f"`{opening}` is never closed" if token.type == "$END" else f"`{closing}` is missing"
        end = met.last.end if met.last is not None else met.span.start
        fixes = (Fix(f"close it with `{closing}`", (Edit(met.at(end, end), closing),)),)
        return Diagnostic("unclosed-bracket", "error", message, tuple(labels), fixes=fixes if kind != "END" else ())
    return None
