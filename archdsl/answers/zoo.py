"""`archdsl.zoo`: what is in the zoo, with counts, narrowed and sorted. Must not keep counts of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Union

from archdsl.answers.answer import WIDTH, Answer
from archdsl.diagnostics import ArchError, Diagnostic, WrongUse
from archdsl.diagnostics.nearest import did_you_mean
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from pandas import DataFrame

    from archdsl.api import Arch

COLUMNS = ("name", "title", "family", "year", "params", "macs")
"""What the list has if no columns are asked for."""
COUNTS = {"params": "parameters", "macs": "multiply-accumulates"}
"""By what the list can be narrowed, with the words for it."""

Limits = tuple[Union[int, "Fraction"], Union[int, "Fraction", None]]
"""The least and the most that a count may be; None: no end."""


class Wanted(NamedTuple):
    """What an entry has to be like to be listed; counts as smallest and largest by name."""

    families: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    counts: tuple[tuple[str, Limits], ...] = ()

    def holds(self, arch: Arch) -> bool:
        """Whether family, year and counts are as asked for; a formula is not, as it has no size."""
        if self.families and arch.meta.get("family") not in self.families:
            return False
        year = arch.meta.get("year")
        if self.years is not None and not (isinstance(year, int) and self.years[0] <= year <= self.years[1]):
            return False
        cost = arch.cost() if self.counts else None
        for name, (least, most) in self.counts:
            value = getattr(cost, name)
            if not isinstance(value, int) or value < least or (most is not None and value > most):
                return False
        return True


class Zoo(Answer):
    """The entries that were asked for, in order; a row is a dict of the columns.

    Attributes:
        rows: the entries.
        columns: the names of what a row has.
        of: how many entries the zoo has.
        is_narrowed: whether only some were asked for.
        wrong: mistakes in entries, which are not listed then.
    """

    formats = ("table", "csv", "json", "markdown", "html", "latex")

    def __init__(
        self, archs: Sequence[Arch], wanted: Wanted, columns: Sequence[str] | None, sort: str | None, wrong: list[Diagnostic]
    ) -> None:
        from archdsl.analysis.reports.side_by_side import SideBySide, compare

        self.of = len(archs)
        self.is_narrowed = wanted != Wanted()
        self.wrong = wrong
        costs = [arch.cost() for arch in archs if wanted.holds(arch)]
        self.columns = tuple(columns or COLUMNS)
        self._table = compare(costs, self.columns, sort) if costs else SideBySide(self.columns, (), 1, "float32")

    @property
    def rows(self) -> list[dict[str, object]]:
        """One record an entry."""
        return [dict(row) for row in self._table.rows]

    def __len__(self) -> int:
        return len(self._table.rows)

    def __iter__(self) -> Iterator[dict[str, object]]:
        return iter(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Numbers are integers; what an entry does not have is null."""
        return {"schema": "archdsl.zoo/1", "entries": self._table.to_dict()["rows"]}

    def to_pandas(self) -> DataFrame:
        """The rows as a pandas DataFrame.

        Raises:
            ModuleNotFoundError: pandas is not there; the message has the command that installs it.
        """
        from archdsl.analysis.rows import data_frame

        return data_frame(self.rows)

    def form(self, name: str, width: int = WIDTH) -> str:
        """The list as `table`, `csv`, `json`, `markdown`, `html` or `latex`."""
        if name == "json":
            return super().form(name, width)
        from archdsl.backends.tables.compare import listing

        return listing(self._table, name, width)

    def table(self, width: int = WIDTH) -> str:
        """Names and titles to the left, numbers to the right."""
        return self.form("table", width)

    def _repr_html_(self) -> str:
        """The table, in a notebook."""
        return self.form("html")

    def __repr__(self) -> str:
        return f"<archdsl.Zoo of {len(self)} architectures>"


def zoo(
    *,
    family: str | Iterable[str] | None = None,
    year: int | tuple[int, int] | None = None,
    min_params: int = 0,
    max_params: int | None = None,
    min_macs: int = 0,
    max_macs: int | None = None,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
) -> Zoo:
    """What is in the zoo, as `archdsl zoo` lists it.

    Args:
        family: one or several.
        year: one, or the first and the last.
        columns: metrics and facts of `meta`, as `archdsl.compare` takes them.
        sort: the column to sort by; `-params` sorts downwards.

    Raises:
        ValueError: there is no such family or column.
    """
    families = () if family is None else (family,) if isinstance(family, str) else tuple(family)
    limits = {"params": (min_params, max_params), "macs": (min_macs, max_macs)}
    counts = tuple((name, ends) for name, ends in limits.items() if ends != (0, None))
    return listed(Wanted(families, (year, year) if isinstance(year, int) else year, counts), columns, sort)


def listed(
    wanted: Wanted,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    through: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Zoo:
    """The entries that are as wanted; `through` sees the names of all go by.

    Raises:
        WrongUse: there is no such family or column.
    """
    wrong: list[Diagnostic] = []
    archs = list(_archs(wrong, through))
    families = sorted({str(arch.meta.get("family", "")) for arch in archs})
    for family in wanted.families:
        if family not in families and not wrong:
            others = f"the families are {', '.join(families)}"
            raise WrongUse(f"the zoo has no family `{family}`; {did_you_mean(family, families, others)}")
    return Zoo(archs, wanted, columns, sort, wrong)


def _archs(wrong: list[Diagnostic], through: Callable[[Sequence[str]], Iterable[str]]) -> Iterator[Arch]:
    """The entries in the order of their names; what is wrong with one goes into the list."""
    from archdsl import api
    from archdsl.resources import zoo_names, zoo_path

    for name in through(zoo_names()):
        try:
            yield api.load(str(zoo_path(name)))
        except ArchError as error:
            wrong += error.diagnostics
