"""Conditions as `--where` takes them: what `expect` takes, and several with `and`, `or` and parentheses. Must not search.

A condition is read here once, so that every question speaks the language of contracts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Union

from archdsl.analysis.contracts import holds
from archdsl.analysis.metrics.named import Measures
from archdsl.analysis.target import measured, resolve
from archdsl.analysis.unavailable import Unavailable
from archdsl.checks.fixes import syntax_error
from archdsl.diagnostics import ArchError, Diagnostic, Refusal, WrongUse
from archdsl.elaborate.arch import expectation
from archdsl.ir import Network
from archdsl.ir.network import Expectation
from archdsl.program.scope import Scope
from archdsl.program.values import NOT_YET
from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.syntax.parser import parse
from archdsl.text import Source

EXAMPLE = "such as `macs <= 4G`"
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|\b(?:and|or|if|else)\b|[()\[\]]')


class BadCondition(WrongUse):
    """What was asked is no condition, or not of this metric."""


class NoAnswer(Refusal):
    """The question has no answer; the message says why in one sentence."""


class Every(NamedTuple):
    """`A and B`"""

    parts: tuple[Condition, ...]


class Some(NamedTuple):
    """`A or B`"""

    parts: tuple[Condition, ...]


Condition = Union[Expectation, Every, Some]
Figures = Union[int, Fraction, tuple[Union[int, Fraction], ...]]
"""What is measured for a comparison: a number, or several."""


def read_condition(text: str) -> Condition:
    """`macs <= 4G`, `receptive_field <= [70, 70]`, `params > 3M and (depth < 50 or stage3.memory < 10MB)`.

    Raises:
        ArchError: a part is no comparison that `expect` takes.
        BadCondition: it is not one line, or compares nothing.
    """
    if "\n" in text or ";" in text or "#" in text:
        raise BadCondition(f"a condition is one line, {EXAMPLE}; several are joined by `and` and `or`")
    for word, form in (("or", Some), ("and", Every)):
        parts = _split(text, word)
        if len(parts) > 1:
            return form(tuple(map(read_condition, parts)))
    inner = text.strip()
    if inner.startswith("(") and _closes_at_end(inner):
        return read_condition(inner[1:-1])
    if not any(sign in inner for sign in "<>="):
        raise BadCondition(f"`{inner}` compares nothing; a condition is {EXAMPLE}")
    return _read(inner)


def read_metric(text: str) -> Expectation:
    """What stands on the left of a contract, `stage3.memory`, as an expectation of nothing.

    Raises:
        ArchError: it is no metric's form.
    """
    return _read(f"{text} == 0")


def comparisons(condition: Condition) -> Iterator[Expectation]:
    """The comparisons of a condition, in its order."""
    if isinstance(condition, Expectation):
        yield condition
        return
    for part in condition.parts:
        yield from comparisons(part)


def keeps(condition: Condition, values: dict[int, Figures]) -> bool:
    """Whether the condition holds.

    Args:
        values: what is measured for each comparison, by its identity (`measure`).
    """
    if isinstance(condition, Expectation):
        return holds(condition, values[id(condition)])
    verdicts = (keeps(part, values) for part in condition.parts)
    return all(verdicts) if isinstance(condition, Every) else any(verdicts)


def measure(network: Network, condition: Condition) -> dict[int, Figures]:
    """What is measured for each comparison, by its identity: a number, or a tuple of numbers.

    Raises:
        ArchError: a comparison names something that is not there.
        NoAnswer: something cannot be worked out, or depends on free dimensions.
    """
    measures = Measures(network)
    return {id(one): _measured(measures, one) for one in comparisons(condition)}


def shown(condition: Condition, text: Callable[[Expectation], str] | None = None) -> str:
    """The condition in words, each comparison as it was written, or as `text` puts it."""
    if isinstance(condition, Expectation):
        return f"{condition.metric_span.text} {condition.relation} {condition.written}" if text is None else text(condition)
    word = " and " if isinstance(condition, Every) else " or "
    return word.join(
        f"({shown(part, text)})" if isinstance(part, Some) and isinstance(condition, Every) else shown(part, text)
        for part in condition.parts
    )


def _measured(measures: Measures, one: Expectation) -> Figures:
    asked = resolve(measures.network, one)
    if isinstance(asked, Diagnostic):
        raise ArchError([asked])
    found = measured(measures, asked)
    metric = one.metric_span.text
    if isinstance(found, Unavailable):
        raise NoAnswer(f"`{metric}` cannot be computed: {found.reason}")
    parts = found if isinstance(found, tuple) else (found,)
    numbers = tuple(part for part in parts if isinstance(part, (int, Fraction)))
    if len(numbers) < len(parts):
        raise NoAnswer(f"`{metric}` is {found}, and the question needs numbers")
    wanted = one.value if isinstance(one.value, tuple) else None
    if wanted is not None and len(wanted) != len(numbers):
        raise BadCondition(f"`{metric}` is {_count(numbers)}, and `{one.written}` has {len(wanted)}")
    if wanted is None and isinstance(found, tuple) and len(found) != 2:
        raise BadCondition(f"`{metric}` is {_count(numbers)}: compare it with a list, such as `{metric} <= {list(found)}`")
    return numbers if isinstance(found, tuple) else numbers[0]


def _count(numbers: tuple[object, ...]) -> str:
    return f"a list of {len(numbers)}" if len(numbers) != 1 else "a list of one number"


def _read(text: str) -> Expectation:
    source = Source("--where", f"expect {text}")
    report: list[Diagnostic] = []
    file = parse(source, report)
    if report:
        raise syntax_error(source, report)
    (statement,) = file.statements
    assert isinstance(statement, tree.Expect)
    return expectation(statement, Scope(None, source, NOT_YET))


def _split(text: str, word: str) -> list[str]:
    """The parts between the words that stand outside of brackets."""
    parts, start, depth = [], 0, 0
    for found in _PARTS.finditer(text):
        sign = found.group()
        depth += (sign in ("(", "[")) - (sign in (")", "]"))
        if sign == word and depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def _closes_at_end(text: str) -> bool:
    """Whether the parenthesis at the start is closed by the one at the end."""
    depth = 0
    for found in _PARTS.finditer(text):
        depth += (found.group() in ("(", "[")) - (found.group() in (")", "]"))
        if depth == 0:
            return found.end() == len(text)
    return False
