"""Dimension algebra: polynomials over positive integer symbols, with floors of quotients as further symbols.

A dimension is an `int` as long as nothing is free, so the usual program never uses the class below. Must not import sympy
(`archdsl.analysis.formula` turns a `Formula` into a sympy expression on demand).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor as int_floor
from math import isqrt
from typing import Any, Literal, Union, cast

from archdsl.records import NamedTuple

Relation = Literal["==", "!=", "<", "<=", ">", ">="]
_RELATIONS: dict[Relation, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Floor(NamedTuple):
    """The atom `floor(numerator / divisor)`, for a numerator that does not divide."""

    numerator: Formula
    divisor: int


Atom = Union[str, Floor]
Monomial = tuple[tuple[Atom, int], ...]
"""Atoms with their powers, sorted by text; `()` is the constant."""


class Undecided(Exception):
    """A comparison that holds for some positive values of the symbols and fails for others."""

    def __init__(self, left: Number, right: Number) -> None:
        self.left, self.right = left, right
        super().__init__(f"{left} against {right}")


class Formula:
    """A polynomial with rational coefficients: `terms` maps monomials to non-zero coefficients."""

    __slots__ = ("_hash", "_text", "terms")

    def __init__(self, terms: Mapping[Monomial, Fraction]) -> None:
        self.terms = {monomial: factor for monomial, factor in terms.items() if factor}
        self._hash: int | None = None
        self._text: str | None = None

    @staticmethod
    def symbol(name: str) -> Formula:
        """The formula that is one free dimension."""
        return Formula({((name, 1),): Fraction(1)})

    @property
    def symbols(self) -> frozenset[str]:
        """Names of the free dimensions, those inside floors included."""
        found: set[str] = set()
        for monomial in self.terms:
            for atom, _ in monomial:
                found |= {atom} if isinstance(atom, str) else atom.numerator.symbols
        return frozenset(found)

    @property
    def largest(self) -> int:
        """The largest absolute value of the integers in it, those inside floors and in denominators included."""
        found = 0
        for monomial, factor in self.terms.items():
            found = max(found, abs(factor.numerator), factor.denominator)
            for atom, power in monomial:
                found = max(found, power if isinstance(atom, str) else max(power, atom.divisor, atom.numerator.largest))
        return found

    def __add__(self, other: object) -> Dim:
        if not isinstance(other, (int, Fraction, Formula)):
            return NotImplemented
        terms = dict(self.terms)
        for monomial, factor in _formula(other).terms.items():
            terms[monomial] = terms.get(monomial, Fraction(0)) + factor
        return _simple(terms)

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return _simple({monomial: -factor for monomial, factor in self.terms.items()})

    def __sub__(self, other: object) -> Dim:
        if not isinstance(other, (int, Fraction, Formula)):
            return NotImplemented
        return self + (-other)

    def __rsub__(self, other: object) -> Dim:
        if not isinstance(other, (int, Fraction)):
            return NotImplemented
        return -self + _formula(other)

    def __mul__(self, other: object) -> Dim:
        if not isinstance(other, (int, Fraction, Formula)):
            return NotImplemented
        terms: dict[Monomial, Fraction] = {}
        for left, a in self.terms.items():
            for right, b in _formula(other).terms.items():
                monomial = _times(left, right)
                terms[monomial] = terms.get(monomial, Fraction(0)) + a * b
        return _simple(terms)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Dim:
        if not isinstance(exponent, int) or exponent < 0:
            return NotImplemented
        result: Dim = 1
        for _ in range(exponent):
            result = result * self
        return result

    def __truediv__(self, other: object) -> Dim:
        if isinstance(other, (int, Fraction)) and other:
            return self * (Fraction(1) / other)
        if isinstance(other, Formula):
            quotient = _exact_quotient(self, other)
            return NotImplemented if quotient is None else quotient
        return NotImplemented

    def __rtruediv__(self, other: object) -> Dim:
        if not isinstance(other, (int, Fraction)):
            return NotImplemented
        quotient = _exact_quotient(_formula(other), self)
        return NotImplemented if quotient is None else quotient

    def __floordiv__(self, other: object) -> Dim:
        if isinstance(other, int):
            return floor_divide(self, other)
        if isinstance(other, Formula):
            quotient = _exact_quotient(self, other)
            return NotImplemented if quotient is None else quotient
        return NotImplemented

    def __mod__(self, other: object) -> Dim:
        if isinstance(other, int):
            return self - floor_divide(self, other) * other
        return NotImplemented

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __str__(self) -> str:
        if self._text is None:
            self._text = " ".join(_signed_terms(self)) or "0"
        return self._text

    def __repr__(self) -> str:
        return f"Formula({self})"

    def substitute(self, values: Mapping[str, Dim]) -> Dim:
        """The same formula with some symbols given a value."""
        total: Dim = 0
        for monomial, factor in self.terms.items():
            term = _on_the_way(factor)
            for atom, power in monomial:
                # In this order: a value may be a number that remembers its formula.
                term = _substituted(atom, values) ** power * term
            total = total + term
        return total


Dim = Union[int, Formula]
"""Fractions occur on the way (`H / 2`), never as an axis: `archdsl.ops` and the passes refuse them."""
Exact = Union[int, Fraction, Formula]
"""A number that was never rounded."""
Number = Union[Exact, float]


def is_symbolic(value: object) -> bool:
    """Whether it is a formula, not a number."""
    return isinstance(value, Formula)


def value_at(dim: Dim, size: int) -> int | Fraction:
    """The dimension if every free symbol has this size."""
    value: Number = dim.substitute(dict.fromkeys(dim.symbols, size)) if isinstance(dim, Formula) else dim
    assert isinstance(value, (int, Fraction))
    return value


def floor_divide(value: Dim, divisor: int) -> Dim:
    """floor(value / divisor). Terms that divide leave the floor: `(2*H - 1) // 2` is `H - 1`."""
    if isinstance(value, int):
        return value // divisor
    if isinstance(value, Fraction):
        return int_floor(value * Fraction(1, divisor))
    if divisor == 0:
        raise ZeroDivisionError
    outside: dict[Monomial, Fraction] = {}
    inside: dict[Monomial, Fraction] = {}
    for monomial, factor in value.terms.items():
        quotient = factor / divisor
        whole = int_floor(quotient) if monomial else Fraction(0)
        outside[monomial] = Fraction(whole) if quotient != whole or not monomial else quotient
        inside[monomial] = (quotient - outside[monomial]) * divisor
    # Only integer multiples of integer-valued monomials may leave the floor.
    rest = _simple(inside)
    if isinstance(rest, (int, Fraction)):
        return _simple(outside) + int_floor(Fraction(rest) / divisor)
    constant = rest.terms.get((), Fraction(0))
    inner = _lone_floor(rest)
    if inner is not None and constant.denominator == 1:
        # floor((floor(a/m) + b)/n) = floor((a + b*m)/(m*n)): floors never nest.
        return _simple(outside) + floor_divide(inner.numerator + int(constant) * inner.divisor, inner.divisor * divisor)
    whole = int_floor(constant / divisor)
    rest = rest - whole * divisor
    assert isinstance(rest, Formula)
    return _simple(outside) + whole + Formula({((Floor(rest, divisor), 1),): Fraction(1)})


def square_root(value: Formula) -> Formula | None:
    """The polynomial with a positive leading term whose square this is: `H + 1` of `H**2 + 2*H + 1`. None if there is none."""
    root: Dim = 0
    rest: Dim = value
    for _ in range(len(value.terms) + 1):
        if not isinstance(rest, Formula):
            return root if rest == 0 and isinstance(root, Formula) else None
        lead = max(rest.terms, key=_rank)
        term = (
            _root_of_term(lead, rest.terms[lead])
            if not isinstance(root, Formula)
            else _exact_quotient(Formula({lead: rest.terms[lead]}), _formula(2 * _leading(root)))
        )
        if term is None:
            return None
        rest = rest - 2 * root * term - term * term if isinstance(root, Formula) else rest - term * term
        root = root + term
    return root if rest == 0 and isinstance(root, Formula) else None


def _leading(formula: Formula) -> Dim:
    lead = max(formula.terms, key=_rank)
    return _simple({lead: formula.terms[lead]})


def _root_of_term(monomial: Monomial, factor: Fraction) -> Dim | None:
    if factor < 0 or any(power % 2 for _, power in monomial):
        return None
    top, bottom = isqrt(factor.numerator), isqrt(factor.denominator)
    if Fraction(top * top, bottom * bottom) != factor:
        return None
    return _simple({tuple((atom, power // 2) for atom, power in monomial): Fraction(top, bottom)})


def _lone_floor(formula: Formula) -> Floor | None:
    """The floor of `floor(…) + constant`."""
    others = [(monomial, factor) for monomial, factor in formula.terms.items() if monomial]
    if len(others) != 1 or others[0][1] != 1 or len(others[0][0]) != 1:
        return None
    atom, power = others[0][0][0]
    return atom if isinstance(atom, Floor) and power == 1 else None


def decide(relation: Relation, left: Number, right: Number) -> bool:
    """Whether `left relation right` holds, if that is the same for all positive values of the symbols.

    Raises:
        Undecided: it depends on the values.
    """
    if not isinstance(left, Formula) and not isinstance(right, Formula):
        return _RELATIONS[relation](left, right)
    if isinstance(left, float) or isinstance(right, float):
        raise Undecided(left, right)
    difference = left - right
    if not isinstance(difference, Formula):
        return _RELATIONS[relation](difference, 0)
    shifted = _formula(_shift(difference))
    constant = shifted.terms.get((), Fraction(0))
    for sign in (1, -1):
        if all(factor * sign > 0 for factor in shifted.terms.values()):
            # The difference is at least its constant on this side of zero.
            signs = (sign,) if constant else (sign, 0)
            verdicts = {_RELATIONS[relation](side, 0) for side in signs}
            if len(verdicts) == 1:
                return verdicts.pop()
    raise Undecided(left, right)


def _shift(formula: Formula) -> Dim:
    total: Dim = 0
    for monomial, factor in formula.terms.items():
        term = _on_the_way(factor)
        for atom, power in monomial:
            # A floor is at least 0 if its numerator is; that is all that is known of it.
            least = 1 if isinstance(atom, str) else 0
            term = term * (Formula({((atom, 1),): Fraction(1)}) + least) ** power
        total = total + term
    return total


def _formula(value: int | Fraction | Formula) -> Formula:
    return value if isinstance(value, Formula) else Formula({(): Fraction(value)})


def _on_the_way(value: Fraction) -> Dim:
    """A fraction that is part of working a dimension out; see `Dim`."""
    return cast("Dim", value)


def _simple(terms: Mapping[Monomial, Fraction]) -> Dim:
    kept = {monomial: factor for monomial, factor in terms.items() if factor}
    if not kept:
        return 0
    if len(kept) == 1 and () in kept:
        constant = kept[()]
        return int(constant) if constant.denominator == 1 else _on_the_way(constant)
    return Formula(kept)


def _times(left: Monomial, right: Monomial) -> Monomial:
    powers: dict[Atom, int] = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(((atom, power) for atom, power in powers.items() if power), key=lambda item: _atom_text(item[0])))


def _exact_quotient(left: Formula, right: Formula) -> Dim | None:
    """left / right if right is one term or divides by long division; None otherwise."""
    order = max(right.terms, key=_rank)
    quotient: Dim = 0
    rest: Dim = left
    for _ in range(100):
        if not isinstance(rest, Formula):
            rest = _formula(rest)
        if not rest.terms:
            return quotient
        lead = max(rest.terms, key=_rank)
        powers = dict(lead)
        for atom, power in order:
            powers[atom] = powers.get(atom, 0) - power
        if any(power < 0 for power in powers.values()):
            return None
        monomial = tuple(sorted(((a, p) for a, p in powers.items() if p), key=lambda item: _atom_text(item[0])))
        term = _simple({monomial: rest.terms[lead] / right.terms[order]})
        quotient = quotient + term
        rest = rest - right * term
    return None


def _rank(monomial: Monomial) -> tuple[int, list[tuple[tuple[int, ...], int]]]:
    """Graded lexicographic order: a product's leading term is the product of the leading terms, which long division needs."""
    return sum(power for _, power in monomial), [
        ((*(-ord(sign) for sign in _atom_text(atom)), 1), power) for atom, power in monomial
    ]


def _degree(monomial: Monomial) -> tuple[int, tuple[tuple[str, int], ...]]:
    return sum(power for _, power in monomial), tuple((_atom_text(atom), power) for atom, power in monomial)


def _substituted(atom: Atom, values: Mapping[str, Dim]) -> Dim:
    if isinstance(atom, str):
        return values.get(atom, Formula.symbol(atom))
    return floor_divide(atom.numerator.substitute(values), atom.divisor)


def _atom_text(atom: Atom) -> str:
    return atom if isinstance(atom, str) else f"(({atom.numerator}) // {atom.divisor})"


def _signed_terms(formula: Formula) -> list[str]:
    words: list[str] = []
    for monomial in sorted(formula.terms, key=_degree, reverse=True):
        factor = formula.terms[monomial]
        sign = "-" if factor < 0 else "+"
        text = _term_text(abs(factor), monomial)
        words += [sign, text] if words else ["-" + text if factor < 0 else text]
    return words


def _term_text(factor: Fraction, monomial: Monomial) -> str:
    atoms = [_atom_text(atom) + (f"**{power}" if power > 1 else "") for atom, power in monomial]
    if factor.numerator != 1 or not atoms:
        atoms.insert(0, str(factor.numerator))
    text = "*".join(atoms)
    return text if factor.denominator == 1 else f"{text}/{factor.denominator}"
