"""Samples of the family `activation`: activations. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, DivisibilityFact, RankFact, SettingFact, UnknownArgumentFact
from samples.sample import Bad, Sample, Word

VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
CLIP = ((6, 4, 5, 7),)
RANKS = (VECTOR, TOKENS, MAP, CLIP)
_PLAIN = (
    "relu",
    "relu6",
    "silu",
    "hardswish",
    "hardsigmoid",
    "sigmoid",
    "tanh",
    "mish",
    "leaky_relu",
    "elu",
    "celu",
    "selu",
    "softplus",
    "gelu",
    "softmax",
)

SAMPLES = [
    *(Sample(name, x) for name in _PLAIN for x in RANKS),
    Sample("leaky_relu", MAP, {"slope": Fraction(1, 10)}),
    Sample("elu", MAP, {"alpha": 2}),
    Sample("gelu", MAP, {"approximate": True}),
    *(Sample("prelu", x) for x in RANKS),
    *(Sample("prelu", x, {"shared": True}) for x in RANKS),
    Sample("celu", MAP, {"alpha": 2}),
    *(Sample("softmax", x, {"groups": 2}) for x in RANKS),
    *(Sample("softmax", MAP, {"axis": Word(axis)}) for axis in ("channels", "height", "width")),
    Sample("softmax", CLIP, {"axis": Word("frames")}),
    Sample("softmax", TOKENS, {"axis": Word("tokens")}),
]

BAD = [
    Bad("celu", MAP, {"alpha": 0}, ArgumentFact, "alpha"),
    Bad("softmax", MAP, {"axis": Word("tokens")}, SettingFact, "axis"),
    Bad("softmax", TOKENS, {"axis": Word("height")}, SettingFact, "axis"),
    Bad("softmax", TOKENS, {"axis": Word("tokens"), "groups": 2}, SettingFact, "groups"),
    Bad("relu", ((1, 2, 3, 4, 5),), {}, RankFact),
    Bad("relu", MAP, {"slope": 1}, UnknownArgumentFact, "slope"),
    Bad("leaky_relu", MAP, {"slope": "1"}, ArgumentFact, "slope"),
    Bad("elu", MAP, {"alpha": -1}, ArgumentFact, "alpha"),
    Bad("gelu", MAP, {"approximate": Word("tanh")}, ArgumentFact, "approximate"),
    Bad("prelu", MAP, {"shared": 0}, ArgumentFact, "shared"),
    Bad("softmax", MAP, {"groups": 4}, DivisibilityFact, "groups"),
    Bad("softmax", TOKENS, {"groups": 0}, ArgumentFact, "groups"),
]
