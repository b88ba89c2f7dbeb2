"""Exact arithmetic on numbers and formulas, bounded in size. Must not know syntax."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from archdsl.program.values import Evaluated
from archdsl.shapes import Formula, Number
from archdsl.shapes.traced import TracedFraction, is_traced, plain, quotient_of

_MOST_BITS = 4096
"""A number may have up to 1,233 digits: no network needs more, and `9**9**9**9` must end."""


Arithmetic = Callable[[Number, Number], "Number | None"]
"""Gives None, or raises `TypeError`, where there is no exact result."""


def _times(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _MOST_BITS:
        raise OverflowError
    return left * right


def _divide(left: Number, right: Number) -> Number:
    if is_traced(left) or is_traced(right):
        return quotient_of(left, right)
    if isinstance(left, int) and isinstance(right, int):
        return Fraction(left, right)
    return left / right


def _power(base: Number, exponent: Number) -> Number | None:
    if isinstance(exponent, Formula) or isinstance(base, Formula):
        if isinstance(exponent, int) and 0 <= exponent <= 64:
            return base**exponent
        return None
    if not isinstance(exponent, int):
        result: float | complex = float(base) ** float(exponent)
        return None if isinstance(result, complex) else result
    size = base if isinstance(base, int) else max(abs(base.numerator), base.denominator) if isinstance(base, Fraction) else 1
    if abs(exponent) * max(size.bit_length() if isinstance(size, int) else 1, 1) > _MOST_BITS:
        raise OverflowError
    if isinstance(base, int) and exponent < 0:
        return Fraction(base) ** exponent
    return base**exponent


def _checked(function: Arithmetic) -> Arithmetic:
    def applied(left: Number, right: Number) -> Number | None:
        result = function(left, right)
        value = plain(result)
        if isinstance(value, (int, Fraction)) and max(abs(value.numerator), value.denominator).bit_length() > _MOST_BITS:
            raise OverflowError
        return result

    return applied


ARITHMETIC: dict[str, Arithmetic] = {
    "+": _checked(operator.add),
    "-": _checked(operator.sub),
    "*": _checked(_times),
    "/": _checked(_divide),
    "//": _checked(operator.floordiv),
    "%": _checked(operator.mod),
    "**": _checked(_power),
}


def simplified(value: Evaluated) -> Evaluated:
    """A fraction that is a whole number as an integer."""
    if isinstance(value, TracedFraction):
        return value.simplified()
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return value
