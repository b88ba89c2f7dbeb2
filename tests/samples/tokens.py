"""Samples of the family `tokens`: tokens. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, MissingArgumentFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Size

VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)

SAMPLES = [
    Sample("tokens", ((8, 2, 3, 4),)),
    Sample("grid", ((24, 8),), {"size": (2, 3, 4)}),
    Sample("posembed", ((8, 2, 3, 4),)),
    Sample("learned", ((8, 2, 3, 4),), {"t": 3, "d": 4}),
    Sample("tokens", MAP),
    Sample("grid", ((9, 8),), {}),
    Sample("grid", ((12, 8),), {"size": Size((3, 4))}),
    Sample("grid", ((16, 8),), {"size": None}),
    Sample("transpose", TOKENS),
    Sample("class_token", TOKENS),
    Sample("class_token", TOKENS, {"n": 2}),
    Sample("posembed", TOKENS),
    Sample("posembed", MAP),
    Sample("select", TOKENS, {"i": 0}),
    Sample("select", TOKENS, {"i": -1}),
    Sample("learned", VECTOR, {"t": 3, "d": 4}),
    Sample("learned", TOKENS, {"t": 3, "d": 8}),
    Sample("learned", MAP, {"t": 1, "d": 8}),
    Sample("learned", MAP, {"t": 6}, "a vector"),
    Sample("learned", TOKENS, {"t": 6, "d": 3, "w": 2}, "a map"),
    Sample("constant", MAP, {"value": 1, "axes": (1, 11, 13)}),
    Sample("constant", TOKENS, {"value": -0.5, "axes": (6,)}),
    Sample("constant", VECTOR, {"value": 0, "axes": (2, 3)}),
    Sample("constant", VECTOR, {"value": 2, "axes": (2, 3, 4, 5)}),
    Sample("constant", ((8, 2, 3, 4),), {"value": 2, "axes": (5,)}),
]

BAD = [
    Bad("grid", ((24, 8),), {"size": (2, 3, 5)}, SettingFact, "size"),
    Bad("grid", ((24, 8),), {"size": (1, 2, 3, 4)}, ArgumentFact, "size"),
    Bad("grid", ((24, 8),), {"size": (24,)}, ArgumentFact, "size"),
    Bad("tokens", TOKENS, {}, RankFact),
    Bad("grid", ((10, 8),), {}, SettingFact, "size"),
    Bad("grid", ((12, 8),), {"size": Size((3, 5))}, SettingFact, "size"),
    Bad("grid", ((12, 8),), {"size": 0}, ArgumentFact, "size"),
    Bad("grid", MAP, {}, RankFact),
    Bad("transpose", MAP, {}, RankFact),
    Bad("class_token", MAP, {}, RankFact),
    Bad("class_token", TOKENS, {"n": 0}, ArgumentFact, "n"),
    Bad("posembed", VECTOR, {}, RankFact),
    Bad("select", TOKENS, {"i": 5}, SettingFact, "i"),
    Bad("select", TOKENS, {"i": -6}, SettingFact, "i"),
    Bad("select", TOKENS, {"i": 0.5}, ArgumentFact, "i"),
    Bad("select", MAP, {"i": 0}, RankFact),
    Bad("learned", MAP, {}, MissingArgumentFact, "t"),
    Bad("learned", MAP, {"t": 1, "w": 2}, SettingFact, "w"),
    Bad("constant", MAP, {"value": 1}, MissingArgumentFact, "axes"),
    Bad("constant", MAP, {"value": 1, "axes": 3}, ArgumentFact, "axes"),
    Bad("constant", MAP, {"value": 1, "axes": (1, 2, 3, 4, 5)}, ArgumentFact, "axes"),
    Bad("constant", MAP, {"value": 1, "axes": (0,)}, ArgumentFact, "axes"),
    Bad("constant", MAP, {"value": "x", "axes": (1,)}, ArgumentFact, "value"),
    Bad("learned", MAP, {"t": 0, "d": 1}, ArgumentFact, "t"),
]
