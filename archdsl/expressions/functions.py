"""The functions of expressions. Must not know syntax: a call that cannot be is `Refused`, with the reason in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from archdsl.ops.arguments import Size
from archdsl.shapes import Formula, decide, floor_divide

MOST_ITEMS = 100_000
"""Elements of a list, those of the lists in it counted too."""


class Refused(Exception):
    """Why the function has no value here, to be read behind its name."""


def _numbers(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(values) == 1 and isinstance(values[0], tuple):
        values = values[0]
    if not values:
        raise Refused("wants at least one number")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, Fraction, float, Formula)):
            raise Refused("wants numbers or one list of numbers")
    return values


def _one_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, float, Formula)):
        raise Refused("wants a number")
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
        raise Refused("has no value while a dimension is free")
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
        raise Refused("has no value while a dimension is free")
    if value < 0:
        raise Refused(f"has no value for {value}")
    return math.sqrt(value)


def _log(value: Any, base: Any = None) -> float:
    numbers = [_one_number(number) for number in ((value,) if base is None else (value, base))]
    if any(isinstance(number, Formula) for number in numbers):
        raise Refused("has no value while a dimension is free")
    if any(number <= 0 for number in numbers):
        raise Refused("wants numbers above 0")
    if base is not None and base == 1:
        raise Refused("wants a base other than 1")
    return math.log(*(float(number) for number in numbers))


def _sum(values: Any) -> Any:
    if not isinstance(values, tuple):
        raise Refused("wants a list of numbers")
    return sum(_numbers((values,))) if values else 0


def _len(values: Any) -> int:
    if not isinstance(values, tuple):
        raise Refused("wants a list")
    return len(values)


def _range(*values: Any) -> tuple[int, ...]:
    if not 1 <= len(values) <= 3 or not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        raise Refused("wants one, two or three integers")
    if len(values) == 3 and values[2] == 0:
        raise Refused("wants a step that is not 0")
    result = range(*values)
    if (result.stop - result.start) // result.step > MOST_ITEMS:
        raise Refused(f"would give more than the {MOST_ITEMS:,} elements that a list may have")
    return tuple(result)


def _zip(*lists: Any) -> tuple[Any, ...]:
    if not lists or not all(isinstance(items, tuple) and not isinstance(items, Size) for items in lists):
        raise Refused("wants lists")
    if len({len(items) for items in lists}) > 1:
        raise Refused("wants lists of one length, and these have " + " and ".join(str(len(items)) for items in lists))
    return tuple(zip(*lists, strict=True))


def _enumerate(values: Any) -> tuple[Any, ...]:
    if not isinstance(values, tuple) or isinstance(values, Size):
        raise Refused("wants a list")
    return tuple(enumerate(values))


def make_divisible(value: Any, divisor: Any) -> int:
    """The multiple of d nearest v, halves up, at least d; one d more if that is under 0.9 v (the rule of MobileNet)."""
    numbers = (_one_number(value), _one_number(divisor))
    if any(isinstance(number, Formula) for number in numbers):
        raise Refused("has no value while a dimension is free")
    if not isinstance(divisor, int) or divisor < 1:
        raise Refused("wants a positive integer as its second argument")
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
