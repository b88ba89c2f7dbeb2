"""Small expressions of the generated file: `4 * c`, `stride != 1 or in_channels != c`. Must not know where they come from.

A term is evaluated as Python evaluates it, so a term that gives the right value on every instance is right when printed.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Union

from archdsl.backends.torch.expressions.identifiers import quoted
from archdsl.backends.torch.support.make_divisible import make_divisible
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple
from archdsl.shapes import Formula


class Literal(NamedTuple):
    """A value."""

    value: Setting


class Name(NamedTuple):
    """A name of the class: a parameter or a local."""

    name: str


class Operation(NamedTuple):
    """Two terms with an operator between them."""

    sign: str
    left: Term
    right: Term


class Item(NamedTuple):
    """`depths[0]`"""

    value: Term
    position: int


class FunctionCall(NamedTuple):
    """`min(a, b)`"""

    name: str
    arguments: tuple[Term, ...]


class Several(NamedTuple):
    """`(k, 1)`"""

    items: tuple[Term, ...]


class Chosen(NamedTuple):
    """`a if c else b`"""

    condition: Term
    value: Term
    otherwise: Term


Term = Union[Literal, Name, Operation, Item, FunctionCall, Several, Chosen]


class Unevaluable(Exception):
    """The term has no value for these arguments."""


_ATOM = 9
_COMPARISONS = frozenset({"!=", "==", "<", "<=", ">", ">="})
_LEVELS = {"or": 1, "and": 2, **dict.fromkeys(_COMPARISONS, 3), "+": 4, "-": 4, "*": 5, "/": 5, "//": 5, "%": 5, "**": 7}
_ASSOCIATIVE = frozenset({"+", "*", "or", "and"})


def _true_quotient(left: object, right: object) -> object:
    if isinstance(left, Formula) or isinstance(right, Formula):
        raise TypeError
    return operator.truediv(left, right)


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "or": lambda left, right: left or right,
    "and": lambda left, right: left and right,
    "!=": operator.ne,
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _true_quotient,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}
CALLS: dict[str, tuple[str, Callable[..., Any]]] = {
    "min": ("min", min),
    "max": ("max", max),
    "abs": ("abs", abs),
    "len": ("len", len),
    "sum": ("sum", sum),
    "round": ("round", round),
    "floor": ("math.floor", math.floor),
    "ceil": ("math.ceil", math.ceil),
    "sqrt": ("math.sqrt", math.sqrt),
    "log": ("math.log", math.log),
    "make_divisible": ("make_divisible", make_divisible),
}
"""The language's functions that Python has too (or the file brings along): what each is called there, and what it gives."""
_LARGEST_POWER = 64


def evaluate(term: Term, values: Mapping[str, Setting]) -> Setting:
    """The term's value as Python computes it.

    Raises:
        Unevaluable: a name without a value, a division by zero, a power too large.
    """
    try:
        return _value(term, values)
    except (ArithmeticError, TypeError, LookupError, ValueError) as error:
        raise Unevaluable from error


def _value(term: Term, values: Mapping[str, Setting]) -> Setting:
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, Name):
        return values[term.name]
    if isinstance(term, Item):
        items = _value(term.value, values)
        if not isinstance(items, tuple):
            raise TypeError
        return items[term.position]
    if isinstance(term, Several):
        return tuple(_value(item, values) for item in term.items)
    if isinstance(term, FunctionCall):
        given: Setting = CALLS[term.name][1](*(_value(argument, values) for argument in term.arguments))
        return given
    if isinstance(term, Chosen):
        return _value(term.value if _value(term.condition, values) else term.otherwise, values)
    left, right = _value(term.left, values), _value(term.right, values)
    if term.sign == "**" and not (isinstance(right, int) and abs(right) <= _LARGEST_POWER):
        raise ValueError
    result: Setting = _SIGNS[term.sign](left, right)
    return result


def same(left: object, right: object) -> bool:
    """Equal and of one kind: 1, 1.0 and True are three values."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return (type(left) is type(right) or (isinstance(left, str) and isinstance(right, str))) and bool(left == right)


def names_in(term: Term) -> Iterable[str]:
    """The names in a term, symbols of formulas included; repeated as they occur."""
    if isinstance(term, Name):
        yield term.name
    elif isinstance(term, Literal):
        if isinstance(term.value, Formula):
            yield from sorted(term.value.symbols)
    else:
        for part in parts_of(term):
            yield from names_in(part)


def calls_in(term: Term) -> Iterable[str]:
    """The functions of the language that the term calls."""
    if isinstance(term, FunctionCall):
        yield term.name
    for part in parts_of(term):
        yield from calls_in(part)


def parts_of(term: Term) -> tuple[Term, ...]:
    """The terms directly in a term."""
    match term:
        case Operation():
            return (term.left, term.right)
        case Item():
            return (term.value,)
        case FunctionCall():
            return term.arguments
        case Several():
            return term.items
        case Chosen():
            return (term.condition, term.value, term.otherwise)
    return ()


def substitute(term: Term, terms: Mapping[str, Term]) -> Term:
    """The term with names replaced; a name without a replacement stays."""
    if isinstance(term, Name):
        return terms.get(term.name, term)
    if isinstance(term, Operation):
        return binary(term.sign, substitute(term.left, terms), substitute(term.right, terms))
    if isinstance(term, Item):
        return item(substitute(term.value, terms), term.position)
    if isinstance(term, FunctionCall):
        return call(term.name, tuple(substitute(argument, terms) for argument in term.arguments))
    if isinstance(term, Several):
        return several([substitute(item, terms) for item in term.items])
    if isinstance(term, Chosen):
        return chosen(*(substitute(part, terms) for part in parts_of(term)))
    return term


def item(value: Term, position: int) -> Term:
    """`value[position]`; of a list that is written out the element."""
    if isinstance(value, Several) and -len(value.items) <= position < len(value.items):
        return value.items[position]
    return _settled(Item(value, position), [value])


def call(name: str, arguments: tuple[Term, ...]) -> Term:
    """`name(arguments)`; of literals the literal."""
    return _settled(FunctionCall(name, arguments), arguments)


def several(items: Sequence[Term]) -> Term:
    """`(a, b)`; of literals the literal."""
    return _settled(Several(tuple(items)), items)


def binary(sign: str, left: Term, right: Term) -> Term:
    """`left sign right`; for two literals, their result."""
    return _settled(Operation(sign, left, right), (left, right))


def chosen(condition: Term, value: Term, otherwise: Term) -> Term:
    """`value if condition else otherwise`; under a literal condition the one that is chosen."""
    if isinstance(condition, Literal):
        return value if condition.value else otherwise
    return Chosen(condition, value, otherwise)


def _settled(term: Term, parts: Sequence[Term]) -> Term:
    """The term's value if its parts are literals, else the term."""
    if not all(isinstance(part, Literal) for part in parts):
        return term
    try:
        return Literal(evaluate(term, {}))
    except Unevaluable:
        return term


def text(term: Term) -> str:
    """The term as Python writes it."""
    return _text(term)[0]


def _text(term: Term) -> tuple[str, int]:
    if isinstance(term, Literal):
        return literal(term.value), _ATOM if not isinstance(term.value, Formula) else 0
    if isinstance(term, Name):
        return term.name, _ATOM
    if isinstance(term, Item):
        return f"{_wrapped(term.value, _ATOM)}[{term.position}]", _ATOM
    if isinstance(term, FunctionCall):
        return f"{CALLS[term.name][0]}({', '.join(text(argument) for argument in term.arguments)})", _ATOM
    if isinstance(term, Chosen):
        return f"{_wrapped(term.value, 1)} if {_wrapped(term.condition, 1)} else {text(term.otherwise)}", 0
    if isinstance(term, Several):
        inside = ", ".join(text(item) for item in term.items)
        return f"({inside},)" if len(term.items) == 1 else f"({inside})", _ATOM
    level = _LEVELS[term.sign]
    # A chain of comparisons would mean something else, and a power binds to the right.
    left = _wrapped(term.left, level + (term.sign == "**" or term.sign in _COMPARISONS))
    # `a * (b * c)` needs no parentheses; `a * (b // c)` does.
    is_same = isinstance(term.right, Operation) and term.right.sign == term.sign and term.sign in _ASSOCIATIVE
    right = _wrapped(term.right, level if is_same else level + (term.sign != "**"))
    space = "" if term.sign == "**" and left.isidentifier() | left.isdigit() and right.isalnum() else " "
    return f"{left}{space}{term.sign}{space}{right}", level


def _wrapped(term: Term, least: int) -> str:
    written, level = _text(term)
    negative = isinstance(term, Literal) and written.startswith("-")
    return f"({written})" if level < least or negative else written


def literal(value: object) -> str:
    """A Python literal for a number, a boolean, a string, None or a tuple of these.

    Raises:
        TypeError: something else.
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        return repr(value).replace("e-0", "e-").replace("e+", "e")
    if value is None or isinstance(value, (bool, int)):
        return repr(value) if not isinstance(value, int) or isinstance(value, bool) else repr(int(value))
    if isinstance(value, tuple):
        inside = ", ".join(literal(item) for item in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, Fraction):
        return literal(int(value) if value.denominator == 1 else float(value))
    if isinstance(value, Formula):
        return text(of_formula(value))
    raise TypeError(f"{value!r} cannot be written as a literal")


def of_formula(formula: Formula) -> Term:
    """A formula of free dimensions as a term over their names; its denominator divides the whole."""
    denominator = 1
    for factor in formula.terms.values():
        denominator = denominator * factor.denominator // _gcd(denominator, factor.denominator)
    total: Term | None = None
    # One that is added leads, if there is one: `1 - n`.
    for monomial, factor in sorted(formula.terms.items(), key=lambda term: term[1] < 0):
        term: Term | None = None
        for atom, power in monomial:
            base = Name(atom) if isinstance(atom, str) else _floor(atom.numerator, atom.divisor)
            part = base if power == 1 else Operation("**", base, Literal(power))
            term = part if term is None else Operation("*", term, part)
        amount = int(factor * denominator)
        size = Literal(abs(amount))
        whole = size if term is None else term if abs(amount) == 1 else Operation("*", size, term)
        if total is None:
            total = whole if amount > 0 else Operation("*", Literal(-1), whole)
        else:
            total = Operation("+" if amount > 0 else "-", total, whole)
    assert total is not None
    return total if denominator == 1 else Operation("//", total, Literal(denominator))


def _floor(numerator: Formula, divisor: int) -> Term:
    return Operation("//", of_formula(numerator), Literal(divisor))


def _gcd(left: int, right: int) -> int:
    from math import gcd

    return gcd(left, right)
