"""What one elaboration carries along: the report, the budget, the depth. Must not run statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from archdsl.diagnostics import CallStep, Diagnostic
from archdsl.diagnostics.mistake import LimitReached, Mistake, Silent
from archdsl.ir import Step
from archdsl.limits import in_force
from archdsl.program.scope import Budget, Frame, Scope
from archdsl.syntax import tree
from archdsl.text import Places, Span

_OF_ONE_VALUE = frozenset({"not-a-list", "not-a-number", "not-a-condition"})


class Stopped(Exception):
    """A run that only asks whether there is a mistake found one."""


class Context:
    """One run of the elaborator over one program.

    Attributes:
        look: set where nothing called what is run: looks into what a statement does not reach because a value is unknown.
        ran: then the statements of the bodies that were run.
        steps_made: the network's own steps, as far as they were made.
    """

    __slots__ = (
        "_again",
        "_most_again",
        "_most_nesting",
        "_most_runs",
        "_most_steps",
        "_repeated",
        "_stops",
        "_worked_out",
        "again",
        "budget",
        "called",
        "depth",
        "drops_aux",
        "epoch",
        "look",
        "misread",
        "ran",
        "report",
        "runs",
        "seen",
        "steps",
        "steps_made",
    )

    def __init__(self, report: list[Diagnostic], drops_aux: bool = False, stops: bool = False) -> None:
        """`drops_aux`: leave auxiliary heads out, as inference does. `stops`: the first mistake ends the run (`Stopped`)."""
        self._stops = stops
        self.report = report
        self.drops_aux = drops_aux
        self.seen: set[tuple[object, ...]] = set()
        self.misread = Places(())
        self.look: Callable[[Context, tree.Statement, Scope], None] | None = None
        self.ran: set[int] = set()
        self.called: set[tuple[str, int]] = set()
        self.depth = 0
        self.steps = 0
        self.steps_made: Sequence[Step] = ()
        self.runs = 0
        self.again = 0
        self.epoch = 0
        self.budget = Budget()
        self._repeated: Span | None = None
        self._again = False
        self._worked_out: set[tuple[str, int]] = set()
        most = in_force()
        self._most_nesting = most["nesting"]
        self._most_steps = most["steps"]
        self._most_runs = most["unrolled"]
        self._most_again = most["instances"]

    def say(self, wrong: Mistake | Silent, scope: Scope) -> None:
        """Report a mistake with the call path; the same mistake at the same place is reported once."""
        if isinstance(wrong, Silent):
            return
        if self._stops:
            raise Stopped
        for diagnostic in (wrong.diagnostic, *wrong.further):
            self._say(diagnostic, scope)

    def refused(self) -> None:
        """A step is refused. Where the first mistake ends the run it ends here: the words would ask about sizes in vain."""
        if self._stops:
            raise Stopped

    def _say(self, diagnostic: Diagnostic, scope: Scope) -> None:
        primary = diagnostic.primary
        key = place_key(diagnostic)
        if scope.frame is not None and primary and diagnostic.name in _OF_ONE_VALUE and primary.span.text.isidentifier():
            # One argument of a wrong kind is wrong wherever the callee reads it.
            key = (diagnostic.name, diagnostic.message, primary.span.text, id(scope.frame))
        if key in self.seen or (primary is not None and self.misread.holds(primary.span)):
            return
        self.seen.add(key)
        self.report.append(diagnostic._replace(call_path=(*diagnostic.call_path, *call_path(scope.frame))))

    def count_step(self, span: Span) -> None:
        """Count a step.

        Raises:
            LimitReached: there are too many steps.
        """
        self.steps += 1
        if self._repeated is not None:
            self._count_run(self._repeated)
        if self.steps > self._most_steps:
            raise LimitReached("steps", span)

    def count_statements(self, many: int, span: Span) -> None:
        """So many statements are computed; where they were computed before, that counts against the limit on instances."""
        if not self._again:
            return
        self.again += many
        if self.again > self._most_again:
            raise LimitReached("instances", span)

    @contextmanager
    def another_run(self, span: Span) -> Iterator[None]:
        """A further run of the repetition at the span: every step elaborated in it counts against the limit on runs."""
        self._count_run(span)
        outer, self._repeated = self._repeated, self._repeated or span
        try:
            yield
        finally:
            self._repeated = outer

    @contextmanager
    def calls_apart(self) -> Iterator[set[tuple[str, int]]]:
        """The definitions that are called inside, each by its file and place; they count outside too, even after a mistake."""
        outside, self.called = self.called, set()
        inside = self.called
        try:
            yield inside
        finally:
            self.called = outside
            outside |= inside

    def _count_run(self, span: Span) -> None:
        self.runs += 1
        if self.runs > self._most_runs:
            raise LimitReached("unrolled", span)

    def deeper(self, span: Span) -> _Deeper:
        """One level of bodies and calls further in; the level is always left, also after a mistake."""
        return self._deeper(span, self._again)

    def instance_of(self, text: tuple[str, int], span: Span) -> _Deeper:
        """A definition or body at this place in this file is computed, a level further in; every time but the first counts.

        Definitions that each call another one twice, with other arguments or bodies, would grow without end.
        """
        again = text in self._worked_out
        self._worked_out.add(text)
        return self._deeper(span, again)

    def _deeper(self, span: Span, again: bool) -> _Deeper:
        if self.depth >= self._most_nesting:
            raise LimitReached("nesting", span)
        return _Deeper(self, again)


class _Deeper:
    """A level that is open; written out, since every call and body opens one."""

    __slots__ = ("_again", "_ctx", "_outer")

    def __init__(self, ctx: Context, again: bool) -> None:
        self._ctx = ctx
        self._again = again

    def __enter__(self) -> None:
        ctx = self._ctx
        ctx.depth += 1
        # Of one class with the context, whose state this is.
        self._outer, ctx._again = ctx._again, self._again

    def __exit__(self, *_: object) -> None:
        self._ctx.depth -= 1
        self._ctx._again = self._outer


def place_key(diagnostic: Diagnostic) -> tuple[object, ...]:
    """What two reports of one mistake have in common."""
    primary = diagnostic.primary
    if primary is None:
        return (diagnostic.message,)
    return diagnostic.name, primary.span.source.name, primary.span.start, primary.span.end


def call_path(frame: Frame | None) -> tuple[CallStep, ...]:
    """From the innermost definition outwards."""
    steps: list[CallStep] = []
    while frame is not None and len(steps) < 20:
        if frame.call is not None:
            steps.append(CallStep(frame.name, frame.call))
        frame = frame.caller
    return tuple(steps)
