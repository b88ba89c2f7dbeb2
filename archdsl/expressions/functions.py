"""The functions of expressions. Must not know syntax: a call that cannot be is `Refused`, with the reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from archdsl import wording
from archdsl.ops.arguments import Size
from archdsl.shapes import Formula, decide, floor_divide
from archdsl.shapes.traced import pinned

MOST_ITEMS = 100_000
"""Elements of a list, those of the lists in it counted too."""


class Refused(Exception):
    """Why the function has no value here, as `archdsl.wording.functions` words it after its name."""


def _numbers(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(values) == 1 and isinstance(values[0], tuple):
        values = values[0]
    if not values:
        raise Refused(wording.functions.NEEDS_ANY_NUMBER)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, Fraction, float, Formula)):
            raise Refused(wording.functions.NEEDS_NUMBERS)
    return values


def _one_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, float, Formula)):
        raise Refused(wording.functions.NEEDS_A_NUMBER)
    return value


def _least(*values: Any) -> Any:
    result, *others = _numbers(values)
    for other in others:
        result = other if decide("<", other, result) else result
    return result


def _greatest(*values: Any) -> Any:
    result, *others = _numbers(values)
    for other in others:
        result = other if decide(">", other, result) else result
    return result


def _absolute(value: Any) -> Any:
    _one_number(value)
    return value if decide(">=", value, 0) else -value


def _round(value: Any) -> Any:
    _one_number(value)
    if isinstance(value, Formula):
        raise Refused(wording.functions.NO_VALUE_YET)
    return round(value)


def _floor(value: Any) -> Any:
    _one_number(value)
    if isinstance(value, Formula):
        scale = math.lcm(*(factor.denominator for factor in value.terms.values()))
        return floor_divide(value * scale, scale)
    return math.floor(value)


def _ceil(value: Any) -> Any:
    _one_number(value)
    return -_floor(-value)


def _sqrt(value: Any) -> float:
    _one_number(value)
    if isinstance(value, Formula):
        raise Refused(wording.functions.NO_VALUE_YET)
    if value < 0:
        raise Refused(wording.functions.no_value_for(value))
    return math.sqrt(value)


def _log(value: Any, base: Any = None) -> float:
    numbers = [_one_number(number) for number in ((value,) if base is None else (value, base))]
    if any(isinstance(number, Formula) for number in numbers):
        raise Refused(wording.functions.NO_VALUE_YET)
    if any(number <= 0 for number in numbers):
        raise Refused(wording.functions.NEEDS_NUMBERS_ABOVE_0)
    if base is not None and base == 1:
        raise Refused(wording.functions.NEEDS_ANOTHER_BASE)
    return math.log(*(float(number) for number in numbers))


def _sum(values: Any) -> Any:
    if not isinstance(values, tuple):
        raise Refused(wording.functions.NEEDS_A_LIST_OF_NUMBERS)
    return sum(_numbers((values,))) if values else 0


def _len(values: Any) -> int:
    if not isinstance(values, tuple):
        raise Refused(wording.functions.NEEDS_A_LIST)
    return len(values)


def _range(*values: Any) -> tuple[int, ...]:
    if not 1 <= len(values) <= 3 or not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        raise Refused(wording.functions.NEEDS_INTEGERS)
    if len(values) == 3 and values[2] == 0:
        raise Refused(wording.functions.NEEDS_A_STEP)
    result = range(*map(pinned, values))
    if (result.stop - result.start) // result.step > MOST_ITEMS:
        raise Refused(wording.functions.too_many_items(MOST_ITEMS))
    return tuple(result)


def _zip(*lists: Any) -> tuple[Any, ...]:
    if not lists or not all(isinstance(items, tuple) and not isinstance(items, Size) for items in lists):
        raise Refused(wording.functions.NEEDS_LISTS)
    if len({len(items) for items in lists}) > 1:
        raise Refused(wording.functions.lengths_differ(map(len, lists)))
    return tuple(zip(*lists, strict=True))


def _enumerate(values: Any) -> tuple[Any, ...]:
    if not isinstance(values, tuple) or isinstance(values, Size):
        raise Refused(wording.functions.NEEDS_A_LIST)
    return tuple(enumerate(values))


def make_divisible(value: Any, divisor: Any) -> int:
    """The multiple of d nearest v, halves up, at least d; one d more if that is under 0.9 v (the rule of MobileNet)."""
    numbers = (_one_number(value), _one_number(divisor))
    if any(isinstance(number, Formula) for number in numbers):
        raise Refused(wording.functions.NO_VALUE_YET)
    if not isinstance(divisor, int) or divisor < 1:
        raise Refused(wording.functions.NEEDS_A_DIVISOR)
    exact = Fraction(value)
    result = max(divisor, math.floor((exact + Fraction(divisor, 2)) / divisor) * divisor)
    return result + divisor if result < Fraction(9, 10) * exact else result


FUNCTIONS: dict[str, Callable[..., Any]] = {
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
    "make_divisible": "make_divisible(v, d)",
}
