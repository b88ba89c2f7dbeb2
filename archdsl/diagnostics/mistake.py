"""How elaboration stops a step: `Mistake` carries what to report, `Silent` says that it was reported before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from archdsl.diagnostics import Comparison, Diagnostic, Fix, Label
from archdsl.text import Span


class Mistake(Exception):
    """Something is wrong at a place; the pass that runs the statement reports it and goes on behind it.

    Attributes:
        further: what is wrong beside it in the same step, by itself.
        result: the value that the step would have given, where what is wrong does not touch its shape.
    """

    def __init__(self, diagnostic: Diagnostic, further: tuple[Diagnostic, ...] = ()) -> None:
        self.diagnostic = diagnostic
        self.further = further
        self.result: object = None
        super().__init__(diagnostic.message)


class TooLarge(Exception):
    """A limit was reached: nothing further is elaborated."""

    def __init__(self, wrong: Mistake) -> None:
        self.wrong = wrong


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
    # What is written need not be said again below it.
    primary = Label(span, "" if text.removeprefix("this is ") == span.text else text, primary=True)
    return Mistake(
        Diagnostic(name, "error", message, (primary, *labels), notes=tuple(notes), fixes=tuple(fixes), comparison=comparison)
    )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was most likely meant to be."""
    candidates = sorted(set(known))
    lowered = {candidate.lower(): candidate for candidate in candidates}
    if name.lower() in lowered:
        return lowered[name.lower()]
    for found in get_close_matches(name, candidates, n=3, cutoff=0.6):
        if _slips(name.lower(), found.lower()) <= max(1, len(found) // 3) or _starts(name.lower(), found.lower()):
            return found
    return None


def _starts(written: str, meant: str) -> bool:
    """Whether one is the start of the other: `biases` for `bias`."""
    shorter, longer = sorted((written, meant), key=len)
    return len(shorter) > 2 and longer.startswith(shorter)


def _slips(written: str, meant: str) -> int:
    """How many letters were added, left out, changed or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(written):
        last, before, row = before, row, [i + 1]
        for j, other in enumerate(meant):
            slips = min(before[j + 1] + 1, row[j] + 1, before[j] + (letter != other))
            if i and j and letter == meant[j - 1] and written[i - 1] == other:
                slips = min(slips, last[j - 1] + 1)
            row.append(slips)
    return row[-1]
