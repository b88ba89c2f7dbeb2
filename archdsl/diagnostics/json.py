"""Diagnostics for programs: the stable JSON of `archdsl check --format json`. Must not leave anything out.

```
{"schema": "archdsl.check/1",
 "diagnostics": [{"name", "severity", "message", "file", "line", "column", "end_line", "end_column",
                  "labels":     [{"message", "primary", <place>}],
                  "comparison": {"axes": [0], "rows": [{"title", "shape": ["256", "28"], "remark"}]} or null,
                  "notes":      ["…"],
                  "fixes":      [{"message", "safe", "edits": [{"text", <place>}]}],
                  "call_path":  [{"name", <place>}]}],
 "checked": {"files", "contracts": {"hold", "failed", "unchecked"}, "overrides": ["--set"], "uncalled_definitions"}}
```

`checked` tells how far the check went: contracts are left unchecked where `--set` or `--input` give other values, or where the
program has mistakes; definitions that nothing calls are checked without shapes.
A `<place>` is `file line column end_line end_column`: lines and columns count from 1, columns in characters, the end is the
place after the last character. A diagnostic without a place (a file that cannot be read) has null in all five. New fields
may be added; if one of these changes, the schema's number changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archdsl.diagnostics.model import Comparison, Diagnostic, Fix
from archdsl.text import Span

SCHEMA = "archdsl.check/1"


def to_json(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """The document, but for `checked`, of plain dicts, lists, strings, numbers, booleans and None."""
    return {"schema": SCHEMA, "diagnostics": [_record(diagnostic) for diagnostic in diagnostics]}


def _record(diagnostic: Diagnostic) -> dict[str, Any]:
    primary = diagnostic.primary
    return {
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_place(primary.span if primary else None),
        "labels": [{"message": label.text, "primary": label is primary, **_place(label.span)} for label in diagnostic.labels],
        "comparison": _comparison(diagnostic.comparison),
        "notes": list(diagnostic.notes),
        "fixes": [_fix(fix) for fix in diagnostic.fixes],
        "call_path": [{"name": step.name, **_place(step.span)} for step in diagnostic.call_path],
    }


def _place(span: Span | None) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    first, last = span.place, span.end_place
    return {
        "file": span.source.name,
        "line": first.line,
        "column": first.column,
        "end_line": last.line,
        "end_column": last.column,
    }


def _comparison(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    rows = [{"title": row.title, "shape": list(row.shape), "remark": row.remark} for row in comparison.rows]
    return {"axes": list(comparison.axes), "rows": rows}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"text": edit.text, **_place(edit.span)} for edit in fix.edits]
    return {"message": fix.message, "safe": fix.safe, "edits": edits}
