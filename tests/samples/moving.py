"""Samples of the family `moving`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, AxesFact, DivisibilityFact, MissingArgumentFact, RankFact, SettingFact, WindowFact
from samples.sample import Bad, Sample, Size, Word

VECTOR = ((6,),)
TOKENS = ((12, 6),)
MAP = ((8, 11, 13),)
CLIP = ((8, 4, 5, 6),)
SAME, VALID, TF = Word("same"), Word("valid"), Word("tf")

SAMPLES = [
    Sample("roll", MAP, {"by": -3}),
    Sample("roll", MAP, {"by": (2, -1)}),
    Sample("roll", TOKENS, {"by": 2}),
    Sample("roll", CLIP, {"by": (0, 1, -1)}),
    *(Sample("roll", CLIP, {"by": 1, "axis": Word(axis)}) for axis in ("channels", "frames", "height", "width")),
    Sample("roll", TOKENS, {"by": -1, "axis": Word("tokens")}),
    Sample("roll", VECTOR, {"by": 2, "axis": Word("channels")}),
    *(Sample("flip", CLIP, {"axis": Word(axis)}) for axis in ("channels", "frames", "height", "width")),
    Sample("flip", TOKENS, {"axis": Word("tokens")}),
    Sample("flip", MAP, {"axis": Word("width")}),
    Sample("flip", VECTOR, {"axis": Word("channels")}),
    Sample("unfold", MAP, {"k": 3}),
    Sample("unfold", MAP, {"k": 2, "stride": 2, "pad": VALID}),
    Sample("unfold", MAP, {"k": Size((3, 5)), "stride": (2, 1), "pad": (1, 0, 2, 2)}),
    Sample("unfold", MAP, {"k": 3, "stride": 2, "pad": TF}),
    Sample("unfold", TOKENS, {"k": 3, "pad": (2, 0)}),
    Sample("unfold", TOKENS, {"k": 3, "stride": 2, "pad": SAME}),
    Sample("unfold", CLIP, {"k": 3, "stride": (1, 2, 2)}),
    Sample("fold", ((18, 11, 13),), {"k": 3, "size": Size((11, 13))}),
    Sample("fold", ((18, 5, 6),), {"k": 3, "size": Size((11, 13)), "stride": 2, "pad": VALID}),
    Sample("fold", ((8, 5, 6),), {"k": 2, "size": Size((10, 12)), "stride": 2, "pad": 0}, "windows side by side"),
    Sample("fold", ((18, 6, 6),), {"k": 3, "size": Size((11, 12)), "stride": 2, "pad": (1, 1, 0, 1)}),
    Sample("fold", ((12, 18),), {"k": 3, "size": 12}),
    Sample("fold", ((6, 18),), {"k": 3, "size": 12, "stride": 2, "pad": SAME}),
]

BAD = [
    Bad("roll", MAP, {}, MissingArgumentFact, "by"),
    Bad("roll", MAP, {"by": 0.5}, ArgumentFact, "by"),
    Bad("roll", MAP, {"by": (1, 2, 3)}, AxesFact, "by"),
    Bad("roll", MAP, {"by": (1, 2), "axis": Word("width")}, SettingFact, "by"),
    Bad("roll", MAP, {"by": 1, "axis": Word("tokens")}, SettingFact, "axis"),
    Bad("roll", VECTOR, {"by": 1}, SettingFact, "axis"),
    Bad("flip", MAP, {}, MissingArgumentFact, "axis"),
    Bad("flip", MAP, {"axis": Word("frames")}, SettingFact, "axis"),
    Bad("unfold", MAP, {}, MissingArgumentFact, "k"),
    Bad("unfold", ((8, 2, 2),), {"k": 3, "pad": VALID}, WindowFact),
    Bad("unfold", VECTOR, {"k": 3}, RankFact),
    Bad("fold", MAP, {"k": 3}, MissingArgumentFact, "size"),
    Bad("fold", MAP, {"k": 3, "size": 11}, DivisibilityFact, "k"),
    Bad("fold", ((18, 11, 13),), {"k": 3, "size": 12}, SettingFact, "size"),
    Bad("fold", ((18, 11, 13),), {"k": 3, "size": 11, "pad": TF}, ArgumentFact, "pad"),
    Bad("fold", CLIP, {"k": 2, "size": 4}, RankFact),
]
