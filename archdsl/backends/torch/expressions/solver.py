"""Which expression a column of constants becomes in its class: a literal, a parameter, or arithmetic of parameters.

Every expression is tried on all instances before it is taken, so the printed class builds each of them by construction.
Must not print.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, Union

from archdsl.backends.torch.expressions import terms
from archdsl.backends.torch.expressions.candidates import flows, is_large, items, paddings
from archdsl.backends.torch.expressions.columns import MISSING, Column, Missing
from archdsl.backends.torch.expressions.identifiers import Names
from archdsl.backends.torch.expressions.terms import Literal, Name, Operation, Term, Unevaluable, evaluate, same
from archdsl.backends.torch.expressions.written import ClassNames as Known
from archdsl.backends.torch.expressions.written import Written, whole_divisions, written
from archdsl.ir import Use
from archdsl.ops.operator import Setting
from archdsl.shapes import Formula

GIVES = frozenset({"out_channels", "out_features", "c"})
"""Settings that are the channels of what comes out."""
Values = Sequence[Union[Setting, Missing]]


class Solving(Protocol):
    """What constructing a module asks; the class answers, and inside a loop the loop."""

    @property
    def environments(self) -> Sequence[Mapping[str, Setting]]:
        """The values of all names, for each instance."""

    @property
    def known(self) -> Known:
        """What is known about the names of the class."""

    def name(self, wanted: str) -> str:
        """A name that nothing has."""
        ...

    def term(self, column: Column, taken: Term | None) -> Term:
        """A term that has the column's values; `taken` gives the channels of the input."""

    def calls(self, term: Term) -> None:
        """Note the functions that an expression calls."""
        ...

    def channels(self, values: Values, candidates: Iterable[Term | None]) -> Term | None:
        """A term that has these values of channels; None if there is none."""

    def condition(self, present: Sequence[bool], parts: Sequence[tuple[Column, Term]], taken: Term | None, wanted: str) -> Term:
        """A term that is true exactly if `present`."""


def fits(term: Term, values: Values, environments: Sequence[Mapping[str, Setting]]) -> bool:
    """Whether the term has these values; where a value is missing, any is right."""
    try:
        return all(
            isinstance(value, Missing) or same(evaluate(term, environment), value)
            for value, environment in zip(values, environments, strict=True)
        )
    except Unevaluable:
        return False


class Solver:
    """The parameters of one class, found while its modules are constructed one after the other.

    Args:
        environments: for each instance the values of what may become a parameter: `in_channels`, the definition's arguments.
        known: what the names of the definition's expressions are here.
        order: the names, in the order of the constructor.
    """

    def __init__(self, environments: list[dict[str, Setting]], known: Known, order: Sequence[str], names: Names) -> None:
        self._environments = environments
        self._known = known
        self.used: dict[str, None] = {}
        self.called: dict[str, None] = {}
        self.made: dict[str, Column] = {}
        self._order = list(order)
        self._names = names
        self._recent: list[Term] = []

    @property
    def environments(self) -> Sequence[Mapping[str, Setting]]:
        """The values of all names, for each instance."""
        return self._environments

    @property
    def known(self) -> Known:
        """What is known about the names of the class."""
        return self._known

    def name(self, wanted: str) -> str:
        """A new name of the class."""
        return self._names.take(wanted)

    @property
    def parameters(self) -> list[str]:
        """The names that are used, in the constructor's order."""
        return [name for name in self._order if name in self.used]

    def term(self, column: Column, taken: Term | None) -> Term:
        """A term that has the column's values; `taken` gives the channels of the input."""
        return self._note(self._term(column, taken))

    def channels(self, values: Values, candidates: Iterable[Term | None]) -> Term | None:
        """An expression for channels: the first candidate that fits, else what can be found; None for lists of tensors."""
        if any(value is None for value in values):
            return None
        for candidate in candidates:
            if candidate is not None and self._fits(candidate, values):
                return candidate
        column = Column("channels", tuple(values), (None,) * len(values))
        if column.is_constant:
            known = column.known
            return Literal(known[0]) if known and not isinstance(known[0], Formula) else None
        return self._direct(column) or self._flowing(column, candidates)

    def condition(self, present: Sequence[bool], parts: Sequence[tuple[Column, Term]], taken: Term | None, wanted: str) -> Term:
        """A condition that holds exactly if `present`: a stride, channels that differ, else a parameter of its own."""
        numbers = [term for column, term in parts if not isinstance(term, Literal) and column.name != "stride"]
        strides: list[Term] = [Operation("!=", term, Literal(1)) for column, term in parts if column.name == "stride"]
        starts = [taken] if taken is not None else []
        changes: list[Term] = [Operation("!=", start, other) for start in starts for other in numbers if other != start]
        both: list[Term] = [Operation("or", stride, change) for stride in strides for change in changes]
        flags: list[Term] = [
            Name(name) for name in self._order if all(isinstance(e.get(name), bool) for e in self.environments)
        ]
        for candidate in (*both, *changes, *strides, *flags):
            if self._fits(candidate, present):
                return self._note(candidate)
        return self._note(self._new(Column(wanted, tuple(present), (None,) * len(present))))

    def unchanged(self, present: Sequence[bool], taken: Term | None, given: Term | None, wanted: str) -> Term:
        """A condition that holds exactly if `present`: no stride and equal channels, else a parameter of its own."""
        strides: list[Term] = [Operation("==", Name(name), Literal(1)) for name in self._order if name == "stride"]
        equal: list[Term] = [Operation("==", taken, given)] if taken is not None and given is not None else []
        both: list[Term] = [Operation("and", stride, same_channels) for stride in strides for same_channels in equal]
        for candidate in (*both, *equal, *strides):
            if self._fits(candidate, present):
                return self._note(candidate)
        return self._note(self._new(Column(wanted, tuple(present), (None,) * len(present))))

    # How

    def _term(self, column: Column, taken: Term | None) -> Term:
        how = self._written(column, taken)
        if how.term is not None:
            for term in (whole_divisions(how.term), how.term):
                if self._fits(term, column.values):
                    return term
        if column.is_channels and taken is not None and self._fits(taken, column.values):
            return taken
        is_literal = column.is_constant and not any(isinstance(value, Formula) for value in column.known)
        if is_literal and how.kind == "literal":
            return Literal(column.known[0])
        found = self._direct(column) or (taken if taken is not None and self._counts_channels(column, taken) else None)
        if found is not None:
            return found
        if is_literal:
            return Literal(column.known[0])
        return self._formula(column) or self._by_item(column, taken) or self._padding(column) or self._new(column, how.name)

    def _written(self, column: Column, taken: Term | None) -> Written:
        step = next((step for step in column.steps if step is not None), None)
        # What a step inside a group takes is not what the group takes.
        return written(step, column.hole or column.name, self.known._replace(taken=None if column.hole else taken))

    def _counts_channels(self, column: Column, taken: Term) -> bool:
        """Groups of a depthwise convolution are its channels."""
        return is_large(column) and self._fits(taken, column.values)

    def _direct(self, column: Column) -> Term | None:
        """A parameter, or an expression used before, with the same values; a constant must be too large for chance."""
        same_name = [name for name in self._order if name == column.name]
        for name in same_name:
            if self._fits(Name(name), column.values):
                return Name(name)
        if column.is_constant and (not is_large(column) or self._is_call(column)):
            return None
        candidates: list[Term] = [
            *(Name(name) for name in self._order),
            *items(self._order, self.environments),
            *reversed(self._recent),
        ]
        return next((term for term in candidates if self._fits(term, column.values)), None)

    @staticmethod
    def _is_call(column: Column) -> bool:
        """It is an argument of a definition, and how it was written is not known."""
        return any(isinstance(step, Use) and step.call is None for step in column.steps)

    def _formula(self, column: Column) -> Term | None:
        """A formula of free dimensions, if those are parameters."""
        value = column.known[0]
        if not isinstance(value, Formula) or not value.symbols.issubset(self._order):
            return None
        term = terms.of_formula(value)
        return term if self._fits(term, column.values) else None

    def _by_item(self, column: Column, taken: Term | None) -> Term | None:
        """Tuples of one length, item by item."""
        lists = [value for value in column.known if isinstance(value, tuple)]
        if len(lists) < len(column.known) or len(set(map(len, lists))) > 1 or not lists[0]:
            return None
        items = []
        for at in range(len(lists[0])):
            values = tuple(value[at] if isinstance(value, tuple) else MISSING for value in column.values)
            items.append(self.term(Column(column.name, values, (None,) * len(values)), taken))
        return terms.Several(tuple(items))

    def _padding(self, column: Column) -> Term | None:
        """Half a kernel, dilated."""
        if column.is_constant or column.name != "padding":
            return None
        return next((term for term in paddings(self._order, self.environments) if self._fits(term, column.values)), None)

    def _flowing(self, column: Column, candidates: Iterable[Term | None]) -> Term | None:
        """Channels that an operator makes of what comes in: a multiple, a share, a difference."""
        starts = [candidate for candidate in candidates if candidate is not None]
        found = flows(column, starts, self._order, self.environments)
        return next((term for term in found if self._fits(term, column.values)), None)

    def _new(self, column: Column, wanted: str = "") -> Term:
        """A parameter of its own, with the name in the text if it has one there; where the value is missing, any is right."""
        filler = column.known[0]
        name = self._names.take(wanted or column.name)
        self.made[name] = column
        self._order.append(name)
        for environment, value in zip(self._environments, column.values, strict=True):
            environment[name] = filler if isinstance(value, Missing) else value
        return Name(name)

    def _fits(self, term: Term, values: Values) -> bool:
        return fits(term, values, self.environments)

    def calls(self, term: Term) -> None:
        """Note the functions that the term calls."""
        self.called |= dict.fromkeys(terms.calls_in(term))

    def _note(self, term: Term) -> Term:
        names = list(terms.names_in(term))
        self.used |= dict.fromkeys(names)
        self.calls(term)
        if names and not isinstance(term, Name) and term not in self._recent:
            self._recent.append(term)
        return term


def one_less(solver: Solving, column: Column) -> Term:
    """The term of `column` as one less than a known number: `depth - 1` runs after the first."""
    more = tuple(value + 1 if isinstance(value, (int, Formula)) else MISSING for value in column.values)
    return terms.binary("-", solver.term(column._replace(values=more), None), Literal(1))
