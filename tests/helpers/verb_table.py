"""The table of verbs against forms on the page on Python, made from the parsers. Must not run a verb."""

from __future__ import annotations

import archdsl
from archdsl.api import Arch
from archdsl.cli.main import VERBS, parser_of

PYTHON = {
    "compile": ("Arch.source", "Arch.summary", "Arch.verify"),
    "check": ("check",),
    "cost": ("Arch.cost",),
    "fits": ("fits",),
    "solve": ("solve",),
    "compare": ("compare",),
    "diff": ("diff",),
    "render": ("Arch.render",),
    "weights": ("Arch.load_weights",),
    "zoo": ("zoo",),
    "explain": ("explain",),
}
"""What Python programs call for each verb; a name after `Arch.` is a method."""


def verb_table() -> str:
    """A row for each verb that answers: its forms, what it reads and writes, and what Python calls."""
    rows = ["| verb | `--format` | reads `-` | writes with `-o` | in Python |", "| --- | --- | --- | --- | --- |"]
    for verb in VERBS:
        names = PYTHON.get(verb)
        if names is None:
            continue
        for name in names:
            assert hasattr(Arch, name.removeprefix("Arch.")) if name.startswith("Arch.") else name in archdsl.__all__
        actions = parser_of(verb)._actions
        forms = next((action.choices for action in actions if "--format" in action.option_strings), None) or ()
        reads = any("standard input" in (action.help or "") for action in actions) or verb in ("explain", "fmt")
        out = next((action.help or "" for action in actions if "-o" in action.option_strings), "")
        writes = "" if not out else "files and `-`" if " - " in out else "files"
        python = ", ".join(f"`{name if name.startswith('Arch.') else f'archdsl.{name}'}`" for name in names)
        forms_shown = ", ".join(f"`{form}`" for form in forms)
        rows.append(f"| `{verb}` | {forms_shown} | {'yes' if reads else 'no'} | {writes} | {python} |")
    return "\n".join(rows)
