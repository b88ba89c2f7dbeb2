"""Messages about outputs that would be given more than once. Must not know regions."""

from __future__ import annotations

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.text import Span
from archdsl.wording.phrases import first_here


def output_twice(name: str, span: Span, first: Span) -> Mistake:
    """Two lines give it."""
    return mistake("duplicate-output", f"the output `{name}` is given twice", span, labels=first_here(first))


def bad_output_name(name: str, span: Span, suggested: str) -> Mistake:
    """It is the name of a field of what `forward` returns, and no field in Python can have it."""
    if name == "out":
        why = "`out` is the network's result itself"
    elif name.startswith("_"):
        why = "a field in Python does not start with an underscore"
    else:
        why = f"`{name}` is a word of Python"
    notes = ["an output of the arch is a field of what the generated `forward` returns"]
    fixes = [Fix(f"name it `{suggested}`", (Edit(span, suggested),))] if span.text == name else []
    return mistake("bad-output-name", f"no output can bear the name `{name}`: {why}", span, notes=notes, fixes=fixes)


def output_in_shared(name: str, span: Span) -> Mistake:
    message = f"the output `{name}` is inside a shared module, which can be applied several times"
    return mistake("duplicate-output", message, span)


def heads_left_out(wrong: Diagnostic, training: str) -> Diagnostic:
    """`wrong`: what the input from outside does to an auxiliary head; `training`: the sizes that training accepts."""
    message = f"the auxiliary heads are left out, as in inference: {wrong.message}"
    notes = (f"training accepts {training}",)
    return Diagnostic("auxiliary-left-out", "warning", message, wrong.labels, notes=notes, comparison=wrong.comparison)
