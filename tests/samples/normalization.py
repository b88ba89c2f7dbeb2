"""Samples of the family `normalization`: norms. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, DivisibilityFact, InputFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Word

VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
CLIP = ((6, 4, 5, 7),)
RANKS = (VECTOR, TOKENS, MAP, CLIP)

SAMPLES = [
    *(Sample("bn", x) for x in RANKS),
    Sample("bn", MAP, {"eps": Fraction(1, 1000), "momentum": Fraction(1, 100)}),
    Sample("bn", MAP, {"affine": False}),
    *(Sample("layernorm", x) for x in RANKS),
    Sample("layernorm", MAP, {"eps": Fraction(1, 10**6), "affine": False}),
    Sample("layernorm", TOKENS, {"eps": Fraction(1, 10**6), "affine": False}),
    *(Sample("rmsnorm", x) for x in RANKS),
    Sample("rmsnorm", MAP, {"eps": Fraction(1, 1000), "affine": False}),
    Sample("rmsnorm", TOKENS, {"affine": False}),
    Sample("groupnorm", ((64, 3, 4),)),
    Sample("groupnorm", MAP, {"groups": 3, "eps": Fraction(1, 1000)}),
    Sample("groupnorm", TOKENS, {"groups": 3}),
    Sample("groupnorm", CLIP, {"groups": 2}),
    Sample("instancenorm", TOKENS),
    Sample("instancenorm", TOKENS, {"affine": True}),
    Sample("instancenorm", CLIP),
    Sample("instancenorm", CLIP, {"affine": True}),
    Sample("layernorm", CLIP, {"affine": False}),
    Sample("layernorm", TOKENS, {"bias": False}, "CAFormer"),
    Sample("layernorm", MAP, {"bias": False}),
    Sample("layernorm", CLIP, {"bias": False, "affine": False}),
    Sample("grn", CLIP),
    Sample("lrn", CLIP, {"k": 2}),
    *(Sample("l2norm", CLIP, {"axis": Word(axis)}) for axis in ("channels", "frames", "height", "width")),
    Sample("instancenorm", MAP),
    Sample("instancenorm", MAP, {"affine": True, "eps": Fraction(1, 1000)}),
    Sample("lrn", MAP),
    Sample("l2norm", MAP),
    Sample("l2norm", TOKENS, {"eps": Fraction(1, 1000)}),
    Sample("l2norm", TOKENS, {"axis": Word("channels")}),
    Sample("l2norm", TOKENS, {"axis": Word("tokens")}),
    Sample("l2norm", VECTOR),
    Sample("grn", MAP),
    Sample("grn", TOKENS),
    Sample("grn", TOKENS, {"eps": Fraction(1, 1000)}),
    Sample("lrn", MAP, {"size": 4, "alpha": Fraction(1, 2), "beta": Fraction(1, 2), "k": 2}),
]

BAD = [
    Bad("bn", MAP, {"eps": 0}, ArgumentFact, "eps"),
    Bad("bn", MAP, {"momentum": 2}, ArgumentFact, "momentum"),
    Bad("bn", MAP, {"affine": None}, ArgumentFact, "affine"),
    Bad("layernorm", MAP, {"eps": float("nan")}, ArgumentFact, "eps"),
    Bad("layernorm", MAP, {"eps": float("inf")}, ArgumentFact, "eps"),
    Bad("rmsnorm", MAP, {"eps": 0}, ArgumentFact, "eps"),
    Bad("rmsnorm", TOKENS, {"eps": Fraction(1, 2)}, ArgumentFact, "eps"),
    Bad("rmsnorm", VECTOR, {"affine": 1}, ArgumentFact, "affine"),
    Bad("groupnorm", MAP, {}, DivisibilityFact, "groups"),
    Bad("groupnorm", MAP, {"groups": Fraction(1, 2)}, ArgumentFact, "groups"),
    Bad("groupnorm", VECTOR, {"groups": 1}, RankFact),
    Bad("groupnorm", TOKENS, {"groups": 4}, DivisibilityFact, "groups"),
    Bad("instancenorm", ((6, 1, 1),), {}, InputFact),
    Bad("groupnorm", ((6, 1, 1),), {"groups": 6}, InputFact),
    Bad("instancenorm", ((1, 6),), {}, InputFact),
    Bad("instancenorm", VECTOR, {}, RankFact),
    Bad("l2norm", MAP, {"axis": Word("tokens")}, SettingFact, "axis"),
    Bad("l2norm", MAP, {"axis": 1}, ArgumentFact, "axis"),
    Bad("l2norm", MAP, {"eps": 0}, ArgumentFact, "eps"),
    Bad("grn", VECTOR, {}, RankFact),
    Bad("grn", MAP, {"eps": 0}, ArgumentFact, "eps"),
    Bad("lrn", VECTOR, {}, RankFact),
    Bad("lrn", MAP, {"size": 0}, ArgumentFact, "size"),
    Bad("lrn", MAP, {"alpha": 10**400}, ArgumentFact, "alpha"),
]
