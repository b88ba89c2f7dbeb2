"""Integers that remember how they came from the sizes of the inputs. Must not know networks.

A `Traced` is an `int` with its value at one setting of the symbols and its formula in them. A program that computes with it
runs exactly as it does with plain integers, and everything that it decides on the way (a comparison, divisibility) is
noted in the `Trace` as a condition on the symbols. So one run gives all sizes at which the program runs the same way: those
that meet every condition.

Where a formula cannot follow (a square root, a rounding to a float) the value is *pinned*: the condition is that the formula
has this very value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, cast

from archdsl.records import NamedTuple
from archdsl.shapes.dimension import Formula, Number, Relation, floor_divide
from archdsl.shapes.shape import Indices

if TYPE_CHECKING:
    from typing import SupportsIndex

T = TypeVar("T")
Whole = TypeVar("Whole", int, Fraction)
_Derive = Callable[[Any, Any], Any]
"""An operation, on values as well as on their formulas."""

_OPPOSITE: dict[Relation, Relation] = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Condition(NamedTuple):
    """`formula relation 0`"""

    formula: Formula
    relation: Relation


class Trace:
    """The conditions of one run, each once, in the order in which they occurred."""

    __slots__ = ("conditions",)

    def __init__(self) -> None:
        self.conditions: dict[Condition, None] = {}

    def note(self, difference: object, relation: Relation, holds: bool) -> None:
        """`difference relation 0` was asked, and holds or does not; a difference that is not a formula adds nothing."""
        if isinstance(difference, Formula):
            self.conditions[Condition(difference, relation if holds else _OPPOSITE[relation])] = None


class Traced(int):
    """An integer with its formula. Its arithmetic gives traced numbers, its comparisons are noted."""

    formula: Formula
    trace: Trace

    def __new__(cls, value: int, formula: Formula, trace: Trace) -> Traced:
        """The integer `value`, which `formula` gives at the sizes of this run."""
        self = super().__new__(cls, value)
        self.formula = formula
        self.trace = trace
        return self

    def pin(self) -> int:
        """The plain value; from here on the run is one of this value only."""
        value = plain(self)
        self.trace.note(self.formula - value, "==", True)
        return value

    def __add__(self, other: object) -> int:
        return _made(self, other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other: object) -> int:
        return _made(self, other, lambda a, b: a - b)

    def __rsub__(self, other: object) -> int:
        return _made(self, other, lambda a, b: b - a)

    def __mul__(self, other: object) -> int:
        return _made(self, other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __neg__(self) -> int:
        return traced(-plain(self), -self.formula, self.trace)

    def __pos__(self) -> int:
        return self

    def __abs__(self) -> int:
        return self if self >= 0 else -self

    def __floordiv__(self, other: object) -> int:
        return _made(self, other, lambda a, b: a // b)

    def __rfloordiv__(self, other: object) -> int:
        return _made(self, other, lambda a, b: b // a)

    def __mod__(self, other: object) -> int:
        return _made(self, other, lambda a, b: a % b)

    def __rmod__(self, other: int) -> int:
        return other % self.pin()

    def __divmod__(self, other: int) -> tuple[int, int]:
        return self // other, self % other

    def __rdivmod__(self, other: int) -> tuple[int, int]:
        return divmod(other, self.pin())

    # The stubs of `int` and `Fraction` have a result for each kind of operand; one signature for all of them gives Any.

    def __pow__(self, other: int, modulus: int | None = None) -> Any:  # noqa: ANN401
        if modulus is None and type(other) is int and other >= 0:
            return traced(plain(self) ** other, self.formula**other, self.trace)
        return pow(self.pin(), pinned(other), modulus)

    def __rpow__(self, other: int, modulus: int | None = None) -> Any:  # noqa: ANN401
        return pow(other, self.pin(), modulus)

    def __truediv__(self, other: float) -> float:
        return self.pin() / pinned(other)

    def __rtruediv__(self, other: float) -> float:
        return other / self.pin()

    def __eq__(self, other: object) -> bool:
        return _compared(self, other, "==")

    def __ne__(self, other: object) -> bool:
        return _compared(self, other, "!=")

    def __lt__(self, other: object) -> bool:
        return _compared(self, other, "<")

    def __le__(self, other: object) -> bool:
        return _compared(self, other, "<=")

    def __gt__(self, other: object) -> bool:
        return _compared(self, other, ">")

    def __ge__(self, other: object) -> bool:
        return _compared(self, other, ">=")

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __bool__(self) -> bool:
        return self != 0

    def __float__(self) -> float:
        return float(self.pin())

    def __int__(self) -> int:
        return self.pin()

    def __round__(self, digits: SupportsIndex | None = None) -> int:
        return self if digits is None else round(self.pin(), digits)

    def __floor__(self) -> int:
        return self

    __ceil__ = __trunc__ = __floor__

    @property
    def numerator(self) -> int:
        """What `Fraction(n, d)` reads of its parts."""
        return self.pin()

    def __reduce__(self) -> tuple[type[int], tuple[int]]:
        return int, (self.pin(),)


class TracedFraction(Fraction):
    """A fraction with its formula, such as `in.h / 2`."""

    formula: Formula
    trace: Trace
    _numerator: int
    _denominator: int

    def __new__(cls, value: Fraction, formula: Formula, trace: Trace) -> TracedFraction:
        """The fraction `value`, which `formula` gives at the sizes of this run."""
        self = super().__new__(cls, value.numerator, value.denominator)
        self.formula = formula
        self.trace = trace
        return self

    def pin(self) -> Fraction:
        """The plain value; from here on the run is one of this value only."""
        value: Fraction = plain(self)
        self.trace.note(self.formula - value, "==", True)
        return value

    def simplified(self) -> int | Fraction:
        """The integer that it is, else itself; which of the two is noted."""
        scale = math.lcm(*(factor.denominator for factor in self.formula.terms.values()))
        numerator = self.formula * scale
        rest = numerator % scale if isinstance(numerator, Formula) else 0
        value = plain(self)
        self.trace.note(rest, "==", value.denominator == 1)
        return traced(value.numerator, floor_divide(numerator, scale), self.trace) if value.denominator == 1 else self

    def __floor__(self) -> int:
        scale = math.lcm(*(factor.denominator for factor in self.formula.terms.values()))
        return traced(math.floor(plain(self)), floor_divide(self.formula * scale, scale), self.trace)

    def __ceil__(self) -> int:
        return -math.floor(-self)

    def __neg__(self) -> Fraction:
        return traced(-plain(self), -self.formula, self.trace)

    # Any as in `Traced.__pow__`.

    def __add__(self, other: object) -> Any:  # noqa: ANN401
        return _made(self, other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:  # noqa: ANN401
        return _made(self, other, lambda a, b: a - b)

    def __rsub__(self, other: object) -> Any:  # noqa: ANN401
        return _made(self, other, lambda a, b: b - a)

    def __mul__(self, other: object) -> Any:  # noqa: ANN401
        return _made(self, other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        return _compared(self, other, "==")

    def __lt__(self, other: object) -> bool:
        return _compared(self, other, "<")

    def __le__(self, other: object) -> bool:
        return _compared(self, other, "<=")

    def __gt__(self, other: object) -> bool:
        return _compared(self, other, ">")

    def __ge__(self, other: object) -> bool:
        return _compared(self, other, ">=")

    __hash__ = Fraction.__hash__

    def __float__(self) -> float:
        return float(self.pin())

    def __round__(self, digits: int | None = None) -> Any:  # noqa: ANN401
        return round(self.pin(), digits) if digits is not None else round(self.pin())

    @property
    def numerator(self) -> int:
        """The numerator of the plain fraction; this fixes its value."""
        return self.pin().numerator

    @property
    def denominator(self) -> int:
        """The denominator of the plain fraction; this fixes its value."""
        return self.pin().denominator


_TRACED = (Traced, TracedFraction)


def traced(value: Whole, formula: object, trace: Trace) -> Whole:
    """The value with its formula; a plain one if it depends on nothing."""
    if not isinstance(formula, Formula):
        return value
    if isinstance(value, Fraction):
        return TracedFraction(value, formula, trace)
    return Traced(value, formula, trace)


def is_traced(value: object) -> TypeGuard[Traced | TracedFraction]:
    """Whether it remembers its formula. `isinstance` asks the abstract class of fractions, which is ten times slower."""
    return type(value) in _TRACED


def plain(value: T) -> T:
    """The value alone, for questions that decide nothing; nothing is noted."""
    kind = type(value)
    if kind is int:
        return value
    if kind is Traced:
        return cast("T", int.__add__(cast("Traced", value), 0))
    if kind is TracedFraction:
        fraction = cast("TracedFraction", value)
        # Its own `numerator` pins it.
        return cast("T", Fraction(fraction._numerator, fraction._denominator))
    return value


def plain_shape(shape: tuple[T, ...]) -> tuple[T, ...]:
    """A shape of plain values."""
    for axis in shape:
        if type(axis) is not int:
            sizes: Any = [plain(axis) for axis in shape]
            return cast("tuple[T, ...]", Indices(sizes, shape.below)) if isinstance(shape, Indices) else tuple(sizes)
    return shape


def identity_of(value: object) -> object:
    """What distinguishes a value or a shape from others at all sizes: its formula if it has one. Comparing decides nothing."""
    if isinstance(value, tuple):
        for item in value:
            if type(item) is not int:
                names = tuple(map(identity_of, value))
                return ("indices", value.below, *names) if isinstance(value, Indices) else names
        return value
    return ("traced", value.formula) if is_traced(value) else value


def pinned(value: T) -> T:
    """The plain value of what may be traced, for code that no formula follows: indices, ranges, repetitions."""
    return cast("T", value.pin()) if is_traced(value) else value


def quotient_of(left: Number, right: Number) -> Number:
    """`left / right` of which one is traced, exactly."""
    if not is_traced(left) or not isinstance(right, (int, Fraction)) or isinstance(right, Traced) or not right:
        above: Any = pinned(left)
        quotient: Number = Fraction(above) / pinned(right)
        return quotient
    return traced(Fraction(plain(left)) / right, left.formula / right, left.trace)


def _formula_of(value: object) -> object:
    return value.formula if is_traced(value) else value


def _made(self: Whole, other: object, derive: _Derive) -> Whole:
    """The result of an operation, with its formula; if no formula follows, both sides are pinned."""
    own: Any = self
    result: Whole
    if isinstance(other, float):
        result = derive(own.pin(), other)
    elif not isinstance(other, (int, Fraction)):
        result = NotImplemented
    else:
        try:
            formula = derive(own.formula, _formula_of(other))
        except TypeError:
            result = derive(own.pin(), pinned(other))
        else:
            result = traced(derive(plain(self), plain(other)), formula, own.trace)
    return result


def _compared(self: Traced | TracedFraction, other: object, relation: Relation) -> bool:
    """A comparison, noted."""
    if isinstance(other, float):
        return _RELATE[relation](self.pin(), other)
    holds: bool = NotImplemented
    if not isinstance(other, (int, Fraction)):
        return holds
    holds = _RELATE[relation](plain(self), plain(other))
    self.trace.note(self.formula - _formula_of(other), relation, holds)
    return holds


_RELATE: dict[Relation, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
