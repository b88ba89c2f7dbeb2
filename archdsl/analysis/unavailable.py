"""Numbers that may be formulas: the larger of two, and the answer for what cannot be computed. Must not know regions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from archdsl.shapes import Number, Undecided, decide

Amount = TypeVar("Amount", bound=Number)


class Unavailable:
    """Takes the place of a number that cannot be computed; `reason` says why, as text. It is false in a condition."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"Unavailable({self.reason!r})"


def undecided(error: Undecided) -> Unavailable:
    """The answer if the largest of several formulas depends on the free dimensions."""
    return Unavailable(f"it depends on the free dimensions whether {error.left} or {error.right} is larger")


def larger(left: Amount, right: Amount) -> Amount:
    """The larger one; of formulas the one that is never smaller.

    Raises:
        Undecided: neither formula is the larger one for all positive values.
    """
    try:
        return left if decide(">=", left, right) else right
    except Undecided:
        return right if decide(">=", right, left) else left


def largest(amounts: Iterable[Amount], least: Amount) -> Amount:
    """The largest of the amounts and `least`."""
    for amount in amounts:
        least = larger(least, amount)
    return least
