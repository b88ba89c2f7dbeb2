"""The one table of operator samples, from which every law in `test_ops.py` is tested. Must not test anything itself."""

from __future__ import annotations

from samples import a, b
from samples.sample import Bad, Sample

SAMPLES: list[Sample] = [*a.SAMPLES, *b.SAMPLES]
BAD: list[Bad] = [*a.BAD, *b.BAD]

__all__ = ["BAD", "SAMPLES", "Bad", "Sample"]
