"""Messages about shared modules, which are applied with the same parameters every time. Must not apply them."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.diagnostics import Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.shapes import Shape, shape_text
from archdsl.text import Span


def takes_no_arguments(name: str, span: Span) -> Mistake:
    return mistake("unexpected-argument", f"the shared module `{name}` takes no arguments", span)


def does_not_fit(
    name: str, inputs: Sequence[Shape], span: Span, first: Sequence[Shape], built: Span, declared: Span
) -> Mistake:
    """Its parameters for these inputs would differ from those for the first ones, from which it was built."""
    return mistake(
        "shared-mismatch",
        f"the parameters of `{name}` do not fit this input",
        span,
        f"the input is {_main(inputs)}",
        labels=[Label(built, f"it was built here, from {_main(first)}"), Label(declared, "declared here")],
    )


def _main(inputs: Sequence[Shape]) -> str:
    """The input that its steps start from; an empty list has none."""
    return shape_text(inputs[0]) if inputs else ""


def frozen_elsewhere(name: str, span: Span, declared: Span) -> Mistake:
    """It is applied in a `frozen` part, and its weights are declared outside."""
    message = f"the weights of `{name}` are not part of what is frozen here"
    note = f"a shared module is frozen where it is declared: `frozen < shared {name} < … > >`"
    return mistake("bad-setting", message, span, labels=[Label(declared, "declared here")], notes=[note])
