"""Checks that several families make of their inputs: each passes in silence or raises a fact. Must not know operators."""

from __future__ import annotations

from math import gcd

from archdsl.ops.facts import DivisibilityFact, MismatchFact
from archdsl.shapes import Dim, Formula, Shape, Undecided, decide


def divides(value: Dim, divisor: Dim) -> bool:
    """Whether `value` is a multiple of `divisor` for all positive values of the free dimensions.

    Raises:
        Undecided: it depends on them.
    """
    if not isinstance(divisor, Formula):
        return decide("==", value % divisor, 0)
    try:
        quotient = value / divisor
    except TypeError:
        raise Undecided(value, divisor) from None
    if isinstance(quotient, int):
        return True
    # A polynomial with whole coefficients is a whole number; any other may be.
    if isinstance(quotient, Formula) and all(factor.denominator == 1 for factor in quotient.terms.values()):
        return True
    raise Undecided(value, divisor)


def quotient(value: Dim, divisor: Dim) -> Dim:
    """floor(value / divisor); a free divisor must divide exactly.

    Raises:
        Undecided: it does not.
    """
    if not isinstance(divisor, Formula):
        return value // divisor
    if isinstance(value, int) and value == 0:
        return 0
    divides(value, divisor)
    return value / divisor  # exact, as just checked


def common_divisor(left: Dim, right: Dim) -> Dim:
    """The greatest common divisor.

    Of a number n and a free size H it is the sum of `phi(d)` over the divisors d of n that divide H (Gauss), and d divides H
    where `floor(H/d) - floor((H - 1)/d)` is 1, not 0.

    Raises:
        Undecided: both are free and neither divides the other for certain, or the number is above a million.
    """
    if isinstance(left, int) and isinstance(right, int):
        return gcd(left, right)
    if isinstance(left, Formula) and isinstance(right, Formula):
        return _common_formula(left, right)
    number, free = (left, right) if isinstance(left, int) else (right, left)
    assert isinstance(number, int)
    if number > _MOST_FACTORED:
        raise Undecided(left, right)
    assert isinstance(free, Formula)
    factors = list(free.terms.values())
    content = gcd(*(factor.numerator for factor in factors)) if all(factor.denominator == 1 for factor in factors) else 1
    rest = free / content
    total: Dim = 0
    for divisor, phi in _divisors(number):
        # d divides c*f where d/gcd(d, c) divides f.
        part = divisor // gcd(divisor, content)
        total = total + phi * (rest // part - (rest - 1) // part)
    return total


def _common_formula(left: Formula, right: Formula) -> Dim:
    for one, other in ((left, right), (right, left)):
        try:
            ratio = one / other
        except TypeError:
            continue
        if not isinstance(ratio, Formula):
            return other / ratio.as_integer_ratio()[1]
        if all(factor.denominator == 1 for factor in ratio.terms.values()):
            return other
    raise Undecided(left, right)


_MOST_FACTORED = 10**6


def _divisors(number: int) -> list[tuple[int, int]]:
    """The divisors, each with how many of the numbers up to it share no divisor with it (Euler's phi)."""
    found, rest, prime = [(1, 1)], number, 2
    while rest > 1:
        if prime * prime > rest:
            prime = rest
        powers = []
        power, phi = 1, 1
        while rest % prime == 0:
            rest //= prime
            power, phi = power * prime, phi * (prime - 1 if power == 1 else prime)
            powers.append((power, phi))
        found += [(divisor * power, few * phi) for divisor, few in found for power, phi in powers]
        prime += 1
    return sorted(found)


def require_divides(what: str, value: Dim, argument: str, divisor: Dim) -> None:
    """`value` (say, the input channels) must be a multiple of the argument `argument`, which is `divisor`.

    Raises:
        DivisibilityFact: it is not.
    """
    if not divides(value, divisor):
        raise DivisibilityFact(what, value, argument, divisor)


def require_equal(rule: str, *shapes: Shape) -> None:
    """All shapes must be one.

    Raises:
        MismatchFact: they are not; its axes are those on which any two differ.
    """
    first = shapes[0]
    if all(shape == first for shape in shapes):
        return
    if any(len(shape) != len(first) for shape in shapes):
        raise MismatchFact(shapes, (), rule)
    axes = tuple(axis for axis in range(len(first)) if any(shape[axis] != first[axis] for shape in shapes))
    raise MismatchFact(shapes, axes, rule)
