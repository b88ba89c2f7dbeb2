"""Costs that show their table in a notebook. Must not load anything before one is shown."""

from __future__ import annotations

from archdsl.analysis.cost import Cost


class ShownCost(Cost):
    """The same costs; a notebook shows them as the report by stage."""

    def _repr_html_(self) -> str:
        from archdsl.backends.tables.report import report

        return report(self.network, self, by="stage", format="html")
