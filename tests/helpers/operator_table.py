"""The operator tables of the language reference, made from the operators' own entries. Must not say anything twice.

`pytest tests/units/test_reference.py --update-golden` writes them. All of it comes from the entries, and what an
example gives from the compiler.
"""

from __future__ import annotations

import re
from typing import Any

from archdsl.api import Arch, loads
from archdsl.ops.operator import Argument, Computed, Operator, Required
from archdsl.ops.registry import FAMILIES, OPERATORS
from helpers.folders import ROOT

REFERENCE = ROOT / "grammar" / "README.md"
BEGIN, END = "<!-- operators: made by tests/helpers/operator_table.py -->", "<!-- end of operators -->"


def tables() -> str:
    """All families, a heading and a table each."""
    return "\n".join(f"#### {family.TITLE}\n\n{_table(family.OPERATORS)}" for family in FAMILIES)


def _table(operators: tuple[Operator, ...]) -> str:
    rows = ["| operator | meaning | example | gives |", "| --- | --- | --- | --- |"]
    rows += [f"| {_signature(one)} | {_meaning(one)} | {_example(one)} | {_given(one)} |" for one in operators]
    return "\n".join(rows) + "\n"


def _signature(operator: Operator) -> str:
    """`conv k c stride=1 …`: arguments in positional order, those without a default first, as they are."""
    return _code(" ".join([operator.name, *map(_argument, operator.arguments)]))


def _argument(argument: Argument) -> str:
    if isinstance(argument.default, Required):
        return f"@{argument.name}" if argument.is_value else argument.name
    return f"{argument.name}={_written(argument.default)}"


def _written(value: Any) -> str:
    """A default as the language writes it."""
    if isinstance(value, Computed):
        return value.written
    if isinstance(value, tuple):
        return _written(value[0]) if len(set(value)) == 1 else f"[{', '.join(map(_written, value))}]"
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return re.sub(r"e-0", "e-", f"{value:g}") if isinstance(value, float) else str(value)


def _meaning(operator: Operator) -> str:
    words = [f"`{a.name}` also {_listed(a)}" for a in operator.arguments if _listed(a)]
    aliases = [f"also called {', '.join(map(_code, operator.aliases))}"] if operator.aliases else []
    return "; ".join([operator.meaning.replace("|", r"\|"), *words, *aliases])


def _listed(argument: Argument) -> str:
    """The words that it takes beside its default."""
    words = [_code(word) for word in argument.words if word != _written(argument.default)]
    if argument.is_value and not isinstance(argument.default, Required):
        words.append("`@label`")
    return ", ".join(words)


def _example(operator: Operator) -> str:
    shown = operator.example
    return f"{_code(shown.steps)} on {_code(shown.input)}"


def example(name: str) -> Arch:
    """The example of an operator, compiled."""
    shown = OPERATORS[name].example
    return loads(f"arch example\ninput x{shown.input}\n{shown.steps}\n")


def _given(operator: Operator) -> str:
    arch = example(operator.name)
    cost = arch.cost()
    (shape,) = arch.outputs.values()
    counts = [f"{number:,} {unit}" for number, unit in ((cost.params, "params"), (cost.macs, "MACs")) if number]
    return ", ".join([_code(str(list(shape))), *counts])


def _code(text: str) -> str:
    return "`" + text.replace("|", r"\|") + "`"


def put(text: str) -> str:
    """The reference with its tables made anew."""
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:start]}\n{tables()}\n{text[end:]}"
