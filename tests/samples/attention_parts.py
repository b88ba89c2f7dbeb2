"""Samples of the family `attention_parts`: attention without its projections. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import ArgumentFact, DivisibilityFact, MismatchFact, RankFact, SettingFact
from samples.sample import Bad, Sample

QUERY, KEYS, VALUES = (5, 8), (7, 8), (7, 12)
ALL = {"key": True, "value": True}
MAP = (8, 11, 13)

SAMPLES = [
    Sample("attend", (QUERY, KEYS, KEYS), ALL),
    Sample("attend", (QUERY, KEYS, KEYS), {**ALL, "heads": 2}),
    Sample("attend", (QUERY, KEYS, KEYS), {**ALL, "heads": 4, "scale": Fraction(1, 8)}),
    Sample("attend", (QUERY, QUERY, QUERY), {**ALL, "heads": 2, "causal": True}, "GPT-2"),
    Sample("attend", (QUERY, (7, 4), (7, 4)), {**ALL, "heads": 4, "kv_heads": 2}, "LLaMA 2"),
    Sample("attend", (QUERY, (7, 2), (7, 2)), {**ALL, "heads": 4, "kv_heads": 1}),
    Sample("attend", (QUERY, KEYS, VALUES), {**ALL, "heads": 2}, "values of another width"),
    Sample("attend", (QUERY, KEYS, VALUES), ALL),
    Sample("attend", (QUERY, (7, 4), (7, 6)), {**ALL, "heads": 4, "kv_heads": 2}),
    Sample("attend", (QUERY, KEYS, KEYS, (2, 5, 7)), {**ALL, "heads": 2, "bias": True}, "BEiT"),
    Sample("attend", (QUERY, KEYS, KEYS, (1, 5, 7)), {**ALL, "heads": 2, "bias": True}, "one bias for all heads"),
    Sample("attend", (QUERY, KEYS, KEYS, (1, 5, 7)), {**ALL, "bias": True}),
    Sample("attend", (QUERY, KEYS, VALUES, (2, 5, 7)), {**ALL, "heads": 2, "bias": True}, "LeViT"),
    Sample("attend", (QUERY, (7, 4), (7, 4), (4, 5, 7)), {**ALL, "heads": 4, "kv_heads": 2, "bias": True}),
    Sample("logits", (QUERY, KEYS), {"key": True}),
    Sample("logits", (QUERY, KEYS), {"key": True, "heads": 2}),
    Sample("logits", (QUERY, KEYS), {"key": True, "heads": 4, "scale": Fraction(1, 8)}),
    Sample("logits", (QUERY, (7, 4)), {"key": True, "heads": 4, "kv_heads": 2}),
    Sample("weigh", ((2, 5, 7), VALUES), {"value": True}),
    Sample("weigh", ((1, 5, 7), VALUES), {"value": True}),
    Sample("weigh", ((4, 5, 7), (7, 6)), {"value": True, "kv_heads": 2}),
]

BAD = [
    Bad("attend", (QUERY, KEYS, KEYS), {**ALL, "heads": 3}, DivisibilityFact, "heads"),
    Bad("attend", (QUERY, KEYS, KEYS), {**ALL, "heads": 4, "kv_heads": 3}, DivisibilityFact, "kv_heads"),
    Bad("attend", (QUERY, KEYS, VALUES), {**ALL, "heads": 8, "kv_heads": 8}, DivisibilityFact, "kv_heads"),
    Bad("attend", (QUERY, KEYS, QUERY), ALL, MismatchFact),
    Bad("attend", (QUERY, VALUES, VALUES), ALL, MismatchFact),
    Bad("attend", (QUERY, MAP, MAP), ALL, MismatchFact),
    Bad("attend", (QUERY, KEYS, KEYS), {**ALL, "causal": True}, SettingFact, "causal"),
    Bad("attend", (QUERY, KEYS, KEYS), {**ALL, "scale": 0}, ArgumentFact, "scale"),
    Bad("attend", (MAP, KEYS, KEYS), ALL, RankFact),
    Bad("attend", (QUERY, KEYS, KEYS, (2, 5, 5)), {**ALL, "heads": 2, "bias": True}, MismatchFact),
    Bad("attend", (QUERY, KEYS, KEYS, (2, 5, 7)), {**ALL, "heads": 4, "bias": True}, MismatchFact),
    Bad("attend", (QUERY, KEYS, KEYS, (5, 7)), {**ALL, "bias": True}, MismatchFact),
    Bad("attend", (QUERY, QUERY, QUERY, (1, 5, 5)), {**ALL, "bias": True, "causal": True}, SettingFact, "causal"),
    Bad("logits", (QUERY, VALUES), {"key": True}, MismatchFact),
    Bad("logits", (QUERY, KEYS), {"key": True, "heads": 0}, ArgumentFact, "heads"),
    Bad("logits", (QUERY, KEYS), {"key": True, "heads": 3}, DivisibilityFact, "heads"),
    Bad("logits", (MAP, KEYS), {"key": True}, RankFact),
    Bad("weigh", ((2, 5, 6), VALUES), {"value": True}, MismatchFact),
    Bad("weigh", ((2, 5, 7), (7, 5)), {"value": True}, DivisibilityFact, "kv_heads"),
    Bad("weigh", ((4, 5, 7), VALUES), {"value": True, "kv_heads": 3}, DivisibilityFact, "kv_heads"),
    Bad("weigh", (KEYS, VALUES), {"value": True}, RankFact),
]
