"""Samples of the family `scaling`: factors and shifts. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, MissingArgumentFact, UnknownArgumentFact
from samples.sample import Bad, Sample

VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
CLIP = ((8, 4, 5, 6),)

SAMPLES = [
    Sample("scale", TOKENS, {"value": Fraction(1, 3)}),
    Sample("scale", MAP, {"value": -2}),
    Sample("layerscale", TOKENS),
    Sample("layerscale", MAP, {"init": 0.1}),
    Sample("layerscale", VECTOR),
    Sample("affine", TOKENS),
    Sample("affine", MAP),
    Sample("scale", VECTOR, {"value": 2}),
    Sample("scale", CLIP, {"value": 2}),
    Sample("layerscale", CLIP),
    Sample("affine", VECTOR),
    Sample("affine", CLIP),
    Sample("gain", TOKENS),
    Sample("gain", TOKENS, {"shift": True}, "HGNetV2"),
    Sample("gain", CLIP, {"init": 1, "shift": True}),
    Sample("shift", MAP, {"value": 1}),
    Sample("shift", TOKENS, {"value": -0.5}),
    Sample("shift", VECTOR, {"value": Fraction(1, 3)}),
    Sample("shift", CLIP, {"value": 2}),
    Sample("gain", CLIP),
    Sample("gain", MAP, {"init": 1}),
    Sample("gain", VECTOR, {"init": 0.5}),
]

BAD = [
    Bad("scale", MAP, {}, MissingArgumentFact, "value"),
    Bad("scale", MAP, {"value": float("nan")}, ArgumentFact, "value"),
    Bad("layerscale", MAP, {"init": True}, ArgumentFact, "init"),
    Bad("gain", MAP, {"shift": 1}, ArgumentFact, "shift"),
    Bad("shift", MAP, {}, MissingArgumentFact, "value"),
    Bad("shift", MAP, {"value": True}, ArgumentFact, "value"),
    Bad("gain", MAP, {"init": "0"}, ArgumentFact, "init"),
    Bad("affine", MAP, {"init": 0}, UnknownArgumentFact, "init"),
]
