"""What an operator's own rule makes of numbers: padding of a kernel, channels of channels. Must not judge what fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archdsl.backends.torch.expressions.columns import Column, Missing
from archdsl.backends.torch.expressions.terms import Item, Literal, Name, Operation, Term, Unevaluable, evaluate
from archdsl.ops.operator import Setting
from archdsl.shapes import Formula

Environments = Sequence[Mapping[str, Setting]]


def paddings(order: Sequence[str], environments: Environments) -> Iterator[Term]:
    """`k // 2` and `dilation * (k // 2)` of numbers that are parameters."""
    numbers = _numbers(order, environments)
    halves: list[Term] = [Operation("//", number, Literal(2)) for number in numbers]
    yield from halves
    yield from (Operation("*", number, half) for number in numbers for half in halves)


def flows(column: Column, starts: Sequence[Term], order: Sequence[str], environments: Environments) -> Iterator[Term]:
    """Multiples and shares of the channels that came in, and their products, sums and differences with a parameter."""
    at = next((at for at, value in enumerate(column.values) if not isinstance(value, Missing)), None)
    if at is None or not is_number(column.values[at]):
        return
    value, here = column.values[at], environments[at]
    for start in starts:
        try:
            base = evaluate(start, here)
        except Unevaluable:
            continue
        yield from _multiples(value, base, start)
        for number in _numbers(order, environments):
            yield from (Operation(sign, start, number) for sign in ("*", "//", "+", "-"))
            yield Operation("-", number, start)


def _numbers(order: Sequence[str], environments: Environments) -> list[Term]:
    """The names that are numbers in every instance."""
    return [Name(name) for name in order if all(is_number(e.get(name)) for e in environments)]


def items(order: Sequence[str], environments: Environments) -> list[Term]:
    """The numbers in lists, as far as every instance has them."""
    found: list[Term] = []
    for name in order:
        values = [environment.get(name) for environment in environments]
        lists = [value for value in values if isinstance(value, tuple) and all(map(is_number, value))]
        if lists and len(lists) == len(values):
            found += [Item(Name(name), at) for at in range(min(map(len, lists)))]
    return found


def is_number(value: object) -> bool:
    """Whether it is a number or a formula; truth values are not."""
    return isinstance(value, (int, float, Formula)) and not isinstance(value, bool)


def is_large(column: Column) -> bool:
    """Whether the first value is so large (8 or a formula) that chance does not explain an equal one."""
    value = column.known[0]
    return isinstance(value, Formula) or (isinstance(value, int) and value >= 8 and not isinstance(value, bool))


def _multiples(value: object, base: object, term: Term) -> Iterator[Term]:
    """`k * term` and `term // k` with the k that fits one instance."""
    if not (isinstance(value, int) and isinstance(base, int)) or value <= 0 or base <= 0:
        return
    if value % base == 0:
        yield term if value == base else Operation("*", Literal(value // base), term)
    elif base > value:
        yield Operation("//", term, Literal(base // value))
