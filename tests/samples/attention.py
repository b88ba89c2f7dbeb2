"""Samples of the family `attention`: attention. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, DivisibilityFact, MismatchFact, MissingArgumentFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Word

BIAS, MLP = Word("bias"), Word("mlp")
VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
EVEN = ((8, 12, 12),)

SAMPLES = [
    Sample("attention", TOKENS, {"heads": 2}),
    Sample("attention", TOKENS, {"heads": 1, "bias": False, "out_bias": False}),
    Sample("attention", TOKENS, {"heads": 4, "dim": 12, "scale": Fraction(1, 8)}),
    Sample("attention", TOKENS, {"heads": 2, "scale": None, "relpos": None, "kv": None}),
    Sample("attention", TOKENS, {"heads": 2, "talking": True}, "CaiT"),
    Sample("attention", TOKENS, {"heads": 2, "cosine": True}),
    Sample("attention", TOKENS, {"heads": 2, "cosine": True, "talking": True, "bias": False}),
    Sample("attention", ((1, 8), (5, 8)), {"heads": 2, "kv": True}, "class attention"),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "dim": 4, "bias": False}),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "talking": True}),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "cosine": True}),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "cosine": True, "talking": True}),
    Sample("attention", ((8, 4, 5),), {"heads": 2}, "over all positions of a map"),
    Sample("attention", ((8, 4, 5),), {"heads": 2, "relpos": BIAS}),
    Sample("attention", ((8, 4, 5),), {"heads": 2, "relpos": MLP, "cosine": True}),
    Sample("attention", ((8, 4, 5),), {"heads": 2, "talking": True}),
    Sample("attention", EVEN, {"heads": 2, "window": 4}),
    Sample("attention", EVEN, {"heads": 2, "window": (3, 4), "dim": 16, "bias": False}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "relpos": BIAS}, "Swin"),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "shift": 2}),
    Sample("attention", MAP, {"heads": 2, "window": 4, "shift": (1, 2), "relpos": BIAS}, "padded"),
    Sample("attention", ((8, 4, 12),), {"heads": 2, "window": 4, "shift": 2}, "one window covers the height"),
    Sample("attention", ((8, 3, 4),), {"heads": 2, "window": 4, "shift": 2}, "the window is larger than the map"),
    Sample("attention", EVEN, {"heads": 2, "window": (0, 4)}, "stripes"),
    Sample("attention", EVEN, {"heads": 2, "window": 3, "grid": True, "relpos": BIAS, "scale": 0.25}, "MaxViT"),
    Sample("attention", MAP, {"heads": 2, "window": 4, "grid": True}),
    Sample("attention", MAP, {"heads": 2, "window": 4, "shift": 2, "relpos": MLP, "cosine": True}, "Swin V2"),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "cosine": True}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "cosine": True, "relpos": BIAS}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "relpos": MLP}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "talking": True, "relpos": BIAS}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "talking": True, "cosine": True, "relpos": MLP, "grid": True}),
    Sample("matmul", ((5, 8), (8, 3)), {"other": True}),
    Sample("matmul", ((5, 8), (3, 8)), {"other": True, "transpose": True}),
    Sample("matmul", ((5, 5), (5, 5)), {"other": True}, "a square is one both ways"),
]

BAD = [
    Bad("attention", TOKENS, {}, MissingArgumentFact, "heads"),
    Bad("attention", TOKENS, {"heads": 0}, ArgumentFact, "heads"),
    Bad("attention", TOKENS, {"heads": 3}, DivisibilityFact, "heads"),
    Bad("attention", TOKENS, {"heads": 4, "dim": 10}, DivisibilityFact, "heads"),
    Bad("attention", TOKENS, {"heads": 4, "dim": "8"}, ArgumentFact, "dim"),
    Bad("attention", VECTOR, {"heads": 2}, RankFact),
    Bad("attention", TOKENS, {"heads": 2, "window": 4}, SettingFact, "window"),
    Bad("attention", TOKENS, {"heads": 2, "shift": 2}, SettingFact, "shift"),
    Bad("attention", TOKENS, {"heads": 2, "grid": True}, SettingFact, "grid"),
    Bad("attention", TOKENS, {"heads": 2, "relpos": BIAS}, SettingFact, "relpos"),
    Bad("attention", EVEN, {"heads": 2, "window": -1}, ArgumentFact, "window"),
    Bad("attention", EVEN, {"heads": 2, "shift": 2}, SettingFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": 4}, SettingFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": (1, 2, 3)}, ArgumentFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "grid": True}, SettingFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "grid": True}, SettingFact, "grid"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "talking": True}, SettingFact, "talking"),
    Bad("attention", EVEN, {"heads": 2, "relpos": True}, ArgumentFact, "relpos"),
    Bad("attention", EVEN, {"heads": 2, "cosine": True, "scale": 0.5}, SettingFact, "scale"),
    Bad("attention", EVEN, {"heads": 2, "scale": 0}, ArgumentFact, "scale"),
    Bad("attention", EVEN, {"heads": 2, "bias": 1}, ArgumentFact, "bias"),
    Bad("attention", EVEN, {"heads": 2, "out_bias": 1}, ArgumentFact, "out_bias"),
    Bad("attention", EVEN, {"heads": 2, "talking": 1}, ArgumentFact, "talking"),
    Bad("attention", EVEN, {"heads": 2, "cosine": 1}, ArgumentFact, "cosine"),
    Bad("attention", (*EVEN, *TOKENS), {"heads": 2, "kv": True}, RankFact),
    Bad("attention", (*TOKENS, *EVEN), {"heads": 2, "kv": True}, MismatchFact),
    Bad("matmul", ((5, 8), (5, 8)), {"other": True}, MismatchFact),
    Bad("matmul", ((5, 8), (5, 7)), {"other": True, "transpose": True}, MismatchFact),
    Bad("matmul", ((5, 8), (8,)), {"other": True}, MismatchFact),
    Bad("matmul", ((8, 5, 5), (5, 8)), {"other": True}, RankFact),
    Bad("matmul", TOKENS, {}, MissingArgumentFact, "other"),
    Bad("matmul", TOKENS, {"other": None}, ArgumentFact, "other"),
]
