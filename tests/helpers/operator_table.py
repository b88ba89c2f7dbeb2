"""The operator tables of the language reference, made from the operators' own entries. Must not say anything twice.

`pytest tests/units/test_reference.py --update-golden` writes them. All of it comes from the entries, and what an
example gives from the compiler.
"""

from __future__ import annotations

from archdsl.api import Arch, loads
from archdsl.ops.operator import Argument, Operator
from archdsl.ops.registry import FAMILIES, OPERATORS
from archdsl.ops.signature import other_words, signature
from helpers.folders import ROOT

REFERENCE = ROOT / "grammar" / "README.md"
BEGIN, END = "<!-- operators: made by tests/helpers/operator_table.py -->", "<!-- end of operators -->"


def tables() -> str:
    """All families, a heading and a table each."""
    return "\n".join(f"#### {family.TITLE}\n\n{_table(family.OPERATORS)}" for family in FAMILIES)


def _table(operators: tuple[Operator, ...]) -> str:
    rows = ["| operator | meaning | example | gives |", "| --- | --- | --- | --- |"]
    rows += [f"| {_code(signature(one))} | {_meaning(one)} | {_example(one)} | {_given(one)} |" for one in operators]
    return "\n".join(rows) + "\n"


def _meaning(operator: Operator) -> str:
    words = [f"`{a.name}` also {_listed(a)}" for a in operator.arguments if _listed(a)]
    aliases = [f"also called {', '.join(map(_code, operator.aliases))}"] if operator.aliases else []
    return "; ".join([operator.meaning.replace("|", r"\|"), *words, *aliases])


def _listed(argument: Argument) -> str:
    return ", ".join(map(_code, other_words(argument)))


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
