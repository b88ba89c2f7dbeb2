"""Costs that show their table, printed or in a notebook. Must not load anything before one is shown."""

from __future__ import annotations

from archdsl.analysis.cost import Cost


class ShownCost(Cost):
    """The same costs; printed they are the table of `archdsl cost`, and a notebook shows the report by stage."""

    def __str__(self) -> str:
        from archdsl.backends.tables.report import report

        return report(self.network, self).rstrip("\n")

    def _repr_html_(self) -> str:
        from archdsl.backends.tables.report import report

        return report(self.network, self, by="stage", format="html")
