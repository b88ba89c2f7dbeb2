"""Runs of a repetition that differ from each other: constants that grow with the index, or are in a table. Must not print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from archdsl.backends.torch.expressions import terms
from archdsl.backends.torch.expressions.columns import MISSING, Column, Missing
from archdsl.backends.torch.expressions.solver import Solving, Values, fits
from archdsl.backends.torch.expressions.terms import Literal, Name, Operation, Term, names_in
from archdsl.backends.torch.expressions.written import ClassNames, whole_divisions, written
from archdsl.ops.operator import Setting
from archdsl.shapes import Dim, Formula

_LARGEST_DENOMINATOR = 1_000_000


class Loop:
    """Solves columns that have a value for each run of each instance.

    Args:
        outer: what solves columns with one value an instance.
        runs: how many runs each instance has.

    Attributes:
        index: the name of the loop's index if an expression uses it, else "".
        tables: variables that run through tables, with the tables.
        grown: what was added to a start from run to run (`growth * i`).
    """

    def __init__(self, outer: Solving, runs: Sequence[int]) -> None:
        self._outer = outer
        self._runs = runs
        taken = {name for environment in outer.environments for name in environment}
        self._index = next(letter for letter in (*"ijklmn", outer.name("run")) if letter not in taken)
        self.index = ""
        self.tables: list[tuple[str, Term]] = []
        self.grown: list[Term] = []
        self._tabled: dict[str, list[Setting | Missing]] = {}

    @property
    def environments(self) -> Sequence[Mapping[str, Setting]]:
        """The values of all names, for each run of each instance."""
        found: list[Mapping[str, Setting]] = []
        for environment, runs in zip(self._outer.environments, self._runs, strict=True):
            for run in range(runs):
                own: dict[str, Setting] = {**environment, self._index: run}
                for name, values in self._tabled.items():
                    value = values[len(found)]
                    if not isinstance(value, Missing):
                        own[name] = value
                found.append(own)
        return found

    @property
    def known(self) -> ClassNames:
        """The names of the class, with the loop's index."""
        outer = self._outer.known
        return outer._replace(known={**outer.known, "index": self._index})

    def name(self, wanted: str) -> str:
        """A new name of the class."""
        return self._outer.name(wanted)

    def term(self, column: Column, taken: Term | None) -> Term:
        """The term of a column: as written, constant, growing with the index, a fraction of it, or from a table."""
        found = (
            self._as_written(column, taken)
            or self._constant(column, taken)
            or self._growing(column, taken)
            or self._fraction(column)
        )
        return self._note(found if found is not None else self._table(column))

    def channels(self, values: Values, candidates: Iterable[Term | None]) -> Term | None:
        """The term of a result's channels; None if they are unknown or follow no rule."""
        if any(value is None for value in values):
            return None
        environments = self.environments
        for candidate in candidates:
            if candidate is not None and fits(candidate, values, environments):
                return candidate
        first = next((candidate for candidate in candidates if candidate is not None), None)
        column = Column("channels", tuple(values), (None,) * len(values), is_channels=True)
        return self._constant(column, first) or self._growing(column, first)

    def condition(self, present: Sequence[bool], parts: Sequence[tuple[Column, Term]], taken: Term | None, wanted: str) -> Term:
        """The term of whether a part is present."""
        return self.term(Column(wanted, tuple(present), (None,) * len(present)), None)

    def _as_written(self, column: Column, taken: Term | None) -> Term | None:
        step = next((step for step in column.steps if step is not None), None)
        known = self.known._replace(taken=None if column.hole else taken)
        term = written(step, column.hole or column.name, known).term
        if term is None:
            return None
        environments = self.environments
        return next((t for t in (whole_divisions(term), term) if fits(t, column.values, environments)), None)

    def _constant(self, column: Column, taken: Term | None) -> Term | None:
        """The same in all runs of an instance."""
        values = self._each(column, lambda own: own[0] if all(terms.same(own[0], value) for value in own) else None)
        return None if values is None else self._outer.term(self._lifted(column, values), self._outside(taken))

    def _growing(self, column: Column, taken: Term | None) -> Term | None:
        """`start + step * i`, in whole numbers."""
        starts = self._each(column, lambda own: own[0])
        steps = self._each(column, _step)
        if starts is None or steps is None:
            return None
        start = self._outer.term(self._lifted(column, starts), self._outside(taken))
        step = self._outer.term(Column("growth", tuple(steps), (None,) * len(steps)), None)
        climb = Name(self._index) if step == Literal(1) else Operation("*", step, Name(self._index))
        self.grown.append(climb)
        return climb if start == Literal(0) else Operation("+", start, climb)

    def _fraction(self, column: Column) -> Term | None:
        """`a * i / b` for floats, if that is exactly what they are."""
        known = [value for value in column.known if isinstance(value, (int, float)) and not isinstance(value, bool)]
        if len(known) < len(column.known) or len(self._runs) != 1:
            return None
        slope = Fraction(known[-1]).limit_denominator(_LARGEST_DENOMINATOR) / max(len(known) - 1, 1)
        if known[0] != 0 or any(float(slope * run) != value for run, value in enumerate(known)):
            return None
        top: Term = Name(self._index)
        top = top if slope.numerator == 1 else Operation("*", Literal(slope.numerator), top)
        return Operation("/", top, Literal(slope.denominator))

    def _table(self, column: Column) -> Term:
        values = self._each(column, lambda own: tuple(own))
        assert values is not None
        table = self._outer.term(Column(f"{column.name}s", tuple(values), (None,) * len(values)), None)
        name = self._outer.name(column.name)
        self.tables.append((name, table))
        self._tabled[name] = list(column.values)
        return Name(name)

    def _each(self, column: Column, take: Callable[[list[Setting]], Setting | Missing]) -> list[Setting | Missing] | None:
        """`take` of each instance's values; None as soon as it is None for one."""
        found: list[Setting | Missing] = []
        at = 0
        for runs in self._runs:
            own = [value for value in column.values[at : at + runs] if not isinstance(value, Missing)]
            at += runs
            value = take(own) if own else MISSING
            if value is None:
                return None
            found.append(value)
        return found

    def _lifted(self, column: Column, values: list[Setting | Missing]) -> Column:
        """The column of instances, each with the step of its first run."""
        steps, at = [], 0
        for runs in self._runs:
            steps.append(column.steps[at] if runs else None)
            at += runs
        return column._replace(values=tuple(values), steps=tuple(steps))

    def _outside(self, term: Term | None) -> Term | None:
        """The term, if it means the same outside of the loop."""
        inside = {self._index, *self._tabled}
        return term if term is not None and inside.isdisjoint(names_in(term)) else None

    def calls(self, term: Term) -> None:
        """Note the functions that the term calls."""
        self._outer.calls(term)

    def _note(self, term: Term) -> Term:
        self.calls(term)
        if self._index in names_in(term):
            self.index = self._index
        return term


def _step(own: list[Setting]) -> Dim | Missing | None:
    """By how much whole numbers grow from run to run; None if they do not grow evenly, MISSING if one run has no value."""
    numbers = [value for value in own if isinstance(value, (int, Formula)) and not isinstance(value, bool)]
    if len(numbers) < len(own):
        return None
    if len(numbers) < 2:
        return MISSING
    step = numbers[1] - numbers[0]
    return step if all(after - before == step for before, after in pairwise(numbers)) else None
