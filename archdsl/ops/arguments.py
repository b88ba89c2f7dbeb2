"""What arguments take: each function turns a written value into an attribute or raises `ArgumentFact`.

Written values are what expressions give: int, Fraction, float, bool, str, None, `Formula`, tuple (a list), `Size` (`3x3`),
`Word` (`same`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, NoReturn, TypeVar, Union

from archdsl.ops.facts import ArgumentFact, AxesFact
from archdsl.ops.operator import Argument, Numbers, Setting, Sides
from archdsl.shapes import MOST_AXES, Dim, Formula, decide
from archdsl.shapes.traced import plain

if TYPE_CHECKING:
    from typing import TypeGuard

T = TypeVar("T", bound=Setting)


class Size(tuple[int, ...]):
    """A size as written: `3x3` is Size((3, 3)), height first, `1x3x3` is Size((1, 3, 3)), frames first."""

    __slots__ = ()

    def __str__(self) -> str:
        return "x".join(map(str, self))


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


SpatialTaker = Callable[[object, Union[int, None]], Numbers]
"""(written value, number of spatial axes or None if it is not known) -> a number for each axis."""


def each_axis(one: Callable[[object], Dim], wanted: Mapping[int, str]) -> SpatialTaker:
    """Takes a number for all spatial axes or a list (a size) with one for each.

    `one` takes a single number; `wanted` is what is taken for so many axes, in words.
    """

    def taken(value: object, axes: int | None) -> Numbers:
        words = wanted[axes or 2]
        if not isinstance(value, tuple):
            return _taken(one, (value,) * (axes or 1), value, words)
        if axes is not None and len(value) != axes and isinstance(value, Size) and len(value) < MOST_AXES:
            raise AxesFact(value)
        if not value or (len(value) != axes if axes is not None else len(value) >= MOST_AXES):
            raise ArgumentFact(words, value)
        return _taken(one, value, value, words)

    return taken


def _taken(one: Callable[[object], Dim], numbers: tuple[object, ...], value: object, wanted: str) -> Numbers:
    try:
        return tuple([one(number) for number in numbers])
    except ArgumentFact:
        raise ArgumentFact(wanted, value) from None


_LISTS = {1: "", 2: " or `[h, w]`", 3: " or `[t, h, w]`"}
LISTS_OF_SIDES = {
    1: ("`[before, after]`",),
    2: ("`[h, w]`", "`[top, bottom, left, right]`"),
    3: ("`[t, h, w]`", "`[first, last, top, bottom, left, right]`"),
}
"""What lists `sides` takes for so many spatial axes."""

size = each_axis(
    count, {1: "a positive integer over tokens", 2: "a size such as `3` or `3x3`", 3: "a size such as `3` or `3x3x3`"}
)
"""`3`, `3x3`, `[3, 3]`: positive."""

stride = each_axis(count, {axes: f"a positive integer{lists}" for axes, lists in _LISTS.items()})
"""A number or `[h, w]`, positive."""

offsets = each_axis(natural, {axes: f"an integer of at least 0{lists}" for axes, lists in _LISTS.items()})
"""A number or `[h, w]`, from 0."""


def sides(value: object, axes: int | None) -> Sides:
    """Numbers from 0 for all sides, for each axis, or for each side, as `(before, after)` of one axis after the other.

    Of tokens, whose one axis has two sides, a list of two numbers is `[before, after]`.
    """
    wanted = ", ".join(("an integer of at least 0", *LISTS_OF_SIDES[axes or 2]))
    if isinstance(value, Size) or not isinstance(value, tuple):
        return _taken(natural, (value,), value, wanted) * (2 * (axes or 1))
    numbers = _taken(natural, value, value, wanted)
    if axes is None or len(numbers) == 2 * axes:
        if len(numbers) in (1, 2, 3, 4, 6):
            return numbers
    elif len(numbers) == axes:
        return tuple(number for number in numbers for _ in range(2))
    raise ArgumentFact(wanted, value)


def on_map(take: Callable[[object, int | None], T]) -> Callable[[object], T]:
    """What `take` takes for a map, whatever the input is."""
    return lambda value: take(value, 2)


def or_none(take: Callable[..., T]) -> Callable[..., T | None]:
    """What `take` takes, or `none`."""

    def taken(value: object, *axes: int | None) -> T | None:
        return None if value is None else take(value, *axes)

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
