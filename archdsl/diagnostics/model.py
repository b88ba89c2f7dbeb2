"""A diagnostic as frozen data. Must not draw: the faces (terminal, json, github) do."""

from __future__ import annotations

from typing import Literal

from archdsl.records import NamedTuple
from archdsl.text import Span

Severity = Literal["error", "warning"]


class Label(NamedTuple):
    """A marked place. The primary label is as small as possible."""

    span: Span
    text: str = ""
    primary: bool = False


class ShapeLine(NamedTuple):
    """One row of a comparison: what it is (`branch 1`), its shape as text per axis, and a remark (`identity`)."""

    title: str
    shape: tuple[str, ...]
    remark: str = ""


class Comparison(NamedTuple):
    """Shapes side by side; `axes` are the positions (from 0) that differ and are marked."""

    rows: tuple[ShapeLine, ...]
    axes: tuple[int, ...] = ()


class Edit(NamedTuple):
    """Replace the span's characters by `text`; an empty span inserts."""

    span: Span
    text: str


class Fix(NamedTuple):
    """What to do: a sentence and, if it is that simple, the edits.

    Attributes:
        safe: the edits cannot change a right program's meaning.
        stands: the sentence is true and helps by itself, also if the edits do not yet lead to a right text.
    """

    message: str
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    stands: bool = False


class CallStep(NamedTuple):
    """One step of the call path: `bottleneck`, called at the span."""

    name: str
    span: Span


class Diagnostic(NamedTuple):
    """One mistake (or warning).

    `name` is stable, in kebab-case, the argument of `archdsl explain`; `message` is one headline, complete by itself, lower
    case, without a period, names in backticks.
    """

    name: str
    severity: Severity
    message: str
    labels: tuple[Label, ...] = ()
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    call_path: tuple[CallStep, ...] = ()

    @property
    def primary(self) -> Label | None:
        """The label that says where; None for a mistake without a place (a file that cannot be read)."""
        for label in self.labels:
            if label.primary:
                return label
        return self.labels[0] if self.labels else None

    @property
    def sort_key(self) -> tuple[str, int, int]:
        """By source, then by place; diagnostics without a place first."""
        label = self.primary
        return (label.span.source.name, label.span.start, label.span.end) if label else ("", -1, -1)
