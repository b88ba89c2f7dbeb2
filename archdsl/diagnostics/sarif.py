"""Diagnostics as SARIF 2.1.0, which code scanners of GitHub, GitLab and editors read. Must not print.

One run; `columnKind` says that columns count characters, as everywhere here. Paths are relative to where the command ran.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archdsl.diagnostics.model import Diagnostic, Fix
from archdsl.text import Span
from archdsl.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """The document, of plain dicts, lists, strings and numbers."""
    from archdsl.resources import page_text

    names = sorted({diagnostic.name for diagnostic in diagnostics})
    rules = [
        {"id": name, **({"help": {"text": page, "markdown": page}} if (page := page_text(name)) else {})} for name in names
    ]
    driver = {"name": "archdsl", "version": __version__, "rules": rules}
    results = [_result(diagnostic, names.index(diagnostic.name)) for diagnostic in diagnostics]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    primary = diagnostic.primary
    others = [label for label in diagnostic.labels if label is not primary]
    related = [_location(label.span, label.text) for label in others]
    related += [_location(step.span, f"in block `{step.name}`, used here") for step in diagnostic.call_path]
    fixes = [_fix(fix) for fix in diagnostic.fixes if fix.edits]
    text = "\n".join([diagnostic.message, *diagnostic.notes])
    return {
        "ruleId": diagnostic.name,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [_location(primary.span)] if primary is not None else [],
        **({"relatedLocations": related} if related else {}),
        **({"fixes": fixes} if fixes else {}),
    }


def _location(span: Span, text: str = "") -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": _artifact(span), "region": _region(span)}}
    return {**place, "message": {"text": text}} if text else place


def _artifact(span: Span) -> dict[str, str]:
    from urllib.parse import quote

    return {"uri": quote(span.source.name.replace("\\", "/"))}


def _region(span: Span) -> dict[str, int]:
    first, last = span.place, span.end_place
    return {"startLine": first.line, "startColumn": first.column, "endLine": last.line, "endColumn": last.column}


def _fix(fix: Fix) -> dict[str, Any]:
    files: dict[str, dict[str, Any]] = {}
    for edit in fix.edits:
        change = files.setdefault(edit.span.source.name, {"artifactLocation": _artifact(edit.span), "replacements": []})
        change["replacements"].append({"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}})
    return {"description": {"text": fix.message}, "artifactChanges": list(files.values())}
