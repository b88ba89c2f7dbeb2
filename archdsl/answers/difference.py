"""`archdsl.diff`: what changed from one architecture to another, and what it costs. Must not find or lay it out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from archdsl.answers.answer import WIDTH, Answer
from archdsl.api import Arch, load
from archdsl.sources import File

if TYPE_CHECKING:
    from archdsl.analysis.metrics.totals import Totals
    from archdsl.analysis.reports.changes import Change


class Difference(Answer):
    """What changed from the first architecture to the second; true if anything did.

    Attributes:
        first, second: the two.
        names: what they are called, told apart.
    """

    formats = ("table", "json", "markdown", "latex")

    def __init__(self, first: Arch, second: Arch, names: tuple[str, str] | None = None) -> None:
        self.first = first
        self.second = second
        self.names = names or (first.name, second.name)

    @cached_property
    def changes(self) -> list[Change]:
        """Each change, those alike in several places as one; one that only follows from another is in it too."""
        from archdsl.analysis.reports.changes import diff

        return diff(self.first.network, self.second.network)

    @property
    def total(self) -> Totals:
        """What the second has more than the first, all in all."""
        from archdsl.analysis.reports.changes import whole_difference

        return whole_difference(self.first.network, self.second.network)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def form(self, name: str, width: int = WIDTH) -> str:
        """The changes, a line each, as `table`, `json`, `markdown` or `latex`."""
        from archdsl.backends.tables.compare import difference

        return difference(self.changes, self.total, self.names, width, name)

    def to_dict(self) -> dict[str, Any]:
        """Amounts are integers, or formulas as text; `memory` is bytes."""
        from archdsl.backends.tables.compare import difference_document

        return difference_document(self.changes, self.total, self.names)

    def table(self, width: int = WIDTH) -> str:
        """A line a change."""
        return self.form("table", width)

    def __repr__(self) -> str:
        return f"<archdsl.Difference {' -> '.join(self.names)}: {len(self.changes)} changes>"


def diff(first: Arch | File, second: Arch | File) -> Difference:
    """What changed from the first architecture to the second, as `archdsl diff` tells it.

    Raises:
        ArchError: a program has mistakes, or cannot be read.
    """
    one, other = (arch if isinstance(arch, Arch) else load(arch) for arch in (first, second))
    is_one_name = one.name == other.name and isinstance(first, str) and isinstance(second, str) and first != second
    return Difference(one, other, (str(first), str(second)) if is_one_name else None)
