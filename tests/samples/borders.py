"""Samples of the family `borders`: `crop` and `pad`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, AxesFact, MismatchFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Size, Word

VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
CLIP = ((8, 3, 5, 7),)
EVEN = ((8, 12, 12),)

SAMPLES = [
    Sample("crop", TOKENS, {"size": 2}),
    Sample("crop", TOKENS, {"size": 2, "offset": 3}),
    Sample("crop", ((9, 8), (4, 3)), {"like": True}),
    Sample("crop", ((9, 8), (4, 3)), {"like": True, "offset": (1,)}),
    Sample("crop", CLIP, {"size": Size((2, 4, 6))}),
    Sample("crop", (*CLIP, (3, 2, 3, 4)), {"like": True, "offset": (0, 2, 1)}),
    Sample("pad", TOKENS, {"amount": (2, 0)}, "before only"),
    Sample("pad", TOKENS, {"amount": 1, "channels": 2}),
    Sample("pad", CLIP, {"amount": (1, 2, 0)}),
    Sample("pad", CLIP, {"amount": (1, 0, 2, 1, 0, 3), "channels": 2}),
    Sample("crop", MAP, {"size": 6}),
    Sample("crop", MAP, {"size": Size((11, 4)), "offset": Word("centre"), "like": None}),
    Sample("crop", MAP, {"size": Size((6, 4)), "offset": (5, 0)}),
    Sample("crop", ((8, 11, 13), (3, 6, 8)), {"like": True}),
    Sample("crop", ((8, 11, 13), (3, 6, 8)), {"like": True, "offset": 4, "size": None}),
    Sample("pad", MAP, {"amount": 2}),
    Sample("pad", MAP, {"amount": (1, 0, 2, 3)}),
    Sample("pad", MAP, {"channels": 4}),
    Sample("pad", MAP, {"amount": (0, 1), "channels": 1}),
]

SAMPLES += [
    *(Sample("pad", MAP, {"amount": 2, "border": Word(border)}) for border in ("zeros", "reflect", "replicate", "circular")),
    Sample("pad", MAP, {"amount": (1, 0, 2, 3), "border": Word("reflect")}),
    Sample("pad", TOKENS, {"amount": (2, 0), "border": Word("replicate")}),
    Sample("pad", CLIP, {"amount": 1, "border": Word("circular")}),
]

BAD = [
    Bad("pad", MAP, {"amount": 1, "channels": 2, "border": Word("reflect")}, SettingFact, "border"),
    Bad("pad", ((8, 2, 2),), {"amount": 2, "border": Word("reflect")}, SettingFact, "border"),
    Bad("crop", MAP, {}, SettingFact, "size"),
    Bad("crop", (*MAP, *EVEN), {"size": 4, "like": True}, SettingFact, "size"),
    Bad("crop", MAP, {"size": 12}, SettingFact, "size"),
    Bad("crop", ((8, 11, 13), (8, 11, 14)), {"like": True}, SettingFact, "like"),
    Bad("crop", (*MAP, *TOKENS), {"like": True}, MismatchFact),
    Bad("crop", MAP, {"size": 6, "offset": 6}, SettingFact, "offset"),
    Bad("crop", MAP, {"size": 6, "offset": -1}, ArgumentFact, "offset"),
    Bad("crop", MAP, {"size": 6, "offset": Word("center")}, ArgumentFact, "offset"),
    Bad("crop", VECTOR, {"size": 2}, RankFact),
    Bad("crop", TOKENS, {"size": Size((2, 2))}, AxesFact, "size"),
    Bad("crop", TOKENS, {"size": 6}, SettingFact, "size"),
    Bad("crop", CLIP, {"size": 6}, SettingFact, "size"),
    Bad("pad", MAP, {"amount": -1}, ArgumentFact, "amount"),
    Bad("pad", MAP, {"amount": Word("same")}, ArgumentFact, "amount"),
    Bad("pad", MAP, {"channels": -1}, ArgumentFact, "channels"),
    Bad("pad", VECTOR, {"amount": 1}, RankFact),
    Bad("pad", TOKENS, {"amount": (1, 2, 3)}, ArgumentFact, "amount"),
    Bad("pad", CLIP, {"amount": (1, 2, 3, 4, 5)}, ArgumentFact, "amount"),
]
