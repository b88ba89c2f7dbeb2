"""Samples of the family `recurrent`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, MissingArgumentFact, RankFact
from samples.sample import Bad, Sample

VECTOR = ((6,),)
TOKENS = ((12, 6),)
MAP = ((8, 11, 13),)

SAMPLES = [
    row
    for name in ("lstm", "gru", "rnn")
    for row in (
        Sample(name, ((5, 6),), {"d": 8}),
        Sample(name, TOKENS, {"d": 5, "bidirectional": True}),
        Sample(name, TOKENS, {"d": 8, "layers": 2}),
        Sample(name, ((7, 4),), {"d": 3, "layers": 3, "bidirectional": True}),
    )
]

BAD = [
    Bad("lstm", TOKENS, {}, MissingArgumentFact, "d"),
    Bad("lstm", TOKENS, {"d": 0}, ArgumentFact, "d"),
    Bad("gru", TOKENS, {"d": 8, "layers": 0}, ArgumentFact, "layers"),
    Bad("gru", TOKENS, {"d": 8, "layers": 65}, ArgumentFact, "layers"),
    Bad("rnn", TOKENS, {"d": 8, "bidirectional": 1}, ArgumentFact, "bidirectional"),
    Bad("rnn", MAP, {"d": 8}, RankFact),
    Bad("lstm", VECTOR, {"d": 8}, RankFact),
]
