"""`archdsl.solve`: the extreme value of an arch parameter that satisfies a condition. Must not search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from archdsl.analysis.questions.condition import Condition, comparisons, read_condition, shown
from archdsl.analysis.questions.parameter import Answer as Found
from archdsl.analysis.questions.parameter import Tried, check_parameter
from archdsl.analysis.questions.parameter import solve as search
from archdsl.answers.answer import WIDTH, Answer
from archdsl.api import compile_text
from archdsl.backends.tables import words
from archdsl.diagnostics import WrongUse
from archdsl.sources import File, Shapes, Text, language_values, read

if TYPE_CHECKING:
    from archdsl.ir import Network
    from archdsl.program.values import Evaluated
    from archdsl.shapes import Shape
    from archdsl.sources import ParameterValue


class Solution(Answer):
    """The extreme value that keeps a condition.

    Attributes:
        name: of the arch parameter.
        where: the condition.
        value: the largest or smallest value that keeps it.
        is_largest: which of the two.
        measured: what is measured with it, by metric.
        beyond: the neighbor that breaks the condition, with what is measured; None if the least value keeps it as well.
        ranges: first and last value of every range that keeps it; None: without an end.
    """

    def __init__(self, name: str, condition: Condition, found: Found) -> None:
        self.name = name
        self.where = shown(condition)
        self.value = found.best.value
        self.is_largest = found.is_largest
        metrics = [one.metric_span.text for one in comparisons(condition)]
        self.measured = _named(metrics, found.best)
        self.beyond = None if found.beyond is None else (found.beyond.value, _named(metrics, found.beyond))
        self.ranges = found.ranges

    def to_dict(self) -> dict[str, Any]:
        """Bytes are integers; an end of a range that is null is none."""
        from archdsl.analysis.rows import plain

        def figures(value: int, measured: Mapping[str, object]) -> dict[str, Any]:
            return {"value": value, "measured": {name: plain(one) for name, one in measured.items()}}

        return {
            "schema": "archdsl.solve/1",
            "parameter": self.name,
            "where": self.where,
            "extreme": "largest" if self.is_largest else "smallest",
            **figures(self.value, self.measured),
            "beyond": None if self.beyond is None else figures(*self.beyond),
            "ranges": [list(ends) for ends in self.ranges],
        }

    @property
    def _lines(self) -> list[str]:
        extreme = "largest" if self.is_largest else "smallest"
        lines = [f"the {extreme} with {self.where}: {_figures(self.measured)}"]
        if self.beyond is not None:
            lines.append(f"{self.name} = {self.beyond[0]:,} has {_figures(self.beyond[1])}")
        if len(self.ranges) > 1 or (self.is_largest and self.ranges[0][0] > 1):
            lines.append(f"all that keep it: {', '.join(map(_range, self.ranges))}")
        return lines

    def table(self, width: int = WIDTH) -> str:
        """The value, what is measured with it, and its neighbor."""
        return "\n".join([f"{self.name} = {self.value:,}", *(f"  {line}" for line in self._lines)])

    def markdown(self) -> str:
        """The value, and the rest as a list."""
        return "\n".join([f"**{self.name} = {self.value:,}**", "", *(f"- {line}" for line in self._lines)])

    def __repr__(self) -> str:
        return f"<archdsl.Solution {self.name} = {self.value:,}>"


def solve(file: File, name: str, where: str, /, *, inputs: Shapes | None = None, **parameters: ParameterValue) -> Solution:
    """The largest (or smallest) value of an arch parameter that keeps a condition, as `archdsl solve` finds it.

    Args:
        name: the parameter, a positive integer.
        where: relations as after `expect`, with `and` and `or`: `"macs <= 4G and stage3.memory < 10MB"`.

    Raises:
        ArchError: the program has mistakes, or cannot be read.
        ValueError: no such parameter, a condition that is none, or no value keeps it.
    """
    return solve_text(read(file), name, where, language_values(parameters), inputs)


def solve_text(
    text: Text, name: str, where: str, values: Mapping[str, Evaluated], inputs: Mapping[str, Shape] | None
) -> Solution:
    """The same for a text that was read, and values of the language."""
    if name in values:
        raise WrongUse(f"`solve` looks for `{name}`, so it cannot be given a value")
    condition = read_condition(where)

    def build(value: int) -> Network:
        return compile_text(text, {**values, name: value}, inputs).network

    usual = compile_text(text, values, inputs).network
    if name not in usual.parameters:
        build(1)  # reports which parameters there are
    check_parameter(usual, name)
    return Solution(name, condition, search(build, condition))


def _named(metrics: Sequence[str], tried: Tried) -> dict[str, object]:
    return dict(zip(metrics, tried.measured, strict=True))


def _range(ends: tuple[int, int | None]) -> str:
    first, last = ends
    return f"{first:,}" if first == last else f"{first:,} to {last:,}" if last is not None else f"{first:,} and up"


def _figures(measured: Mapping[str, object]) -> str:
    """`macs 3,999,999,999`, each metric once; bytes in their unit as well."""
    return ", ".join(_figure(metric, value) for metric, value in measured.items())


def _figure(metric: str, value: object) -> str:
    exact = f"[{', '.join(map(words.number, value))}]" if isinstance(value, tuple) else words.number(value)
    is_bytes = "memory" in metric or "peak" in metric
    return f"{metric} {exact}{f' ({words.size(value)})' if is_bytes else ''}"
