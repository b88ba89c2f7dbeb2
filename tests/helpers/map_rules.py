"""A correspondence of names as few rules: patterns of numbers and rests. Must not know any network.

The rules give back exactly the correspondence, which `rules_of` checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from archdsl.backends.torch.weights.expressions import Expression, Reshape, names_in, renamed, to_json
from archdsl.backends.torch.weights.rules import Rule, expand

_NUMBER = re.compile(r"\d+")
_LETTERS = "abcdefghijklm"
_FACTORS = (1, 2, 3)


class Pair(NamedTuple):
    """Our name, or its part before a `*`, and what it is made of, with the same `*`."""

    ours: str
    made_of: Expression


def rules_of(entries: Mapping[str, Expression]) -> dict[str, Any]:
    """The rules, as a name map has them under `tensors`."""
    pairs = _by_module(entries)
    groups: dict[Any, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((_NUMBER.sub("#", pair.ours), _template(pair.made_of)), []).append(pair)
    waiting = [part for group in groups.values() for part in _general(group)]
    rules = _in_order(waiting, [pair.ours for pair in pairs])
    made = expand([Rule(left, right) for left, right in rules.items()], entries)
    assert all(made[name] in (entry, Reshape(entry, None)) for name, entry in entries.items())
    return rules


# One pair for all tensors of a module, and for all modules of a part


def _by_module(entries: Mapping[str, Expression]) -> list[Pair]:
    """Whole parts where everything in them has the same name on both sides, else single tensors."""
    found: list[Pair] = []

    def visit(prefix: str, names: Sequence[str]) -> None:
        made = {_rest_starred(name[len(prefix) :], entries[name], reshaped=_any_reshaped(names, entries)) for name in names}
        if prefix and len(made) == 1 and None not in made:
            (only,) = made
            assert only is not None
            found.append(Pair(f"{prefix}*", only))
            return
        parts: dict[str, list[str]] = {}
        for name in names:
            head, dot, _ = name[len(prefix) :].partition(".")
            parts.setdefault(prefix + head + dot, []).append(name)
        for part, inside in parts.items():
            if part.endswith("."):
                visit(part, inside)
            else:
                found.append(Pair(part, entries[part]))

    visit("", list(entries))
    return found


def _any_reshaped(names: Iterable[str], entries: Mapping[str, Expression]) -> bool:
    return any(isinstance(entries[name], Reshape) for name in names)


def _rest_starred(rest: str, made_of: Expression, *, reshaped: bool) -> Expression | None:
    """The expression with a `*` for the rest of the name; None where its names do not end in that."""
    if any(not name.endswith(rest) or not _at_border(name, rest) for name in names_in(made_of)):
        return None
    starred = renamed(made_of, lambda name: name[: len(name) - len(rest)] + "*")
    return Reshape(starred, None) if reshaped and not isinstance(starred, Reshape) else starred


def _at_border(name: str, rest: str) -> bool:
    return len(name) == len(rest) or name[: len(name) - len(rest)].endswith(".")


# One rule for all pairs that differ in numbers


def _template(made_of: Expression) -> Expression:
    return renamed(made_of, lambda name: _NUMBER.sub("#", name))


def _general(group: Sequence[Pair]) -> list[tuple[Pair, list[Pair]]]:
    """Rules for pairs of one template, each with the pairs that it is for."""
    whole = _one_rule(group)
    if whole is not None:
        return [(whole, list(group))]
    ways = []
    for column in zip(*_numbers(group), strict=True):
        parts = {number: [pair for pair, n in zip(group, column, strict=True) if n == number] for number in sorted(set(column))}
        if len(parts) == 1:
            continue
        ways.append([rule for part in parts.values() for rule in _general(part)])
        for number, part in parts.items():
            rest = [pair for pair, n in zip(group, column, strict=True) if n != number]
            rule = _one_rule(rest)
            if rule is not None:
                ways.append([*_general(part), (rule, rest)])
    return min(ways, key=len)


def _numbers(group: Sequence[Pair]) -> list[list[int]]:
    return [[int(number) for number in _NUMBER.findall(pair.ours)] for pair in group]


def _one_rule(group: Sequence[Pair]) -> Pair | None:
    """The rule that serves all pairs of one template, if there is one."""
    left = _numbers(group)
    right = [[int(number) for name in names_in(pair.made_of) for number in _NUMBER.findall(name)] for pair in group]
    varying = [slot for slot, column in enumerate(zip(*left, strict=True)) if len(set(column)) > 1]
    formulas = [_formula(column, left, varying) for column in zip(*right, strict=True)]
    if None in formulas:
        return None
    slots = [f"{{{_LETTERS[slot]}}}" if slot in varying else "" for slot in range(len(left[0]))]
    fill = _next(formulas)
    made_of = renamed(group[0].made_of, lambda name: _NUMBER.sub(fill, name))
    return Pair(_NUMBER.sub(_next(slots), group[0].ours), made_of)


def _next(values: Iterable[str | None]) -> Callable[[re.Match[str]], str]:
    """A replacement that puts the next value for each number, and leaves the number where that is empty."""
    waiting = iter(values)
    return lambda found: next(waiting) or found[0]


def _formula(column: Sequence[int], left: Sequence[Sequence[int]], varying: Sequence[int]) -> str | None:
    """A number of theirs by those of ours: "" where it is always the same, None where there is no formula."""
    if len(set(column)) == 1:
        return ""
    terms = [((factor, slot),) for factor in _FACTORS for slot in varying]
    sums = [(*one, *other) for one in terms for other in terms if one[0][1] < other[0][1]]
    for formula in (*terms, *sums):
        rests = {n - sum(factor * row[slot] for factor, slot in formula) for n, row in zip(column, left, strict=True)}
        if len(rests) == 1:
            (rest,) = rests
            text = "+".join(("" if factor == 1 else f"{factor}*") + _LETTERS[slot] for factor, slot in formula)
            return f"{{{text}{f'{rest:+d}' if rest else ''}}}"
    return None


# The order in which they are tried


def _in_order(waiting: list[tuple[Pair, list[Pair]]], every: Sequence[str]) -> dict[str, Any]:
    """A rule comes when all pairs that it would take are its own or taken before; one that never can is taken apart."""
    rules: dict[str, Any] = {}
    left = set(every)
    while waiting:
        free = next((item for item in waiting if _takes(item[0], left) <= {pair.ours for pair in item[1]}), None)
        if free is None:
            _, own = waiting.pop()
            assert len(own) > 1
            waiting += [(pair, [pair]) for pair in own]
            continue
        waiting.remove(free)
        left -= _takes(free[0], left)
        rules[free[0].ours] = to_json(free[0].made_of)
    return rules


def _takes(rule: Pair, names: Iterable[str]) -> set[str]:
    pattern = Rule(rule.ours, to_json(rule.made_of))
    return {name for name in names if pattern.applied_to(name.replace("*", "x")) is not None}
