"""Arithmetic of parameters that may give a column of numbers: products, quotients, sums, differences. Must not judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

from archdsl.backends.torch.templates import Column, Missing
from archdsl.backends.torch.terms import Binary, Item, Literal, Name, Term, evaluate
from archdsl.shapes import Formula

Environments = Sequence[Mapping[str, Any]]


def expressions(column: Column, order: Sequence[str], environments: Environments) -> Iterator[Term]:
    """Products, quotients, sums and differences of one or two numbers; each fits one instance at least, or is worth a try."""
    at = next(at for at, value in enumerate(column.values) if not isinstance(value, Missing))
    value, here = column.values[at], environments[at]
    if not is_number(value):
        return
    numbers = [*_numbers(order, environments), *items(order, environments)]
    if column.name == "padding":
        halves: list[Term] = [Binary("//", number, Literal(2)) for number in numbers]
        yield from halves
        yield from (Binary("*", number, half) for number in numbers for half in halves)
    for number in numbers:
        yield from _multiples(value, evaluate(number, here), number)
    yield from (Binary("*", left, right) for left, right in combinations(numbers, 2))
    yield from (Binary("//", left, right) for left, right in permutations(numbers, 2))
    # Two values are a sum of something by chance.
    is_telling = len({str(known) for known in column.known}) > 2
    if is_telling:
        yield from (Binary("+", left, right) for left, right in combinations(numbers, 2))
        yield from (Binary("-", left, right) for left, right in permutations(numbers, 2))
    if is_telling or column.name == "depth":
        yield from (_shifted(number, value - evaluate(number, here)) for number in numbers)


def _numbers(order: Sequence[str], environments: Environments) -> list[Term]:
    """The names that are numbers in every instance."""
    return [Name(name) for name in order if all(is_number(e.get(name)) for e in environments)]


def items(order: Sequence[str], environments: Environments) -> list[Term]:
    """The numbers in lists that have one length in every instance."""
    found: list[Term] = []
    for name in order:
        values = [environment.get(name) for environment in environments]
        lists = [value for value in values if isinstance(value, tuple) and all(map(is_number, value))]
        if len(lists) == len(values) and len({len(value) for value in lists}) == 1:
            found += [Item(Name(name), at) for at in range(len(lists[0]))]
    return found


def is_number(value: object) -> bool:
    return isinstance(value, (int, float, Formula)) and not isinstance(value, bool)


def is_large(column: Column) -> bool:
    value = column.known[0]
    return isinstance(value, Formula) or (isinstance(value, int) and value >= 8 and not isinstance(value, bool))


def _multiples(value: Any, base: Any, term: Term) -> Iterator[Term]:
    """`k * term` and `term // k` with the k that fits one instance."""
    if not (isinstance(value, int) and isinstance(base, int)) or value <= 0 or base <= 0:
        return
    if value % base == 0:
        yield term if value == base else Binary("*", Literal(value // base), term)
    elif base > value:
        yield Binary("//", term, Literal(base // value))


def _shifted(term: Term, by: Any) -> Term:
    if isinstance(by, int) and by < 0:
        return Binary("-", term, Literal(-by))
    return Binary("+", term, Literal(by))
