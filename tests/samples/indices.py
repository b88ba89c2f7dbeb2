"""Samples of the family `indices`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, IndicesFact, MissingArgumentFact, SettingFact
from archdsl.shapes import Indices
from samples.sample import Bad, Sample

WORDS, PALETTE = Indices((5,), 7), Indices((3, 4), 7)

SAMPLES = [
    Sample("embedding", (WORDS,), {"d": 6}, "BERT"),
    Sample("embedding", (PALETTE,), {"d": 6}, "iGPT"),
    Sample("lookup", (WORDS, (7, 6)), {"table": True}),
    Sample("lookup", (PALETTE, (7, 6)), {"table": True}),
    Sample("onehot", (WORDS,)),
    Sample("onehot", (PALETTE,)),
]

BAD = [
    Bad("embedding", (WORDS,), {}, MissingArgumentFact, "d"),
    Bad("embedding", (WORDS,), {"d": 0}, ArgumentFact, "d"),
    Bad("embedding", ((5,),), {"d": 6}, IndicesFact),
    Bad("lookup", (WORDS, (6, 6)), {"table": True}, SettingFact, "table"),
    Bad("lookup", (WORDS, (7,)), {"table": True}, SettingFact, "table"),
    Bad("lookup", (WORDS, WORDS), {"table": True}, IndicesFact),
    Bad("onehot", ((5, 6),), {}, IndicesFact),
]
