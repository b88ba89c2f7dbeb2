"""Conditions on one size as functions of it: whether they hold, and from where on they repeat. Must not know networks."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import lcm

from archdsl.records import NamedTuple
from archdsl.shapes.dimension import Atom, Formula, Relation
from archdsl.shapes.traced import Condition

_LARGEST_PERIOD = 5_000
_LARGEST_HORIZON = 50_000
_HOLDS: dict[Relation, Callable[[int], bool]] = {
    "==": lambda value: value == 0,
    "!=": lambda value: value != 0,
    "<": lambda value: value < 0,
    "<=": lambda value: value <= 0,
    ">": lambda value: value > 0,
    ">=": lambda value: value >= 0,
}


class Repeats(NamedTuple):
    """From `horizon` on, whether the condition holds depends on the size modulo `period` alone."""

    horizon: int
    period: int


class Unbounded(Exception):
    """A condition that does not repeat within sizes that anyone asks for."""


class Columns:
    """Formulas of one size, each at the sizes 0, 1, 2 … `count` - 1. Floors that several formulas share are computed once."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._atoms: dict[Atom, list[int]] = {}

    def holds(self, condition: Condition) -> list[bool]:
        """Whether the condition holds at each size."""
        return list(map(_HOLDS[condition.relation], self.values(condition.formula)))

    def values(self, formula: Formula) -> list[int]:
        """The formula times the common denominator of its factors, at each size."""
        scale = _scale(formula)
        total = [0] * self.count
        for monomial, factor in formula.terms.items():
            term = [int(factor * scale)] * self.count
            for atom, power in monomial:
                term = [a * b**power for a, b in zip(term, self._atom(atom), strict=True)]
            total = [a + b for a, b in zip(total, term, strict=True)]
        return total

    def _atom(self, atom: Atom) -> list[int]:
        if isinstance(atom, str):
            return list(range(self.count))
        known = self._atoms.get(atom)
        if known is None:
            divisor = atom.divisor * _scale(atom.numerator)
            known = self._atoms[atom] = [value // divisor for value in self.values(atom.numerator)]
        return known


def _scale(formula: Formula) -> int:
    return lcm(*(factor.denominator for factor in formula.terms.values()))


def repeats(condition: Condition) -> Repeats:
    """From where on the condition repeats, and how often.

    A formula of one size is a polynomial for each remainder of the size by the period: `f(r + k*period)` is a polynomial in
    k. So its sign is settled from the largest root of these polynomials on.

    Raises:
        Unbounded: that is beyond sizes that anyone asks for.
    """
    period, degree = _period(condition.formula), _degree(condition.formula)
    if period > _LARGEST_PERIOD or degree > 3:
        raise Unbounded
    values = Columns(period * (degree + 1) + 1).values(condition.formula)
    horizon = 0
    for rest in range(1, period + 1):
        last = _last_root(values[rest::period][: degree + 1])
        if last >= 0:
            horizon = max(horizon, rest + last * period)
    if horizon > _LARGEST_HORIZON:
        raise Unbounded
    return Repeats(horizon + 1, period)


def _last_root(values: list[int]) -> int:
    """For the polynomial through (0, values[0]), (1, values[1]) …: the last whole k at which its sign is not yet the final one.

    -1 if the sign is the same for all k from 0 on.
    """
    # Newton's forward differences: the polynomial is the sum of differences[j] * binomial(k, j).
    differences: list[int] = []
    row = values
    while row:
        differences.append(row[0])
        row = [after - before for before, after in pairwise(row)]
    while len(differences) > 1 and not differences[-1]:
        differences.pop()
    if len(differences) == 1:
        return -1

    def at(k: int) -> Fraction:
        total, choose = Fraction(0), Fraction(1)
        for order, difference in enumerate(differences):
            total += choose * difference
            choose = choose * (k - order) / (order + 1)
        return total

    final = 1 if differences[-1] > 0 else -1
    # Beyond this bound the leading term outweighs all others.
    high = 1 + sum(abs(difference) for difference in differences[:-1]) * len(differences) * 6 // abs(differences[-1])
    if len(differences) == 2:
        high = abs(differences[0]) // abs(differences[1]) + 1
    if high > _LARGEST_HORIZON:
        return high
    return next((k for k in range(high, -1, -1) if at(k) * final <= 0), -1)


def _period(formula: Formula) -> int:
    """A number by which the size can grow so that every floor in the formula grows by a whole number."""
    found = _scale(formula)
    for monomial in formula.terms:
        for atom, _ in monomial:
            if not isinstance(atom, str):
                inner = atom.numerator
                found = lcm(found, _period(inner) * atom.divisor * _scale(inner))
    return found


def _degree(formula: Formula) -> int:
    degrees = [0]
    for monomial in formula.terms:
        degrees.append(sum(power * (1 if isinstance(atom, str) else _degree(atom.numerator)) for atom, power in monomial))
    return max(degrees)
