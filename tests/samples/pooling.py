"""Samples of the family `pooling`: pools. Must not test anything itself."""

from __future__ import annotations

from typing import Any

from archdsl.ops.facts import (
    ArgumentFact,
    AxesFact,
    MismatchFact,
    MissingArgumentFact,
    RankFact,
    SettingFact,
    UnknownArgumentFact,
    WindowFact,
)
from archdsl.shapes import Shape
from samples.sample import Bad, Sample, Size, Word

SAME, VALID, TF, SCALED = Word("same"), Word("valid"), Word("tf"), Word("scaled")
VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
EVEN = ((6, 12, 12),)
WORDS = ((12, 6),)
CLIP = ((6, 5, 7, 8),)
_SLIDING = ("maxpool", "avgpool")
_WINDOWS: list[tuple[tuple[Shape, ...], dict[str, Any]]] = [
    (WORDS, {"k": 2}),
    (WORDS, {"k": 3, "stride": 2, "pad": 1, "ceil": True}),
    (WORDS, {"k": 3, "stride": 2, "pad": (1, 0)}),
    (WORDS, {"k": 4, "stride": 3, "pad": TF}),
    (WORDS, {"k": 3, "stride": 1, "pad": SAME}),
    (CLIP, {"k": 2}),
    (CLIP, {"k": Size((1, 3, 3)), "stride": (1, 2, 2), "pad": (0, 1, 1)}),
    (CLIP, {"k": 3, "stride": 2, "pad": TF}),
    (CLIP, {"k": 2, "stride": 2, "pad": (0, 1, 1, 0, 0, 1), "ceil": True}),
    (CLIP, {"k": 3, "stride": 2, "ceil": True}),
]

SAMPLES = [
    Sample("maxpool", EVEN, {"k": 2}),
    Sample("maxpool", MAP, {"k": 3, "stride": 2, "pad": 1}),
    Sample("maxpool", MAP, {"k": 3, "stride": 1, "pad": SAME}),
    Sample("maxpool", EVEN, {"k": 3, "stride": 2, "ceil": True}),
    Sample("maxpool", MAP, {"k": 2, "stride": 2, "pad": 1, "ceil": True}, "no window starts in the right padding"),
    Sample("maxpool", ((6, 1, 1),), {"k": 2, "ceil": True}, "a window that overhangs"),
    Sample("maxpool", MAP, {"k": Size((2, 3)), "stride": (1, 2), "dilation": 2}),
    Sample("maxpool", EVEN, {"k": 3, "stride": 2, "pad": TF}),
    Sample("maxpool", MAP, {"k": 2, "stride": 2, "pad": TF, "dilation": 2, "ceil": True}),
    Sample("maxpool", EVEN, {"k": 2, "pad": VALID}),
    Sample("maxpool", MAP, {"k": 3, "stride": 2, "pad": (0, 1, 1, 0)}),
    Sample("maxpool", MAP, {"k": 3, "stride": 2, "pad": (0, 1, 0, 0), "ceil": True}),
    Sample("maxpool", EVEN, {"k": 2, "pad": (1, 1, 0, 1), "stride": 3, "ceil": True}),
    Sample("avgpool", EVEN, {"k": 2}),
    Sample("avgpool", MAP, {"k": 3, "stride": 2, "pad": 1}),
    Sample("avgpool", MAP, {"k": 3, "stride": 1, "pad": SAME, "include_pad": False}),
    Sample("avgpool", EVEN, {"k": 3, "stride": 2, "ceil": True}),
    Sample("avgpool", EVEN, {"k": 3, "stride": 2, "pad": TF, "include_pad": False}),
    Sample("avgpool", MAP, {"k": 3, "stride": 2, "pad": (0, 1, 1, 0), "ceil": True}),
    Sample("avgpool", MAP, {"k": Size((1, 4)), "stride": (1, 4), "pad": VALID}),
    *(Sample(pool, x, settings) for pool in _SLIDING for x, settings in _WINDOWS),
    Sample("maxpool", WORDS, {"k": 2, "dilation": 3, "stride": 1}),
    Sample("maxpool", CLIP, {"k": 2, "dilation": (2, 1, 2), "stride": 1}),
    Sample("avgpool", WORDS, {"k": 3, "stride": 2, "pad": (1, 0), "include_pad": False}),
    Sample("avgpool", CLIP, {"k": 3, "stride": 2, "pad": 1, "include_pad": False}),
    Sample("avgpool", CLIP, {"k": 3, "stride": 2, "pad": TF, "include_pad": False}),
    Sample("adaptive_avgpool", WORDS, {"size": 1}),
    *(Sample(f"adaptive_{kind}pool", WORDS, {"size": 5}) for kind in ("avg", "max")),
    *(Sample(f"adaptive_{kind}pool", CLIP, {"size": Size((2, 3, 5))}) for kind in ("avg", "max")),
    *(Sample(f"channel_{kind}pool", CLIP) for kind in ("avg", "max")),
    Sample("gap", CLIP),
    Sample("gap", CLIP, {"keep": True}),
    Sample("unpool", ((6, 6), (6, 6), (12, 6)), {"pool": True}),
    Sample("unpool", ((6, 2, 3, 4), (6, 2, 3, 4), (6, 5, 7, 8)), {"pool": True}),
    Sample("adaptive_avgpool", EVEN, {"size": 3}),
    Sample("adaptive_avgpool", MAP, {"size": Size((4, 5))}),
    Sample("adaptive_avgpool", MAP, {"size": 1}),
    Sample("adaptive_avgpool", ((2, 3, 3),), {"size": 7}, "more windows than positions"),
    Sample("adaptive_maxpool", EVEN, {"size": (8, 3)}),
    Sample("adaptive_maxpool", MAP, {"size": 2}),
    Sample("gap", MAP),
    Sample("gap", MAP, {"keep": True}),
    Sample("gap", TOKENS),
    Sample("gap", TOKENS, {"keep": True}),
    Sample("unpool", ((6, 6, 6), (6, 6, 6), (6, 12, 12)), {"pool": True}),
    Sample("unpool", ((6, 4, 6), (6, 4, 6), (6, 9, 13)), {"pool": True}, "a pool that left a row over"),
    Sample("channel_avgpool", MAP),
    Sample("channel_avgpool", TOKENS),
    Sample("channel_maxpool", MAP),
    Sample("channel_maxpool", TOKENS),
]

BAD = [
    *(Bad(pool, VECTOR, {"k": 2}, RankFact) for pool in _SLIDING),
    *(Bad(pool, TOKENS, {"k": Size((2, 2))}, AxesFact, "k") for pool in _SLIDING),
    *(Bad(pool, WORDS, {"k": 3, "pad": (0, 2)}, SettingFact, "pad") for pool in _SLIDING),
    *(Bad(pool, CLIP, {"k": 6}, WindowFact) for pool in _SLIDING),
    *(Bad(pool, MAP, {"k": 3, "pad": 2}, SettingFact, "pad") for pool in _SLIDING),
    *(Bad(pool, MAP, {"k": 3, "pad": (0, 0, 0, 2)}, SettingFact, "pad") for pool in _SLIDING),
    *(Bad(pool, MAP, {"k": 12}, WindowFact) for pool in _SLIDING),
    *(Bad(pool, ((6, 1, 1),), {"k": 3, "stride": 2, "ceil": True}, WindowFact) for pool in _SLIDING),
    *(Bad(pool, MAP, {"k": 3, "ceil": 1}, ArgumentFact, "ceil") for pool in _SLIDING),
    Bad("maxpool", MAP, {"k": 3, "dilation": 6}, WindowFact),
    Bad("maxpool", MAP, {"k": 3, "pad": SCALED}, ArgumentFact, "pad"),
    Bad("avgpool", MAP, {"k": 3, "dilation": 2}, UnknownArgumentFact, "dilation"),
    Bad("avgpool", MAP, {"k": 3, "include_pad": 0}, ArgumentFact, "include_pad"),
    Bad("adaptive_avgpool", MAP, {"size": 0}, ArgumentFact, "size"),
    Bad("adaptive_avgpool", VECTOR, {"size": 1}, RankFact),
    Bad("adaptive_avgpool", TOKENS, {"size": Size((1, 1))}, AxesFact, "size"),
    Bad("adaptive_maxpool", MAP, {"size": (1, 0)}, ArgumentFact, "size"),
    Bad("gap", VECTOR, {}, RankFact),
    Bad("gap", MAP, {"keep": 1}, ArgumentFact, "keep"),
    Bad("unpool", ((6, 6, 6), (6, 6, 5), (6, 12, 10)), {"pool": True}, MismatchFact),
    Bad("unpool", ((5, 6, 6), (6, 6, 6), (6, 12, 12)), {"pool": True}, MismatchFact),
    Bad("unpool", ((6, 6), (6, 6, 6), (6, 12, 12)), {"pool": True}, MismatchFact),
    Bad("unpool", ((6,), (6, 6, 6), (6, 12, 12)), {"pool": True}, RankFact),
    Bad("unpool", MAP, {"pool": None}, ArgumentFact, "pool"),
    Bad("unpool", MAP, {}, MissingArgumentFact, "pool"),
    Bad("channel_avgpool", VECTOR, {}, RankFact),
    Bad("channel_maxpool", MAP, {"keep": True}, UnknownArgumentFact, "keep"),
]
