"""Samples of the family `linear`: the linear layer. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, RankFact
from samples.sample import Bad, Sample

VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)

SAMPLES = [
    Sample("linear", VECTOR, {"c": 4}),
    Sample("linear", TOKENS, {"c": 4, "bias": False}),
]

BAD = [
    Bad("linear", MAP, {"c": 4}, RankFact),
    Bad("linear", VECTOR, {"c": -4}, ArgumentFact, "c"),
]
