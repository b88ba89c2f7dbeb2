"""Samples of the family `rearranging`. Must not test anything itself."""

from __future__ import annotations

from archdsl.ops.facts import ArgumentFact, DivisibilityFact, MissingArgumentFact, PatternFact, SettingFact
from samples.sample import Bad, Sample, Word

VECTOR = ((24,),)
TOKENS = ((12, 6),)
MAP = ((8, 12, 18),)
CLIP = ((8, 4, 6, 6),)

SAMPLES = [
    Sample("rearrange", MAP, {"pattern": "c (h p) (w q) -> (c p q) h w", "sizes": (("p", 2), ("q", 3))}),
    Sample("rearrange", MAP, {"pattern": "(c p q) h w -> c (h p) (w q)", "sizes": (("p", 2), ("q", 2))}, "pixel shuffle"),
    Sample("rearrange", MAP, {"pattern": "c h w -> w h c"}),
    Sample("rearrange", MAP, {"pattern": "c h w -> (h w) c"}, "tokens"),
    Sample("rearrange", MAP, {"pattern": "c h w -> c h w"}, "nothing to do"),
    Sample("rearrange", MAP, {"pattern": "c h w -> (c h w)"}),
    Sample("rearrange", MAP, {"pattern": "(a b) h w -> (b a) h w", "sizes": (("a", 2),)}, "shuffle"),
    Sample("rearrange", TOKENS, {"pattern": "t (n d) -> n t d", "sizes": (("n", 3),)}, "heads"),
    Sample("rearrange", TOKENS, {"pattern": "t d -> d 1 t"}),
    Sample("rearrange", ((5, 1, 6),), {"pattern": "c 1 w -> w c"}),
    Sample("rearrange", VECTOR, {"pattern": "(c h w) -> c h w", "sizes": (("h", 2), ("w", 3))}),
    Sample("rearrange", CLIP, {"pattern": "c t h w -> (t c) h w"}),
    Sample("rearrange", CLIP, {"pattern": "c t (h p) w -> (c p) t h w", "sizes": (("p", 2),)}),
]

BAD = [
    Bad("rearrange", MAP, {}, MissingArgumentFact, "pattern"),
    Bad("rearrange", MAP, {"pattern": Word("c")}, ArgumentFact, "pattern"),
    Bad("rearrange", MAP, {"pattern": 3}, ArgumentFact, "pattern"),
    *(
        Bad("rearrange", MAP, {"pattern": pattern}, PatternFact)
        for pattern in (
            "c h w",
            "c h w -> c h w -> c",
            "c (h w -> c h w",
            "c ((h w) -> c h w",
            "c h) w -> c h w",
            "c h h -> c h",
            "c h w -> c h",
            "c h w -> c h w d",
            "c h -> c h",
            "c (h p) w -> c h (w p)",
            "c h w -> ...",
            "1 h w -> h w",
            "c h w -> 1 1 c h w",
            "",
        )
    ),
    Bad("rearrange", MAP, {"pattern": "c (h p) w -> (c p) h w", "sizes": (("p", 5),)}, DivisibilityFact),
    Bad("rearrange", MAP, {"pattern": "c (h p) w -> (c p) h w", "sizes": (("q", 2),)}, SettingFact),
    Bad("rearrange", MAP, {"pattern": "c (h p) w -> (c p) h w", "sizes": (("p", 0),)}, SettingFact),
    Bad("rearrange", MAP, {"pattern": "c h w -> h w c", "sizes": (("c", 9),)}, PatternFact),
]
