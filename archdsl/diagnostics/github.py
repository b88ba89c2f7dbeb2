"""Diagnostics as GitHub workflow commands, one line each, which appear beside the changed lines. Must not print.

`::error file=mine.arch,line=14,endLine=14,col=3,endColumn=11,title=shape-mismatch::the message%0Aand its notes`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archdsl.diagnostics.model import Diagnostic
from archdsl.diagnostics.strip import show


def to_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command per line, without a line end after the last."""
    return "\n".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = ",".join(f"{key}={_property(value)}" for key, value in _properties(diagnostic))
    return f"::{diagnostic.severity} {properties}::{_data(chr(10).join(_message(diagnostic)))}"


def _properties(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    if diagnostic.primary is not None:
        span = diagnostic.primary.span
        first, last = span.place, span.end_place
        yield "file", span.source.name
        yield "line", str(first.line)
        yield "endLine", str(last.line)
        # GitHub takes columns only for places within one line.
        if first.line == last.line:
            yield "col", str(first.column)
            yield "endColumn", str(last.column)
    yield "title", diagnostic.name


def _message(diagnostic: Diagnostic) -> Iterator[str]:
    yield show(diagnostic.message)
    if diagnostic.comparison is not None:
        for row in diagnostic.comparison.rows:
            remark = f" ({show(row.remark)})" if row.remark else ""
            yield f"{show(row.title)} {show('[' + ', '.join(row.shape) + ']')}{remark}"
    yield from (show(line) for note in diagnostic.notes for line in note.split("\n"))
    for step in diagnostic.call_path:
        yield f"in block `{show(step.name)}`, used at {show(step.span.source.name)}:{step.span.place.line}"
    yield from (f"help: {show(fix.message)}" for fix in diagnostic.fixes)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
