"""Samples of the family `arithmetic`: functions of one number. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, InputFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Word

VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
CLIP = ((6, 3, 5, 7),)
RANKS = (VECTOR, TOKENS, MAP, CLIP)
_PLAIN = ("abs", "neg", "exp", "square", "reciprocal")
_POSITIVE = "of positive numbers only"

SAMPLES = [
    *(Sample(name, x) for name in _PLAIN for x in RANKS),
    *(Sample(name, x, note=_POSITIVE) for name in ("log", "sqrt") for x in RANKS),
    *(Sample("clamp", x, {"min": 0, "max": 6}) for x in RANKS),
    Sample("clamp", MAP, {"max": Fraction(1, 2)}),
    Sample("clamp", MAP, {"min": -1}),
    *(Sample("glu", x) for x in RANKS),
    *(Sample("glu", MAP, {"act": Word(act)}) for act in ("sigmoid", "tanh", "relu", "silu", "gelu")),
    Sample("glu", TOKENS, {"act": Word("gelu")}),
]

BAD = [
    Bad("exp", ((1, 2, 3, 4, 5),), {}, RankFact),
    Bad("clamp", MAP, {}, SettingFact, "min"),
    Bad("clamp", MAP, {"min": 2, "max": 1}, SettingFact, "max"),
    Bad("clamp", MAP, {"min": Word("same")}, ArgumentFact, "min"),
    Bad("glu", ((5, 7),), {}, InputFact),
    Bad("glu", MAP, {"act": Word("softmax")}, ArgumentFact, "act"),
]
