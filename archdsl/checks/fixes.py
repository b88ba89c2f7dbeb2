"""Fixes are offered after they were tried: the text with the fix applied is read again. Must not make fixes or read files.

A fix is kept where its mistake is gone and no new one came. Where new ones came that have fixes themselves (a line may have
several mistakes, of which the first hides the others), these are followed a few steps, and all of them are offered as one. Of
several ways on none is chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from archdsl.diagnostics import ArchError, Diagnostic, Fix
from archdsl.diagnostics.applied import Texts, applied, by_file, one_after_another
from archdsl.syntax.errors.rewrites import fixes_at, notes_at
from archdsl.syntax.parser import parse
from archdsl.text import Source, Span

Again = Callable[[Texts], Sequence[Diagnostic]]
"""What is wrong with the program where these files have these texts."""

_STEPS = 3
_MOST_TRIES = 60
_MOST_EFFORT = 500_000
_OF_A_MISTAKE = 100
"""To word a mistake takes as long as to read so many characters."""
_OF_NAMES = frozenset(
    {
        "unknown-argument",
        "unknown-arch",
        "unknown-file",
        "unknown-function",
        "unknown-import",
        "unknown-label",
        "unknown-name",
        "unknown-operator",
        "unknown-output",
        "unknown-parameter",
    }
)
"""A name that is corrected may bring to light what it hid, wherever that stands."""

_OF_FORM = frozenset(
    {
        "argument-twice",
        "bad-argument",
        "bad-character",
        "bad-number",
        "bracket-touches",
        "comparison-needs-parentheses",
        "expression-needs-parentheses",
        "gap-before-bracket",
        "no-arch",
        "no-branches",
        "not-a-function",
        "too-many-arguments",
        "unclosed-bracket",
        "unexpected-token",
        "unknown-argument",
        "unknown-name",
        "unknown-operator",
        "unused-label",
    }
)
"""Mistakes of a statement that may be right in another language."""

_Place = tuple[str, str, str, int]
"""A diagnostic's name, its message, and where it is: enough to know it again in a text that was edited elsewhere."""


class Trials:
    """How often a program may still be read again: a long one seldom, so that a report never takes much longer than the run.

    `effort`: the size of one run, in characters and elaborated steps; `mistakes`: how many it words.
    """

    def __init__(self, again: Again, effort: int, mistakes: int) -> None:
        self._again = again
        self._left = min(_MOST_TRIES, _MOST_EFFORT // max(effort + _OF_A_MISTAKE * mistakes, 1))

    @property
    def are_left(self) -> bool:
        """Whether another try is left."""
        return self._left > 0

    def __call__(self, texts: Texts) -> Sequence[Diagnostic] | None:
        """What is wrong with these texts; None where no try is left."""
        if self._left <= 0:
            return None
        self._left -= 1
        return self._again(texts)


def keep_tried(report: Sequence[Diagnostic], trials: Trials) -> list[Diagnostic]:
    """The report with only those fixes that lead to a right text, and those that say what to do in words."""
    before = Counter(map(_place, report))
    kept = []
    for diagnostic in report:
        tried = [_tried(diagnostic, fix, before, trials) for fix in diagnostic.fixes]
        kept.append(diagnostic._replace(fixes=tuple(_different(fix for fix in tried if fix is not None))))
    # What the form of a statement suggests is tried after all that is known better.
    return [_with_form(diagnostic, before, trials) for diagnostic in kept]


def _with_form(diagnostic: Diagnostic, before: Counter[_Place], trials: Trials) -> Diagnostic:
    """The diagnostic; if nothing mends it, with what the form of its statement suggests, or with what is said of that."""
    primary = diagnostic.primary
    if diagnostic.name not in _OF_FORM or any(fix.edits for fix in diagnostic.fixes) or primary is None or not trials.are_left:
        return diagnostic
    fixes = (*diagnostic.fixes, *_of_form(diagnostic, primary.span, before, trials))
    notes = diagnostic.notes if fixes or diagnostic.notes else tuple(notes_at(primary.span))
    return diagnostic._replace(notes=notes, fixes=fixes)


def _different(fixes: Iterable[Fix]) -> list[Fix]:
    """Without those that give the same text as one before them."""
    kept: list[Fix] = []
    texts: list[Texts | None] = []
    for fix in fixes:
        text = applied(fix, {}) if fix.edits else None
        if text is None or text not in texts:
            kept.append(fix)
            texts.append(text)
    return kept


def _of_form(diagnostic: Diagnostic, place: Span, before: Counter[_Place], trials: Trials) -> Iterator[Fix]:
    """The first thing that the form of the statement suggests and that leads to a right text."""
    for fix in fixes_at(place):
        leading = _leading(diagnostic, fix, before, trials)
        if leading is not None:
            yield leading
            return


def _tried(diagnostic: Diagnostic, fix: Fix, before: Counter[_Place], trials: Trials) -> Fix | None:
    """The fix as it is offered: whole, with what else it needs, or its sentence alone, or not at all."""
    if not fix.edits:
        return fix
    return _leading(diagnostic, fix, before, trials) or (fix._replace(edits=()) if fix.stands else None)


def syntax_error(source: Source, report: Sequence[Diagnostic]) -> ArchError:
    """Mistakes of a text that is only parsed; its fixes are tried by parsing."""

    def again(texts: Texts) -> list[Diagnostic]:
        found: list[Diagnostic] = []
        parse(Source(source.name, texts[source.name]), found)
        return found

    return ArchError(report, lambda: keep_tried(report, Trials(again, len(source.text), len(report))))


def _leading(diagnostic: Diagnostic, fix: Fix, before: Counter[_Place], trials: Trials) -> Fix | None:
    """The fix, with those that it needs after it, if they lead to a right text."""
    texts = applied(fix, {})
    found = trials(texts) if texts is not None else None
    if texts is None or found is None:
        return None
    before = _moved(before, fix)
    (target,) = _moved(Counter([_place(diagnostic)]), fix)
    if sum(_place(one) == target for one in found) >= before[target]:
        return None
    before[target] -= 1  # if it came back, it would be new
    whole = _ending_well(fix, texts, found, before, trials, _STEPS)
    is_name = diagnostic.name in _OF_NAMES and not _touches(fix, found, before)
    return whole or (fix if is_name else None)


def _ending_well(
    fix: Fix, texts: Texts, found: Sequence[Diagnostic], before: Counter[_Place], trials: Trials, steps: int
) -> Fix | None:
    """The fix that led to these texts if they have no mistake that was not there before, or with fixes that lead to that."""
    fresh = _fresh(found, before)
    if not fresh or steps == 0:
        return None if fresh else fix
    ways = [further for further in fresh[0].fixes if further.edits]
    for further in ways:
        after = applied(further, texts)
        left = trials(after) if after is not None else None
        if after is not None and left is not None:
            both = one_after_another(fix, further)
            whole = _ending_well(both, after, left, _moved(before, further), trials, steps - 1)
            if whole is not None:
                # Of several ways on none is chosen for the user.
                return whole if len(ways) == 1 else fix
    return None


def _touches(fix: Fix, found: Sequence[Diagnostic], before: Counter[_Place]) -> bool:
    """Whether a new mistake stands on a line that the fix changes."""
    lines = {(edit.span.source.name, edit.span.place.line) for edit in fix.edits}
    places = [one.primary.span for one in _fresh(found, before) if one.primary is not None]
    return any((span.source.name, span.place.line) in lines for span in places)


def _fresh(found: Sequence[Diagnostic], before: Counter[_Place]) -> list[Diagnostic]:
    """The errors that are new; warnings are looked for only where nothing is wrong, so these may come."""
    left = Counter(before)
    fresh = []
    for diagnostic in found:
        place = _place(diagnostic)
        left[place] -= 1
        if left[place] < 0 and diagnostic.severity == "error":
            fresh.append(diagnostic)
    return fresh


def _place(diagnostic: Diagnostic) -> _Place:
    primary = diagnostic.primary
    if primary is None:
        return diagnostic.name, diagnostic.message, "", -1
    return diagnostic.name, diagnostic.message, primary.span.source.name, primary.span.start


def _moved(places: Counter[_Place], fix: Fix) -> Counter[_Place]:
    """The places as they are in the text that the fix gives."""
    edits = by_file(fix)
    moved: Counter[_Place] = Counter()
    for (name, message, file, start), count in places.items():
        by = 0
        for edit in edits.get(file, ()):
            if edit.span.end <= start and edit.span.start < start:
                by += len(edit.text) - (edit.span.end - edit.span.start)
            elif edit.span.start < start:
                by -= start - edit.span.start
        moved[name, message, file, start + by] += count
    return moved
