"""Costs as text: the summary of `archdsl compile` and the reports of `archdsl cost`. Must not compute costs."""

from archdsl.backends.tables.report import FORMATS, report
from archdsl.backends.tables.summary import summary

__all__ = ["FORMATS", "report", "summary"]
