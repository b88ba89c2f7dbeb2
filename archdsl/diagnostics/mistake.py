"""How elaboration stops a step: `Mistake` carries what to report, `Silent` says that it was reported before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archdsl.diagnostics import Comparison, Diagnostic, Fix, Label
from archdsl.text import Span


class Mistake(Exception):
    """Something is wrong at a place; the pass that runs the statement reports it and continues after it.

    Attributes:
        further: other, independent mistakes in the same step.
        result: the value that the step would have given, if the mistake does not affect its shape.
    """

    def __init__(self, diagnostic: Diagnostic, further: tuple[Diagnostic, ...] = ()) -> None:
        self.diagnostic = diagnostic
        self.further = further
        self.result: object = None
        super().__init__(diagnostic.message)


class LimitReached(Exception):
    """A limit was reached, by its name in `archdsl.limits`: nothing further is elaborated."""

    def __init__(self, limit: str, span: Span) -> None:
        self.limit = limit
        self.span = span
        super().__init__(limit)


class Silent(Exception):
    """A value is unknown because of a mistake that was already reported."""


def together(wrong: Sequence[Mistake | Silent]) -> Mistake | Silent:
    """What is wrong in one step, at several of its places, as one exception."""
    found = [diagnostic for one in wrong if isinstance(one, Mistake) for diagnostic in (one.diagnostic, *one.further)]
    return Mistake(found[0], tuple(found[1:])) if found else wrong[0]


def mistake(
    name: str,
    message: str,
    span: Span,
    text: str = "",
    *,
    labels: Iterable[Label] = (),
    notes: Iterable[str] = (),
    fixes: Iterable[Fix] = (),
    comparison: Comparison | None = None,
) -> Mistake:
    """An error with its primary place."""
    # What is written need not be repeated below it.
    primary = Label(span, "" if text.removeprefix("this is ") == span.text else text, primary=True)
    return Mistake(
        Diagnostic(name, "error", message, (primary, *labels), notes=tuple(notes), fixes=tuple(fixes), comparison=comparison)
    )


def warning(
    name: str,
    message: str,
    span: Span,
    *,
    labels: Iterable[Label] = (),
    notes: Iterable[str] = (),
    fixes: Iterable[Fix] = (),
) -> Diagnostic:
    """What is allowed but most likely not intended, with its primary place."""
    primary = Label(span, primary=True)
    return Diagnostic(name, "warning", message, (primary, *labels), notes=tuple(notes), fixes=tuple(fixes))
