"""The functions of expressions. Must not know syntax: a call that cannot be is `Refused`, with the reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from archdsl import wording
from archdsl.ops.arguments import Size
from archdsl.program.values import Evaluated
from archdsl.shapes import Dim, Formula, Number, decide, floor_divide
from archdsl.shapes.traced import pinned

if TYPE_CHECKING:
    from typing import TypeGuard

MOST_ITEMS = 100_000
"""Elements of a list, those of the lists in it counted too."""


class Refused(Exception):
    """Why the function has no value here, as `archdsl.wording.functions` words it after its name."""


def is_number(value: object) -> TypeGuard[Number]:
    """Whether it is a number of the language or a formula; truth values are not."""
    return isinstance(value, (int, Fraction, float, Formula)) and not isinstance(value, bool)


def _are_numbers(values: tuple[Evaluated, ...]) -> TypeGuard[tuple[Number, ...]]:
    return all(map(is_number, values))


def _are_integers(values: tuple[Evaluated, ...]) -> TypeGuard[tuple[int, ...]]:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)


def _are_lists(values: tuple[Evaluated, ...]) -> TypeGuard[tuple[tuple[Evaluated, ...], ...]]:
    return all(isinstance(value, tuple) and not isinstance(value, Size) for value in values)


def _numbers(values: tuple[Evaluated, ...]) -> tuple[Number, ...]:
    if len(values) == 1 and isinstance(values[0], tuple):
        values = values[0]
    if not values:
        raise Refused(wording.functions.NEEDS_ANY_NUMBER)
    if not _are_numbers(values):
        raise Refused(wording.functions.NEEDS_NUMBERS)
    return values


def _one_number(value: Evaluated) -> Number:
    if not is_number(value):
        raise Refused(wording.functions.NEEDS_A_NUMBER)
    return value


def _known(number: Number) -> int | Fraction | float:
    """The number, if it depends on no free dimension."""
    if isinstance(number, Formula):
        raise Refused(wording.functions.NO_VALUE_YET)
    return number


def _least(*values: Evaluated) -> Number:
    result, *others = _numbers(values)
    for other in others:
        result = other if decide("<", other, result) else result
    return result


def _greatest(*values: Evaluated) -> Number:
    result, *others = _numbers(values)
    for other in others:
        result = other if decide(">", other, result) else result
    return result


def _absolute(value: Evaluated) -> Number:
    number = _one_number(value)
    return number if decide(">=", number, 0) else -number


def _round(value: Evaluated) -> int:
    return round(_known(_one_number(value)))


def _floor(value: Evaluated) -> Dim:
    number = _one_number(value)
    if isinstance(number, Formula):
        scale = math.lcm(*(factor.denominator for factor in number.terms.values()))
        return floor_divide(number * scale, scale)
    return math.floor(number)


def _ceil(value: Evaluated) -> Dim:
    return -_floor(-_one_number(value))


def _sqrt(value: Evaluated) -> float:
    number = _known(_one_number(value))
    if number < 0:
        raise Refused(wording.functions.no_value_for(number))
    return math.sqrt(number)


def _log(value: Evaluated, base: Evaluated = None) -> float:
    given = [_one_number(number) for number in ((value,) if base is None else (value, base))]
    numbers = [_known(number) for number in given]
    if any(number <= 0 for number in numbers):
        raise Refused(wording.functions.NEEDS_NUMBERS_ABOVE_0)
    if base == 1:
        raise Refused(wording.functions.NEEDS_ANOTHER_BASE)
    return math.log(*(float(number) for number in numbers))


def _sum(values: Evaluated) -> Number:
    if not isinstance(values, tuple):
        raise Refused(wording.functions.NEEDS_A_LIST_OF_NUMBERS)
    return sum(_numbers((values,))) if values else 0


def _len(values: Evaluated) -> int:
    if not isinstance(values, tuple):
        raise Refused(wording.functions.NEEDS_A_LIST)
    return len(values)


def _range(*values: Evaluated) -> tuple[int, ...]:
    if not 1 <= len(values) <= 3 or not _are_integers(values):
        raise Refused(wording.functions.NEEDS_INTEGERS)
    if len(values) == 3 and values[2] == 0:
        raise Refused(wording.functions.NEEDS_A_STEP)
    result = range(*map(pinned, values))
    if (result.stop - result.start) // result.step > MOST_ITEMS:
        raise Refused(wording.functions.too_many_items(MOST_ITEMS))
    return tuple(result)


def _zip(*lists: Evaluated) -> tuple[Evaluated, ...]:
    if not lists or not _are_lists(lists):
        raise Refused(wording.functions.NEEDS_LISTS)
    if len({len(items) for items in lists}) > 1:
        raise Refused(wording.functions.lengths_differ(map(len, lists)))
    return tuple(zip(*lists, strict=True))


def _enumerate(values: Evaluated) -> tuple[Evaluated, ...]:
    if not isinstance(values, tuple) or isinstance(values, Size):
        raise Refused(wording.functions.NEEDS_A_LIST)
    return tuple(enumerate(values))


def _reversed(values: Evaluated) -> tuple[Evaluated, ...]:
    if not isinstance(values, tuple) or isinstance(values, Size):
        raise Refused(wording.functions.NEEDS_A_LIST)
    return values[::-1]


def make_divisible(value: Evaluated, divisor: Evaluated) -> int:
    """The multiple of d nearest v, halves up, at least d; one d more if that is under 0.9 v (the rule of MobileNet)."""
    given = [_one_number(number) for number in (value, divisor)]
    number, _ = [_known(number) for number in given]
    if not isinstance(divisor, int) or divisor < 1:
        raise Refused(wording.functions.NEEDS_A_DIVISOR)
    exact = Fraction(number)
    result = max(divisor, math.floor((exact + Fraction(divisor, 2)) / divisor) * divisor)
    return result + divisor if result < Fraction(9, 10) * exact else result


FUNCTIONS: dict[str, Callable[..., Evaluated]] = {
    "min": _least,
    "max": _greatest,
    "abs": _absolute,
    "round": _round,
    "floor": _floor,
    "ceil": _ceil,
    "sqrt": _sqrt,
    "log": _log,
    "sum": _sum,
    "len": _len,
    "range": _range,
    "zip": _zip,
    "enumerate": _enumerate,
    "reversed": _reversed,
    "make_divisible": make_divisible,
}

USAGE = {
    "min": "min(a, b, …)",
    "max": "max(a, b, …)",
    "abs": "abs(x)",
    "round": "round(x)",
    "floor": "floor(x)",
    "ceil": "ceil(x)",
    "sqrt": "sqrt(x)",
    "log": "log(x) or log(x, base)",
    "sum": "sum(list)",
    "len": "len(list)",
    "range": "range(stop), range(start, stop) or range(start, stop, step)",
    "zip": "zip(list, list, …)",
    "enumerate": "enumerate(list)",
    "reversed": "reversed(list)",
    "make_divisible": "make_divisible(v, d)",
}
