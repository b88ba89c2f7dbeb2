"""Samples of the family `positions`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import (
    ArgumentFact,
    DivisibilityFact,
    InputFact,
    MismatchFact,
    MissingArgumentFact,
    RankFact,
    SettingFact,
)
from samples.sample import Bad, Sample, Size, Word

MAP, TOKENS, VIDEO = (8, 3, 4), (12, 8), (8, 2, 3, 4)


def kind(name: str) -> Word:
    return Word(name)


SAMPLES = [
    Sample("relpos", (MAP,), {"heads": 2}),
    Sample("relpos", (MAP,), {"heads": 2, "kind": kind("bias")}, "the kind in words"),
    Sample("relpos", (TOKENS,), {"heads": 2}, "along one axis"),
    Sample("relpos", (MAP,), {"heads": 2, "size": Size((2, 3))}, "of a window"),
    Sample("relpos", (VIDEO,), {"heads": 2, "size": 2, "kind": kind("mlp")}, "of a window of a video"),
    Sample("relpos", (VIDEO,), {"heads": 1}),
    Sample("relpos", ((13, 8),), {"heads": 2, "size": Size((3, 4)), "prefix": 1}, "BEiT"),
    Sample("relpos", ((8, 2, 2), (8, 4, 4)), {"heads": 2, "keys": True}, "keys have more places"),
    Sample("relpos", ((8, 6, 4), (8, 3, 2)), {"heads": 2, "keys": True}, "queries have more places"),
    Sample("relpos", (MAP,), {"heads": 2, "kind": kind("abs")}, "LeViT"),
    Sample("relpos", ((8, 2, 2), (8, 4, 4)), {"heads": 2, "kind": kind("abs"), "keys": True}),
    Sample("relpos", ((14, 8),), {"heads": 2, "kind": kind("abs"), "size": Size((3, 4)), "prefix": 2}),
    Sample("relpos", (MAP,), {"heads": 2, "kind": kind("mlp")}, "Swin V2"),
    Sample("relpos", (MAP,), {"heads": 2, "kind": kind("mlp"), "hidden": 16, "out_bias": True, "bounded": False}, "MaxViT"),
    Sample("relpos", (TOKENS,), {"heads": 2, "kind": kind("mlp")}),
    Sample("relpos", (TOKENS,), {"heads": 2, "kind": kind("buckets")}, "T5"),
    Sample("relpos", (TOKENS,), {"heads": 2, "kind": kind("buckets"), "buckets": 6, "far": 9, "both": False}),
    Sample("relpos", (TOKENS, (7, 8)), {"heads": 2, "kind": kind("buckets"), "keys": True}),
    Sample("relpos", (MAP,), {"heads": 2, "kind": kind("axial")}, "SAM"),
    Sample("relpos", ((8, 2, 2), (8, 4, 4)), {"heads": 2, "kind": kind("axial"), "keys": True}),
    Sample("relpos", (VIDEO, (8, 2, 6, 4)), {"heads": 1, "kind": kind("axial"), "keys": True}, "MViT v2"),
    Sample("relpos", ((13, 8),), {"heads": 2, "kind": kind("axial"), "size": Size((3, 4)), "prefix": 1}),
    Sample("relpos", (TOKENS,), {"heads": 2, "kind": kind("axial")}),
    Sample("rotary", (TOKENS,), {"pairs": Word("adjacent")}),
    Sample("rotary", (TOKENS,), {"heads": 2, "base": 100}),
    Sample("rotary", (TOKENS,), {"heads": 2, "pairs": Word("halves")}, "LLaMA"),
    Sample("rotary", ((13, 8),), {"heads": 2, "size": Size((3, 4)), "prefix": 1}, "EVA-02"),
    Sample("rotary", (TOKENS,), {"heads": 1, "size": Size((3, 4)), "pairs": Word("halves")}),
    Sample("sines", ((1,),), {"d": 6, "pairs": Word("adjacent")}),
    Sample("sines", ((1,),), {"d": 6, "pairs": Word("halves")}, "DDPM"),
    Sample("sines", (TOKENS,), {"d": 6}, "the Transformer"),
    Sample("sines", (MAP,), {"d": 8, "base": 100, "pairs": Word("halves")}),
    Sample("sines", (VIDEO,), {"d": 12}),
    Sample("causal", ((2, 5, 5),), {}),
]

BAD = [
    Bad("relpos", (MAP,), {}, MissingArgumentFact, "heads"),
    Bad("relpos", ((8,),), {"heads": 2}, RankFact),
    Bad("relpos", (MAP,), {"heads": 2, "kind": Word("same")}, ArgumentFact, "kind"),
    Bad("relpos", (MAP,), {"heads": 2, "size": Size((3, 4, 2))}, SettingFact, "size"),
    Bad("relpos", (TOKENS,), {"heads": 2, "size": Size((3, 3))}, SettingFact, "size"),
    Bad("relpos", (TOKENS,), {"heads": 2, "size": Size((3, 4)), "prefix": 1}, SettingFact, "size"),
    Bad("relpos", (TOKENS,), {"heads": 2, "prefix": 12}, SettingFact, "prefix"),
    Bad("relpos", (MAP, TOKENS), {"heads": 2, "keys": True}, MismatchFact),
    Bad("relpos", (MAP, (8, 5, 4)), {"heads": 2, "keys": True}, DivisibilityFact, "the shorter one"),
    Bad("relpos", (MAP,), {"heads": 2, "hidden": 64}, SettingFact, "hidden"),
    Bad("relpos", (MAP,), {"heads": 2, "kind": kind("abs"), "both": False}, SettingFact, "both"),
    Bad("relpos", (MAP,), {"heads": 2, "kind": kind("buckets")}, SettingFact, "kind"),
    Bad("relpos", (TOKENS,), {"heads": 2, "kind": kind("buckets"), "buckets": 3}, SettingFact, "buckets"),
    Bad("relpos", (TOKENS,), {"heads": 2, "kind": kind("buckets"), "far": 8}, SettingFact, "far"),
    Bad("relpos", (TOKENS,), {"heads": 2, "kind": kind("buckets"), "prefix": 1}, SettingFact, "prefix"),
    Bad("relpos", (MAP,), {"heads": 3, "kind": kind("axial")}, DivisibilityFact, "heads"),
    Bad("rotary", (MAP,), {}, RankFact),
    Bad("rotary", (TOKENS,), {"heads": 3}, DivisibilityFact, "heads"),
    Bad("rotary", (TOKENS,), {"heads": 8}, DivisibilityFact),
    Bad("rotary", (TOKENS,), {"heads": 4, "size": Size((3, 4))}, DivisibilityFact),
    Bad("rotary", (TOKENS,), {"base": 0}, ArgumentFact, "base"),
    Bad("sines", ((2,),), {"d": 6}, InputFact),
    Bad("sines", ((1,),), {"d": 5}, DivisibilityFact),
    Bad("sines", (MAP,), {"d": 6}, DivisibilityFact),
    Bad("sines", (MAP,), {}, MissingArgumentFact, "d"),
    Bad("causal", ((2, 5, 6),), {}, MismatchFact),
    Bad("causal", (TOKENS,), {}, RankFact),
]
