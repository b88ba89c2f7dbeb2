"""Samples of the family `joins`: joins. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, MismatchFact, SettingFact
from samples.sample import Bad, Sample, Word

CHANNELS, AXIS_TOKENS = Word("channels"), Word("tokens")
VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)

SAMPLES = [
    Sample("add", VECTOR * 2),
    Sample("add", MAP * 2),
    Sample("add", TOKENS * 4),
    Sample("mul", VECTOR * 2),
    Sample("mul", MAP * 2),
    Sample("mul", ((8, 11, 13), (8, 1, 1)), note="squeeze-and-excite"),
    Sample("mul", ((8, 1, 1), (8, 11, 13)), note="the gate first"),
    Sample("mul", ((8, 11, 13), (1, 11, 13)), note="a spatial gate"),
    Sample("mul", ((8, 11, 13), (8,))),
    Sample("mul", ((5, 8), (8,))),
    Sample("mul", ((8, 11, 13), (1, 11, 13), (8, 1, 1), (8, 11, 13))),
    Sample("concat", ((6,), (4,))),
    Sample("concat", ((5, 8), (5, 3)), {"axis": CHANNELS}),
    Sample("concat", ((5, 8), (3, 8)), {"axis": AXIS_TOKENS}),
    Sample("concat", ((5, 8), (5, 8)), {}, "either axis would do"),
    Sample("concat", ((8, 11, 13), (4, 11, 13), (1, 11, 13)), {"split": False}),
]

BAD = [
    Bad("add", ((8, 11, 13), (8, 11, 12)), {}, MismatchFact),
    Bad("add", ((8, 11, 13), (8, 1, 1)), {}, MismatchFact),
    Bad("add", ((5, 8), (8,)), {}, MismatchFact),
    Bad("mul", ((8, 11, 13), (1, 1, 1)), {}, MismatchFact),
    Bad("mul", ((8, 1, 1), (1, 11, 13)), {}, MismatchFact),
    Bad("mul", ((8, 11, 13), (11,)), {}, MismatchFact),
    Bad("mul", ((5, 8), (5, 1)), {}, MismatchFact),
    Bad("concat", ((8, 11, 13), (4, 11, 12)), {}, MismatchFact),
    Bad("concat", ((8, 11, 13), (8,)), {}, MismatchFact),
    Bad("concat", ((5, 8), (4, 7)), {"axis": AXIS_TOKENS}, MismatchFact),
    Bad("concat", MAP * 2, {"axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("concat", MAP * 2, {"split": 1}, ArgumentFact, "split"),
]
