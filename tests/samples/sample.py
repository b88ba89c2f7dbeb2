"""What a row of the table of samples is. Must not hold rows."""

from __future__ import annotations

from typing import Any, NamedTuple

from archdsl.ops.arguments import Size, Word
from archdsl.ops.facts import Fact
from archdsl.shapes import Shape

__all__ = ["Bad", "Sample", "Size", "Word", "names_of"]


class Sample(NamedTuple):
    """One use of an operator.

    Attributes:
        operator: its name.
        inputs: the shapes of its inputs. For `unpool`: the value, the pool's result, the pool's input.
        written: the arguments as a call writes them; one that takes `@label` is True.
        note: what the row is for, where that is not plain.
    """

    operator: str
    inputs: tuple[Shape, ...]
    written: dict[str, Any] = {}  # noqa: RUF012 (a default that nobody changes)
    note: str = ""

    def __str__(self) -> str:
        written = " ".join(f"{name}={value}" for name, value in self.written.items())
        return f"{self.operator} {written} {' '.join(map(str, self.inputs))}".replace("  ", " ")


class Bad(NamedTuple):
    """A use that cannot be: the fact that it raises and, where the fact tells one, the argument."""

    operator: str
    inputs: tuple[Shape, ...]
    written: dict[str, Any]
    fact: type[Fact]
    argument: str | None = None

    def __str__(self) -> str:
        return f"{Sample(self.operator, self.inputs, self.written)} -> {self.fact.__name__}"


def names_of(rows: list[Sample]) -> set[str]:
    """The operators that have a row."""
    return {row.operator for row in rows}
