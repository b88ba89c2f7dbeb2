"""Messages about repetitions and stages: `xN`, and a `downsample` that no call can take. Must not run them."""

from __future__ import annotations

from fractions import Fraction

from archdsl.diagnostics import Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.ops.arguments import Size
from archdsl.program.scope import Pending, Refusing
from archdsl.text import Span
from archdsl.wording.phrases import first_here, meant, quoted_names, whole
from archdsl.wording.settings import synonym
from archdsl.wording.values import kind_of, quoted, show

_MOST_CALLS = 8


def bad_count(value: object, span: Span) -> Mistake:
    words = kind_of(value) if isinstance(value, (tuple, Size)) else quoted(value)
    return mistake(
        "bad-repetition",
        f"a repetition is an integer of at least 0, not {words}",
        span,
        fixes=[whole(span)] if isinstance(value, (Fraction, float)) else [],
    )


# `downsample`


def downsample_outside_stage(span: Span) -> Mistake:
    return mistake(
        "downsample-outside-stage",
        "`downsample` belongs directly in the body of a `stage`",
        span,
        notes=["it passes its settings to the first call of the stage that can take them"],
    )


def downsample_twice(span: Span, first: Span) -> Mistake:
    return mistake("downsample-twice", "a stage has at most one `downsample`", span, labels=first_here(first))


def downsample_unused(pending: Pending) -> Mistake:
    settings = " ".join(f"{name}={show(value)}" for name, value in pending.settings.items())
    labels = [Label(call.span, _why(call)) for call in pending.tried[:_MOST_CALLS]]
    return mistake(
        "downsample-unused",
        f"no call in this stage can take `{settings}`",
        pending.span,
        labels=labels,
        notes=[] if labels else ["the stage has no call"],
        fixes=_renamed(pending),
    )


def _why(call: Refusing) -> str:
    if call.lacks:
        return f"`{call.callee}` has no {quoted_names(call.lacks)}"
    return f"`{call.callee}` already sets {quoted_names(call.sets)}"


def _renamed(pending: Pending) -> list[Fix]:
    """The parameter of a call in the stage, if the written name is a slip or another framework's."""
    for name, written in pending.names.items():
        guess = synonym(name, pending.known) if name not in pending.known else None
        if guess:
            return meant(guess, written)
    return []
