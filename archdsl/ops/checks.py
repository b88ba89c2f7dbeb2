"""Checks that several families make of their inputs: each passes in silence or raises a fact. Must not know operators."""

from __future__ import annotations

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
