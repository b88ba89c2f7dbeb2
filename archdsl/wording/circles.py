"""Messages about circles: definitions, shared modules and files that lead back to themselves. Must not look for circles."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.diagnostics import Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.text import Span

_NO_RECURSION = "every program ends, so there is no recursion"


def definition_circle(names: Sequence[str], closing: Span, defined: Span) -> Mistake:
    """The definitions in the order of their calls; `closing` calls the first again, which is at `defined`."""
    target = names[0]
    alone = len(names) == 1
    return mistake(
        "definition-circle",
        f"`{target}` is defined by itself" if alone else f"definitions call one another in a circle: {_chain(names)}",
        closing,
        f"this calls `{target}` again",
        labels=[Label(defined, "defined here")],
        notes=[_NO_RECURSION],
    )


def shared_circle(name: str, span: Span, declared: Span) -> Mistake:
    """A shared module is called in its own body."""
    return mistake(
        "definition-circle",
        f"the shared module `{name}` applies itself",
        span,
        labels=[Label(declared, "declared here")],
        notes=[_NO_RECURSION],
    )


def import_circle(names: Sequence[str], span: Span) -> Mistake:
    """The files in the order of their imports; the one at `span` imports the first again."""
    if len(names) == 1:
        return mistake("import-circle", f"`{names[0]}` imports itself", span)
    message = f"files import one another in a circle: {_chain(names)}"
    return mistake("import-circle", message, span, "this closes the circle")


def _chain(names: Sequence[str]) -> str:
    return " -> ".join([*names, names[0]])
