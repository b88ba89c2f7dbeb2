"""Samples of the family `joins`: joins. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, MismatchFact, OperandsFact, SettingFact
from samples.sample import Bad, Sample, Word

CHANNELS, AXIS_TOKENS = Word("channels"), Word("tokens")
VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
_JOINS = ("add", "sub", "mul", "div", "max", "min")
_BESIDE_MAP = ((8, 1, 1), (1, 11, 13), (8,), (1, 1, 1), (8, 1, 13))
_BESIDE_TOKENS = ((8,), (1, 8), (5, 1), (1, 1))
CLIP = ((8, 4, 5, 7),)
_BESIDE_CLIP = ((8, 1, 1, 1), (1, 4, 5, 7), (8,), (8, 4, 1, 1))

SAMPLES = [
    Sample("add", VECTOR * 2),
    Sample("add", MAP * 2),
    Sample("add", TOKENS * 4),
    *(Sample(name, x) for name in ("mul", "max", "min") for x in (VECTOR * 2, TOKENS * 3, MAP * 4)),
    *(Sample(name, x * 2) for name in ("sub", "div") for x in (VECTOR, TOKENS, MAP)),
    *(Sample(name, (MAP[0], small)) for name in _JOINS for small in _BESIDE_MAP),
    *(Sample(name, (small, MAP[0])) for name in _JOINS for small in _BESIDE_MAP),
    *(Sample(name, (TOKENS[0], small)) for name in _JOINS for small in _BESIDE_TOKENS),
    *(Sample(name, ((8, 1, 1), (1, 11, 13)), note="neither is the whole") for name in _JOINS),
    Sample("mul", ((8, 11, 13), (1, 11, 13), (8, 1, 1), (8, 11, 13))),
    Sample("mul", ((8, 1, 1), (8,), (8, 11, 13)), note="the small ones first"),
    Sample("max", ((8, 1, 1), (8,), (8, 11, 13)), note="the small ones first"),
    *(Sample(name, CLIP * 2) for name in _JOINS),
    *(Sample(name, (CLIP[0], small)) for name in _JOINS for small in _BESIDE_CLIP),
    Sample("mul", ((8, 1, 1, 1), (8, 4, 5, 7))),
    *(Sample("concat", CLIP * 2, {"axis": Word(axis)}) for axis in ("channels", "frames", "height", "width")),
    Sample("concat", ((8, 4, 3), (8, 2, 3)), {"axis": Word("height")}),
    Sample("concat", ((6,), (4,))),
    Sample("concat", ((5, 8), (5, 3)), {"axis": CHANNELS}),
    Sample("concat", ((5, 8), (3, 8)), {"axis": AXIS_TOKENS}),
    Sample("concat", ((5, 8), (5, 8)), {}, "either axis would do"),
    Sample("concat", ((8, 11, 13), (4, 11, 13), (1, 11, 13)), {"split": False}),
    Sample("concat", ((8, 11, 13), (4,)), note="a vector at every position"),
    Sample("concat", ((4, 1, 1), (8, 11, 13), (2, 1, 13))),
    Sample("concat", ((5, 8), (3,))),
    Sample("concat", ((5, 8), (1, 3))),
]

BAD = [
    Bad("add", ((8, 11, 13), (8, 11, 12)), {}, MismatchFact),
    Bad("add", ((5, 8), (5,)), {}, MismatchFact),
    Bad("add", (*MAP, *CLIP), {}, MismatchFact),
    Bad("mul", (*CLIP, (4, 5, 7)), {}, MismatchFact),
    Bad("mul", (*CLIP, (8, 3, 1, 1)), {}, MismatchFact),
    Bad("concat", MAP * 2, {"axis": Word("frames")}, SettingFact, "axis"),
    Bad("concat", (*CLIP, (8, 4, 5, 6)), {"axis": Word("frames")}, MismatchFact),
    Bad("mul", ((8, 11, 13), (11,)), {}, MismatchFact),
    Bad("mul", ((8, 11, 13), (5, 8)), {}, MismatchFact),
    Bad("sub", MAP * 3, {}, OperandsFact),
    Bad("div", MAP * 3, {}, OperandsFact),
    Bad("concat", ((8, 11, 13), (4, 11, 12)), {}, MismatchFact),
    Bad("concat", ((8, 11, 13), (5, 8)), {}, MismatchFact),
    Bad("concat", ((5, 8), (4, 7)), {"axis": AXIS_TOKENS}, MismatchFact),
    Bad("concat", MAP * 2, {"axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("concat", MAP * 2, {"split": 1}, ArgumentFact, "split"),
]
