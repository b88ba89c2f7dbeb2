"""Operators: one entry for each, one file per family. Must not know spans, graphs or frameworks."""

from archdsl.ops.operator import Operator

__all__ = ["Operator"]
