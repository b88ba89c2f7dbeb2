"""Samples of the family `reductions`: over an axis. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, MissingArgumentFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Word

VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
CLIP = ((6, 3, 5, 7),)
_IN_CLIP = ("channels", "frames", "height", "width")
_AXES = (
    *((CLIP, axis) for axis in _IN_CLIP),
    *((MAP, axis) for axis in ("channels", "height", "width")),
    *((VECTOR, "channels"), (TOKENS, "tokens"), (TOKENS, "channels")),
)

SAMPLES = [
    *(Sample(name, x, {"axis": Word(axis), "keep": True}) for name in ("mean", "amax") for x, axis in _AXES),
    *(Sample(name, x, {"axis": Word(axis)}) for name in ("mean", "amax") for x, axis in _AXES if axis != "channels"),
    *(Sample("gmp", x, {"keep": keep}) for x in (TOKENS, MAP, CLIP) for keep in (False, True)),
    *(Sample("cumsum", x, {"axis": Word(axis)}) for x, axis in _AXES),
]

BAD = [
    Bad("mean", MAP, {}, MissingArgumentFact, "axis"),
    Bad("mean", MAP, {"axis": Word("tokens")}, SettingFact, "axis"),
    Bad("mean", MAP, {"axis": Word("frames")}, SettingFact, "axis"),
    Bad("mean", MAP, {"axis": Word("channels")}, SettingFact, "axis"),
    Bad("amax", TOKENS, {"axis": Word("height")}, SettingFact, "axis"),
    Bad("amax", TOKENS, {"axis": 1}, ArgumentFact, "axis"),
    Bad("gmp", VECTOR, {}, RankFact),
    Bad("cumsum", VECTOR, {"axis": Word("width")}, SettingFact, "axis"),
]
