"""Samples of the family `resize`: interpolation. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, AxesFact, MismatchFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Size, Word

NEAREST, LINEAR, BILINEAR, TRILINEAR = map(Word, ("nearest", "linear", "bilinear", "trilinear"))
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
EVEN = ((8, 12, 12),)
CLIP = ((8, 4, 5, 6),)

SAMPLES = [
    Sample("upsample", MAP),
    Sample("upsample", MAP, {"scale": 3, "mode": BILINEAR}),
    Sample("upsample", MAP, {"scale": Fraction(3, 2)}),
    Sample("upsample", MAP, {"scale": 0.25}),
    Sample("upsample", MAP, {"scale": Fraction(7, 5), "mode": BILINEAR, "align_corners": True}),
    Sample("upsample", MAP, {"size": 20, "mode": BILINEAR}),
    Sample("upsample", MAP, {"size": Size((4, 5)), "mode": NEAREST, "like": None}),
    Sample("upsample", ((8, 11, 13), (3, 22, 30)), {"like": True, "mode": BILINEAR, "size": None}),
    Sample("upsample", ((8, 11, 13), (3, 22, 39)), {"like": True, "mode": BILINEAR, "align_corners": True}),
    Sample("upsample", TOKENS),
    Sample("upsample", TOKENS, {"scale": Fraction(3, 2), "mode": LINEAR}),
    Sample("upsample", TOKENS, {"size": 9, "mode": LINEAR, "align_corners": True}),
    Sample("upsample", ((5, 8), (12, 3)), {"like": True}),
    Sample("upsample", CLIP, {"scale": 3}),
    Sample("upsample", CLIP, {"mode": TRILINEAR}),
    Sample("upsample", CLIP, {"size": Size((8, 3, 9)), "mode": TRILINEAR, "align_corners": True}),
    Sample("upsample", (*CLIP, (2, 4, 10, 12)), {"like": True, "mode": TRILINEAR}),
]

SAMPLES += [
    Sample("upsample", MAP, {"mode": Word("bicubic")}),
    Sample("upsample", MAP, {"mode": Word("bicubic"), "size": Size((9, 20)), "align_corners": True}),
    Sample("upsample", MAP, {"mode": Word("bicubic"), "scale": Fraction(3, 2)}),
    Sample("upsample", MAP, {"mode": Word("area"), "scale": Fraction(1, 2)}),
    Sample("upsample", MAP, {"mode": Word("area"), "size": Size((5, 20))}),
    Sample("upsample", TOKENS, {"mode": Word("area"), "size": 3}),
    Sample("upsample", CLIP, {"mode": Word("area"), "scale": 2}),
]

BAD = [
    Bad("upsample", TOKENS, {"mode": Word("bicubic")}, SettingFact, "mode"),
    Bad("upsample", MAP, {"mode": Word("area"), "align_corners": True}, SettingFact, "align_corners"),
    Bad("upsample", MAP, {"scale": 0}, ArgumentFact, "scale"),
    Bad("upsample", MAP, {"scale": -2}, ArgumentFact, "scale"),
    Bad("upsample", MAP, {"scale": float("inf")}, ArgumentFact, "scale"),
    Bad("upsample", MAP, {"scale": Fraction(1, 12)}, SettingFact, "scale"),
    Bad("upsample", MAP, {"mode": Word("cubic")}, ArgumentFact, "mode"),
    Bad("upsample", MAP, {"mode": "nearest"}, ArgumentFact, "mode"),
    Bad("upsample", MAP, {"align_corners": True}, SettingFact, "align_corners"),
    Bad("upsample", (*MAP, *EVEN), {"size": 4, "like": True}, SettingFact, "like"),
    Bad("upsample", (*MAP, *TOKENS), {"like": True}, MismatchFact),
    Bad("upsample", ((6,),), {}, RankFact),
    Bad("upsample", TOKENS, {"mode": BILINEAR}, SettingFact, "mode"),
    Bad("upsample", CLIP, {"mode": BILINEAR}, SettingFact, "mode"),
    Bad("upsample", TOKENS, {"size": Size((2, 2))}, AxesFact, "size"),
]
