"""What arguments take: each function turns a written value into an attribute or raises `ArgumentFact`.

Written values are what expressions give: int, Fraction, float, bool, str, None, `Formula`, tuple (a list), `Size` (`3x3`),
`Word` (`same`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, NoReturn, TypeVar

from archdsl.ops.facts import ArgumentFact
from archdsl.ops.operator import Argument, Pair, Setting, Sides
from archdsl.shapes import Dim, Formula, decide
from archdsl.shapes.traced import plain

if TYPE_CHECKING:
    from typing import TypeGuard

T = TypeVar("T", bound=Setting)


class Size(tuple[int, int]):
    """A size as written: `3x3` is Size((3, 3)), height first."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{self[0]}x{self[1]}"


class Word(str):
    """A bare word: `same`, `bilinear`, `tokens`."""

    __slots__ = ()


MOST = 10**9
"""The largest count: no network has a dimension past it, and products of a few of them stay small numbers."""


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def count(value: object) -> Dim:
    """A positive integer, or a formula of free dimensions."""
    if type(value) is int and 0 < value <= MOST:
        return value
    if isinstance(value, Formula) or (_is_int(value) and value > 0 and plain(value) <= MOST):
        return value
    is_huge = _is_int(value) and plain(value) > MOST
    raise ArgumentFact(f"a positive integer up to {MOST:,}" if is_huge else "a positive integer", value)


def whole(value: object) -> Dim:
    """An integer, negative too."""
    if isinstance(value, Formula) or _is_int(value):
        return value
    raise ArgumentFact("an integer", value)


def natural(value: object) -> Dim:
    """An integer from 0."""
    if isinstance(value, Formula) or (_is_int(value) and value >= 0):
        return value
    raise ArgumentFact("an integer of at least 0", value)


def number(value: object) -> float:
    """Any finite number; a fraction becomes the nearest float, since it only scales."""
    if isinstance(value, (Fraction, float)) or _is_int(value):
        try:
            as_float = float(value)
        except OverflowError:
            raise ArgumentFact("a number that a float can hold", value) from None
        if isfinite(as_float):
            return as_float if isinstance(value, Fraction) else value
    raise ArgumentFact("a number", value)


def positive(value: object) -> float:
    """A number above 0."""
    got = number(value)
    if got > 0:
        return got
    raise ArgumentFact("a number above 0", value)


def small(value: object) -> float:
    """A number that keeps a division from failing: above 0 and below 0.1.

    Raises:
        ArgumentFact: it is something else.
    """
    got = number(value)
    if 0 < got < 0.1:
        return got
    raise ArgumentFact("a number above 0 and below 0.1", value)


def below_one(value: object) -> float:
    """A number from 0 to below 1.

    Raises:
        ArgumentFact: it is something else.
    """
    got = number(value)
    if 0 <= got < 1:
        return got
    raise ArgumentFact("a number from 0 to below 1", value)


def start(value: object) -> float:
    """What a learned factor starts from: any number, but a whole one above 10 is a width in the wrong place.

    Raises:
        ArgumentFact: it is something else.
    """
    got = number(value)
    if not _is_int(value) or got <= 10:
        return got
    raise ArgumentFact("a factor to start from, no whole number above 10", value)


def few(value: object) -> Dim:
    """A positive integer up to 64.

    Raises:
        ArgumentFact: it is something else.
    """
    got = count(value)
    if isinstance(got, Formula) or got <= 64:
        return got
    raise ArgumentFact("a positive integer up to 64", value)


def probability(value: object) -> float:
    """A number from 0 to below 1.

    Raises:
        ArgumentFact: it is something else.
    """
    got = number(value)
    if 0 <= got < 1:
        return got
    raise ArgumentFact("a probability from 0 to below 1", value)


def share(value: object) -> float:
    """A number from 0 to 1."""
    got = number(value)
    if 0 <= got <= 1:
        return got
    raise ArgumentFact("a number from 0 to 1", value)


def flag(value: object) -> bool:
    """`true` or `false`.

    Raises:
        ArgumentFact: it is something else.
    """
    if isinstance(value, bool):
        return value
    raise ArgumentFact("`true` or `false`", value)


def size(value: object) -> Pair:
    """`k`, `hxw` or `[h, w]` -> (h, w), both positive."""
    return _pair(value, count, "a size such as `3` or `3x3`")


def stride(value: object) -> Pair:
    """A number or `[h, w]`, both positive."""
    return _pair(value, count, "a positive integer or `[h, w]`")


def offsets(value: object) -> Pair:
    """A number or `[h, w]`, both from 0."""
    return _pair(value, natural, "an integer of at least 0 or `[h, w]`")


def padding(value: object) -> str | Sides:
    """A number, `[h, w]` or `[top, bottom, left, right]` -> (top, bottom, left, right); a word stays one."""
    return value if isinstance(value, Word) else sides(value)


def sides(value: object) -> Sides:
    """A number, `[h, w]` or `[top, bottom, left, right]` -> (top, bottom, left, right)."""
    wanted = "an integer of at least 0, `[h, w]`, `[top, bottom, left, right]`"
    if isinstance(value, tuple) and len(value) == 4 and all(_is_int(side) and side >= 0 for side in value):
        return tuple(value)
    if isinstance(value, (tuple, int)) and not isinstance(value, Size):
        try:
            h, w = _pair(value, natural, wanted)
        except ArgumentFact:
            raise ArgumentFact(wanted, value) from None
        return (h, h, w, w)
    raise ArgumentFact(wanted, value)


def _pair(value: object, one: Callable[[object], Dim], wanted: str) -> Pair:
    sides = tuple(value) if isinstance(value, tuple) else (value, value)
    if len(sides) != 2:
        raise ArgumentFact(wanted, value)
    try:
        return (one(sides[0]), one(sides[1]))
    except ArgumentFact:
        raise ArgumentFact(wanted, value) from None


def or_none(take: Callable[[object], T]) -> Callable[[object], T | None]:
    """What `take` takes, or `none`."""

    def taken(value: object) -> T | None:
        return None if value is None else take(value)

    return taken


def one_of(*words: str) -> Callable[[object], str | None]:
    """One of the words; `none` is None."""

    def taken(value: object) -> str | None:
        if (isinstance(value, Word) and value in words) or (value is None and "none" in words):
            return value
        raise ArgumentFact("one of " + ", ".join(f"`{word}`" for word in words), value)

    return taken


def is_positive(value: object) -> bool:
    """Whether a dimension is known to be at least 1, or is not known to be less."""
    if isinstance(value, Formula):
        from archdsl.shapes import Undecided

        try:
            return decide(">=", value, 1)
        except Undecided:
            return True
    return isinstance(value, int) and value > 0


def reference(value: object) -> NoReturn:
    """Stands for `@label`: the elaborator resolves it, so no written value arrives here."""
    raise ArgumentFact("a value, written `@label`", value)


def value_argument(name: str, required: bool = True) -> Argument:
    """An argument that takes `@label`."""
    from archdsl.ops.operator import REQUIRED, Hidden

    default, words = (REQUIRED, ()) if required else (None, ("none",))
    return Argument(name, reference, default, words, is_value=True, told=Hidden("an arrow shows it"))
