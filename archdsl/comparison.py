"""What Python programs use to put architectures side by side: `compare`. Must not import anything slow, and must not print."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.api import Arch, load
from archdsl.sources import File

if TYPE_CHECKING:
    from pandas import DataFrame

    from archdsl.analysis.cost import Cost
    from archdsl.provenance import Origin


class Compared:
    """Architectures side by side, in the order given or sorted.

    Attributes:
        costs: one for each architecture, in the order given.
        origin: what they were made from.
        table: the columns and rows.
    """

    __slots__ = ("costs", "origin", "table")

    def __init__(
        self, costs: Sequence[Cost], origin: Origin, columns: Sequence[str] | None = None, sort: str | None = None
    ) -> None:
        from archdsl.analysis.reports.side_by_side import compare

        self.costs = tuple(costs)
        self.origin = origin
        self.table = compare(self.costs, columns, sort)

    @property
    def rows(self) -> list[dict[str, object]]:
        """One record an architecture."""
        return [dict(row) for row in self.table.rows]

    def to_dict(self) -> dict[str, Any]:
        """As the JSON of `archdsl compare` has it."""
        return self.table.to_dict()

    def to_pandas(self) -> DataFrame:
        """The rows as a pandas DataFrame.

        Raises:
            ModuleNotFoundError: pandas is not there; the message has the command that installs it.
        """
        from archdsl.analysis.rows import data_frame

        return data_frame(self.rows)

    def chart(self, format: str = "svg", chart: str = "complexity", accuracy: str | None = None) -> bytes:
        """A chart as a file's content: `complexity` (accuracy against operations), or `layers` (two networks layer by layer).

        It says what it was made from.

        Raises:
            ValueError: no such format, chart or accuracy, or the architectures do not suit the chart.
            ModuleNotFoundError: matplotlib is not there; the message has the command that installs it.
        """
        from archdsl.backends.charts import chart as draw
        from archdsl.provenance import mark

        return mark(draw(self.costs, chart, format, accuracy), f".{format}", self.origin)

    def plot(self, path: str | os.PathLike[str], chart: str = "complexity", accuracy: str | None = None) -> None:
        """Draw a chart into a file: `.svg`, `.png` or `.pdf`. Raises what `chart` does."""
        from archdsl.files import write_whole

        write_whole(Path(path), self.chart(Path(path).suffix[1:].lower(), chart, accuracy))

    def _repr_html_(self) -> str:
        """The table, in a notebook."""
        from archdsl.backends.tables.compare import comparison

        return comparison(self.table, "html")

    def __str__(self) -> str:
        from archdsl.backends.tables.compare import comparison

        return comparison(self.table)

    def __repr__(self) -> str:
        return f"<archdsl.Compared {', '.join(cost.name for cost in self.costs)}>"


def compare(
    archs: Iterable[Arch | File],
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    *,
    batch: int = 1,
    dtype: str = "float32",
) -> Compared:
    """Several architectures side by side: each an `Arch`, a path, a zoo name or an open file.

    Args:
        columns: metrics and facts of `meta`; None takes the usual ones.
        sort: the column to sort by; `-params` sorts downwards.
        batch, dtype: what is counted with.

    Raises:
        ArchError: a program has mistakes, or cannot be read.
        ValueError: no architecture has such a column, or there are no architectures.
    """
    loaded = [arch if isinstance(arch, Arch) else load(arch) for arch in archs]
    return Compared([arch.cost(batch, dtype) for arch in loaded], origin_of(loaded), columns, sort)


def origin_of(archs: Iterable[Arch]) -> Origin:
    """What a file made from several architectures was made from."""
    from archdsl.provenance import Origin

    origins = [arch.origin for arch in archs]
    return Origin(
        _once(origin.files for origin in origins),
        _once(origin.settings for origin in origins),
        _once(origin.inputs for origin in origins),
    )


def _once(parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """All of them in their order, each once."""
    return tuple(dict.fromkeys(text for part in parts for text in part))
