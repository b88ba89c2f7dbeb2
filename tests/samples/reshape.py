"""Samples of the family `reshape`: values rearranged. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import (
    ArgumentFact,
    DivisibilityFact,
    MissingArgumentFact,
    RankFact,
    SettingFact,
    UnknownArgumentFact,
)
from samples.sample import Bad, Sample, Word

CHANNELS, AXIS_TOKENS = Word("channels"), Word("tokens")
VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
CLIP = ((8, 3, 5, 7),)
EVEN = ((8, 12, 12),)

SAMPLES = [
    Sample("flatten", VECTOR),
    Sample("reshape", ((24,),), {"axes": (6, 2, 2)}),
    Sample("reshape", ((24,),), {"axes": (6, -1)}),
    Sample("reshape", TOKENS, {"axes": (-1,)}),
    Sample("reshape", MAP, {"axes": MAP[0]}, "nothing to do"),
    Sample("reshape", MAP, {"axes": (-1, MAP[0][2])}),
    Sample("flatten", CLIP),
    Sample("reshape", CLIP, {"axes": (24, -1)}),
    Sample("shuffle", CLIP, {"groups": 4}),
    Sample("slice", CLIP, {"from": 2, "to": 5}),
    *(Sample("slice", CLIP, {"from": 1, "to": -1, "axis": Word(axis)}) for axis in ("channels", "frames", "height", "width")),
    Sample("slice", MAP, {"from": 2, "to": 5, "axis": Word("height")}),
    Sample("flatten", TOKENS),
    Sample("flatten", MAP),
    Sample("shuffle", MAP, {"groups": 4}),
    Sample("pixelshuffle", MAP, {"factor": 2}),
    Sample("spacetodepth", EVEN, {"factor": 2}),
    Sample("spacetodepth", EVEN, {"factor": 3}),
    Sample("slice", VECTOR, {"from": 1, "to": 4}),
    Sample("slice", TOKENS, {"from": 2, "to": 8}),
    Sample("slice", MAP, {"from": -3, "to": -1, "axis": CHANNELS}),
    Sample("slice", TOKENS, {"from": 0, "to": 3, "axis": AXIS_TOKENS}),
    Sample("slice", TOKENS, {"from": -4, "to": -1, "axis": AXIS_TOKENS}),
    Sample("slice", TOKENS, {"from": 1, "axis": AXIS_TOKENS}),
    Sample("split", MAP, {"parts": 2, "axis": Word("channels")}),
    Sample("split", MAP, {"parts": 4, "i": 3}),
    Sample("split", TOKENS, {"parts": (1, 5, 2), "i": 1}),
    Sample("split", TOKENS, {"parts": (4, 1), "axis": AXIS_TOKENS, "i": 1}),
    Sample("split", MAP, {"parts": 13, "axis": Word("width"), "i": 6}),
    Sample("split", CLIP, {"parts": 3, "axis": Word("frames"), "i": 1}),
    Sample("split", MAP, {"parts": 11, "axis": Word("height"), "i": 10}),
    Sample("split", ((6, 12, 9),), {"parts": 3, "axis": Word("height")}),
    Sample("split", VECTOR, {"parts": (1, 2, 3), "i": 2}),
]

BAD = [
    Bad("reshape", ((24,),), {}, MissingArgumentFact, "axes"),
    Bad("reshape", ((24,),), {"axes": (5, 5)}, SettingFact, "axes"),
    Bad("reshape", ((24,),), {"axes": (5, -1)}, SettingFact, "axes"),
    Bad("reshape", ((24,),), {"axes": (-1, -1)}, ArgumentFact, "axes"),
    Bad("reshape", ((24,),), {"axes": 24}, ArgumentFact, "axes"),
    Bad("reshape", ((24,),), {"axes": (0, 24)}, ArgumentFact, "axes"),
    Bad("flatten", MAP, {"axis": 1}, UnknownArgumentFact, "axis"),
    Bad("shuffle", MAP, {"groups": 3}, DivisibilityFact, "groups"),
    Bad("shuffle", TOKENS, {"groups": 1}, RankFact),
    Bad("pixelshuffle", MAP, {"factor": 3}, DivisibilityFact),
    Bad("pixelshuffle", MAP, {"factor": 0}, ArgumentFact, "factor"),
    Bad("spacetodepth", MAP, {"factor": 2}, DivisibilityFact, "factor"),
    Bad("spacetodepth", ((8, 12, 13),), {"factor": 2}, DivisibilityFact, "factor"),
    Bad("slice", MAP, {"from": 8, "to": 9}, SettingFact, "from"),
    Bad("slice", MAP, {"from": -9, "to": 2}, SettingFact, "from"),
    Bad("slice", MAP, {"from": 0, "to": 9}, SettingFact, "to"),
    Bad("slice", MAP, {"from": 3, "to": 3}, SettingFact, "to"),
    Bad("slice", MAP, {"from": 3, "to": -6}, SettingFact, "to"),
    Bad("slice", MAP, {"from": 8}, SettingFact, "from"),
    Bad("slice", MAP, {"from": 0, "to": 2, "axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("slice", VECTOR, {"from": 0, "to": 2, "axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("slice", MAP, {"from": 0, "to": 2, "axis": Word("rows")}, ArgumentFact, "axis"),
    Bad("slice", MAP, {"from": 0, "to": 1, "axis": Word("frames")}, SettingFact, "axis"),
    Bad("split", MAP, {}, MissingArgumentFact, "parts"),
    Bad("split", MAP, {"parts": 3}, DivisibilityFact, "parts"),
    Bad("split", MAP, {"parts": (3, 4)}, SettingFact, "parts"),
    Bad("split", MAP, {"parts": (8, 0)}, ArgumentFact, "parts"),
    Bad("split", MAP, {"parts": 2, "axis": AXIS_TOKENS}, SettingFact, "axis"),
]
