"""Samples of the family `regularization`: only felt in training. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, MissingArgumentFact, UnknownArgumentFact
from samples.sample import Bad, Sample

VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
CLIP = ((6, 4, 5, 7),)
RANKS = (VECTOR, TOKENS, MAP, CLIP)

SAMPLES = [
    *(Sample("dropout", x) for x in RANKS),
    Sample("dropout", MAP, {"p": 0}),
    *(Sample("droppath", x, {"p": Fraction(1, 5)}) for x in RANKS),
    Sample("droppath", MAP, {"p": 0}),
    *(Sample("identity", x) for x in RANKS),
]

BAD = [
    Bad("dropout", MAP, {"p": 1}, ArgumentFact, "p"),
    Bad("dropout", MAP, {"p": Fraction(-1, 2)}, ArgumentFact, "p"),
    Bad("droppath", MAP, {}, MissingArgumentFact, "p"),
    Bad("droppath", MAP, {"p": True}, ArgumentFact, "p"),
    Bad("identity", MAP, {"p": 0}, UnknownArgumentFact, "p"),
]
