"""Samples of the family `places`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, DivisibilityFact, MissingArgumentFact, RankFact, SettingFact
from samples.sample import Bad, Sample, Size, Word

MAP = (6, 8, 9)
TOKENS = (12, 6)
OFFSETS = (18, 8, 9)
GIVEN = {"k": 3, "c": 4, "offsets": True}

SAMPLES = [
    Sample("sample", (MAP, (2, 5, 7)), {"grid": True}),
    Sample("sample", (MAP, (2, 8, 9)), {"grid": True, "align_corners": True}),
    Sample("correlate", (MAP, MAP), {"other": True, "radius": 2}),
    Sample("correlate", (MAP, MAP), {"other": True, "radius": 0}),
    Sample("roialign", (MAP, (5, 4)), {"size": 3, "boxes": True, "ratio": 2}),
    Sample("roialign", (MAP, (5, 4)), {"size": Size((2, 3)), "boxes": True, "ratio": 1, "scale": 0.5, "aligned": True}),
    Sample("deform_conv", (MAP, OFFSETS), GIVEN),
    Sample("deform_conv", (MAP, OFFSETS, (9, 8, 9)), {**GIVEN, "mask": True}, "v2"),
    Sample("deform_conv", (MAP, (36, 4, 5)), {**GIVEN, "stride": 2, "bias": False}, "offsets of two slices"),
    Sample("deform_conv", (MAP, (36, 6, 7), (18, 6, 7)), {**GIVEN, "mask": True, "pad": Word("valid"), "groups": 2}),
    Sample("deform_conv", (MAP, OFFSETS), {**GIVEN, "dilation": 2, "pad": Word("same")}),
    Sample("roialign", (MAP, (5, 4)), {"size": 3, "boxes": True, "ratio": 2, "aligned": True}),
]

BAD = [
    Bad("sample", (MAP,), {}, MissingArgumentFact, "grid"),
    Bad("sample", (MAP, (3, 5, 7)), {"grid": True}, SettingFact, "grid"),
    Bad("sample", (MAP, TOKENS), {"grid": True}, SettingFact, "grid"),
    Bad("sample", (TOKENS, (2, 5, 7)), {"grid": True}, RankFact),
    Bad("correlate", (MAP, (6, 8, 8)), {"other": True, "radius": 2}, SettingFact, "other"),
    Bad("correlate", (MAP, MAP), {"other": True}, MissingArgumentFact, "radius"),
    Bad("correlate", (MAP, MAP), {"other": True, "radius": -1}, ArgumentFact, "radius"),
    Bad("roialign", (MAP, (5, 3)), {"size": 3, "boxes": True}, SettingFact, "boxes"),
    Bad("roialign", (MAP, MAP), {"size": 3, "boxes": True}, SettingFact, "boxes"),
    Bad("roialign", (MAP, (5, 4)), {"size": 3, "boxes": True, "ratio": 17}, ArgumentFact, "ratio"),
    Bad("roialign", (MAP, (5, 4)), {"boxes": True}, MissingArgumentFact, "size"),
    Bad("roialign", (MAP, (5, 4)), {"size": 3, "boxes": True, "scale": 0}, ArgumentFact, "scale"),
    Bad("deform_conv", (MAP, (17, 8, 9)), GIVEN, SettingFact, "offsets"),
    Bad("deform_conv", (MAP, (18, 4, 5)), GIVEN, SettingFact, "offsets"),
    Bad("deform_conv", (MAP, (72, 8, 9)), GIVEN, DivisibilityFact, "offsets"),
    Bad("deform_conv", (MAP, OFFSETS, (18, 8, 9)), {**GIVEN, "mask": True}, SettingFact, "mask"),
    Bad("deform_conv", (MAP, OFFSETS, (8, 8, 9)), {**GIVEN, "mask": True}, SettingFact, "mask"),
    Bad("deform_conv", (MAP, OFFSETS), {**GIVEN, "groups": 4}, DivisibilityFact, "groups"),
    Bad("deform_conv", (TOKENS, OFFSETS), GIVEN, RankFact),
]
