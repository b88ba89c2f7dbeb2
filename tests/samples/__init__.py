"""The one table of operator samples, from which every law of operators is tested: a file a family. Must not test anything."""

from __future__ import annotations

from importlib import import_module

from archdsl.ops.registry import FAMILIES
from samples.sample import Bad, Sample

_FILES = [import_module(f"samples.{family.__name__.rpartition('.')[2]}") for family in FAMILIES]
SAMPLES: list[Sample] = [row for file in _FILES for row in file.SAMPLES]
BAD: list[Bad] = [row for file in _FILES for row in file.BAD]


def file_of(operator: str) -> str:
    """Where the rows of an operator are."""
    families = {one.name: family.__name__ for family in FAMILIES for one in family.OPERATORS}
    return f"tests/samples/{families[operator].rpartition('.')[2]}.py"


__all__ = ["BAD", "SAMPLES", "Bad", "Sample", "file_of"]
