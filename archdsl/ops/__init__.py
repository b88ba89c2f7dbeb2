"""Operators: what each is, in one entry, a file a family. Must not know spans, graphs or frameworks."""

from archdsl.ops.operator import Operator

__all__ = ["Operator"]
