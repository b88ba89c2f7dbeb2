"""The page of an operator: how it is written, what it takes, and an example worked out. Must not print."""

from __future__ import annotations

from archdsl.analysis.cost import Cost
from archdsl.analysis.reports.derivation import derive_line
from archdsl.compiler import compile_source
from archdsl.ops.operator import Operator
from archdsl.ops.signature import default_of, other_words, signature
from archdsl.text import Source
from archdsl.wording.forms import FORMS


def operator_page(operator: Operator) -> list[tuple[str, str]]:
    """Lines of a title and a text; an empty title goes on with the one before, an empty text is a heading."""
    lines = [(signature(operator), ""), ("", operator.meaning)]
    if operator.aliases:
        lines.append(("also", ", ".join(f"`{name}`" for name in operator.aliases)))
    if operator.called_elsewhere:
        lines.append(("elsewhere", ", ".join(operator.called_elsewhere)))
    for title, argument in zip(_titles(len(operator.arguments)), operator.arguments, strict=True):
        needed = "needed" if not default_of(argument) else default_of(argument)
        words = [f"or {', '.join(other_words(argument))}"] if other_words(argument) else []
        named = ["by name only"] if argument.by_name else []
        lines.append((title, f"{argument.name:<14} {'; '.join([needed, *words, *named])}"))
    return [*lines, *_example(operator.example.steps, operator.example.input, operator.name)]


def form_page(name: str) -> list[tuple[str, str]]:
    """The page of a form of the language that is called like an operator."""
    form = FORMS[name]
    return [(form.written, ""), ("", form.meaning), *_example(form.example, "[64, 56, 56]", None)]


def _titles(count: int) -> list[str]:
    return ["arguments", *([""] * (count - 1))] if count else []


def _example(steps: str, shape: str, operator: str | None) -> list[tuple[str, str]]:
    """The example, and what each line of its derivation says."""
    source = Source("example", f"arch example\ninput x{shape}\n{steps}\n")
    cost = Cost(compile_source(source))
    lines = [("example", f"`{steps}` on {shape}")]
    if operator is None:
        return [*lines, ("output", str(list(cost.out)).replace("'", ""))]
    for number in range(3, 3 + steps.count("\n") + 1):
        for derivation in derive_line(cost.folded_rows, source, number):
            if derivation.layer.op == operator:
                lines += derivation.lines
    return lines
