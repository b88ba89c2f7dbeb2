"""Values as text: what a message calls them. Must not find mistakes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from archdsl.ops.arguments import Size, Word
from archdsl.ops.operator import Operator
from archdsl.program.callables import ArchClosure, BodyArgument, Closure, SharedClosure
from archdsl.program.values import ListValue, Value
from archdsl.shapes import Formula, Indices, Undecided, shape_text

_LONGEST = 60


def kind_of(value: object) -> str:
    """`a number`, `a list`, `the operator conv` …"""
    if value is None:
        return "`none`"
    if isinstance(value, bool):
        return f"`{'true' if value else 'false'}`"
    if isinstance(value, (Closure, ArchClosure)):
        return f"the definition `{value.name}`"
    if isinstance(value, Operator):
        return f"the operator `{value.name}`"
    for types, words in _KINDS:
        if isinstance(value, types):
            return words
    return "something else"


_KINDS: tuple[tuple[type, str], ...] = (
    (Size, "a size"),
    (tuple, "a list"),
    (Word, "a word"),
    (str, "a string"),
    (Formula, "a formula of the input's size"),
    (Fraction, "a fraction"),
    (float, "a decimal number"),
    (int, "a number"),
    (Value, "a value of the network"),
    (ListValue, "a list of values of the network"),
    (SharedClosure, "a shared module"),
    (BodyArgument, "a body"),
)


def this_is(value: object) -> str:
    """The text of the label under a computed value."""
    return f"this is {show(value)}"


def asked(question: Undecided) -> str:
    """What free dimensions do not decide: `whether 8 divides C`."""
    left, right = str(question.left), str(question.right)
    found = re.fullmatch(r"(.+) - (\d+\*)?\(\(?(.+?)\)? // (\d+)\)", left)
    if found and found.group(1) == found.group(3) and right == "0":
        value, divisor = found.group(1), found.group(4)
        return f"whether {value} is whole" if divisor == "1" else f"whether {divisor} divides {value}"
    return f"how {left} compares with {right}"


def quoted(value: object) -> str:
    """A value in a sentence: names and words in backticks, numbers and lists as they are written."""
    if isinstance(value, (Operator, Closure, ArchClosure)):
        return kind_of(value)
    if value is None or isinstance(value, (bool, Word)):
        return f"`{_written(value)}`"
    return show(value)


def counted(number: int, noun: str) -> str:
    """`no arguments`, `1 argument`, `2 arguments`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def either(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def whole(value: object) -> str:
    """As the language writes it, however long."""
    if isinstance(value, tuple) and not isinstance(value, Size):
        return "[" + ", ".join(map(whole, value)) + "]"
    return _written(value)


def show(value: object) -> str:
    """As the language writes it, shortened."""
    text = _written(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _written(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Indices):
        return shape_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Closure, ArchClosure, Operator, SharedClosure)):
        return value.name
    if isinstance(value, Value):
        return shape_text(value.shape)
    if isinstance(value, Size):
        return str(value)
    if isinstance(value, (tuple, ListValue)):
        items = value.items if isinstance(value, ListValue) else value
        return "[" + ", ".join(_written(item) for item in items[:20]) + (", …]" if len(items) > 20 else "]")
    if isinstance(value, str) and not isinstance(value, Word):
        return f'"{value}"'
    if isinstance(value, int) and value.bit_length() > 200:
        return "a very large number"
    if isinstance(value, Fraction):
        return _decimal(value)
    return str(value)


def _decimal(value: Fraction) -> str:
    """`0.75` if the decimals end soon, else the fraction."""
    for digits in range(1, 9):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            sign, number = "-" if scaled < 0 else "", f"{abs(int(scaled)):0{digits + 1}d}"
            return f"{sign}{number[:-digits]}.{number[-digits:]}"
    return str(value)
