"""Samples of the family `convolution`: convolutions. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import (
    ArgumentFact,
    DivisibilityFact,
    MissingArgumentFact,
    RankFact,
    SettingFact,
    UnknownArgumentFact,
    WindowFact,
)
from samples.sample import Bad, Sample, Size, Word

SAME, VALID, TF, SCALED = Word("same"), Word("valid"), Word("tf"), Word("scaled")
VECTOR = ((6,),)
TOKENS = ((5, 6),)
MAP = ((6, 11, 13),)
EVEN = ((6, 12, 12),)
ODD = ((4, 9, 9),)

SAMPLES = [
    Sample("conv", MAP, {"k": 3, "c": 8}),
    Sample("conv", MAP, {"k": Size((1, 5)), "c": 4, "bias": False}),
    Sample("conv", EVEN, {"k": 3, "c": 4, "stride": 2}),
    Sample("conv", MAP, {"k": 3, "c": 4, "stride": (2, 1), "pad": (0, 1)}),
    Sample("conv", MAP, {"k": 2, "c": 4, "pad": SAME}, "an even kernel loses a position"),
    Sample("conv", MAP, {"k": 3, "c": 4, "pad": VALID}),
    Sample("conv", MAP, {"k": 1, "c": 4, "stride": 2}, "a window narrower than its stride"),
    Sample("conv", MAP, {"k": 3, "c": 4, "pad": 2, "dilation": 2}),
    Sample("conv", EVEN, {"k": 3, "c": 4, "pad": TF, "stride": 2}, "pads 0 before, 1 behind"),
    Sample("conv", MAP, {"k": 3, "c": 4, "pad": TF, "stride": 2}, "pads 1 and 1"),
    Sample("conv", MAP, {"k": 3, "c": 4, "pad": TF}, "stride 1: as `same`"),
    Sample("conv", MAP, {"k": 2, "c": 4, "pad": TF}),
    Sample("conv", MAP, {"k": 2, "c": 4, "pad": TF, "stride": 3}, "nothing to pad on one axis"),
    Sample("conv", MAP, {"k": Size((3, 5)), "c": 4, "pad": TF, "stride": (3, 2), "dilation": 2}),
    Sample("conv", MAP, {"k": 3, "c": 4, "pad": (0, 2, 1, 0)}),
    Sample("conv", MAP, {"k": 3, "c": 8, "groups": 2}),
    Sample("conv", MAP, {"k": 3, "c": 4, "standardize": True}),
    Sample("conv", MAP, {"k": 3, "c": 4, "standardize": SCALED, "groups": 2}),
    Sample("conv", EVEN, {"k": 3, "c": 4, "standardize": True, "pad": (0, 1, 0, 1), "bias": False}),
    Sample("conv", EVEN, {"k": 3, "c": 4, "standardize": SCALED, "pad": TF, "stride": 2}),
    Sample("dwconv", MAP, {"k": 3}),
    Sample("dwconv", MAP, {"k": 3, "mult": 2, "stride": 2, "bias": False}),
    Sample("dwconv", EVEN, {"k": 5, "stride": 2, "pad": TF}),
    Sample("dwconv", MAP, {"k": 3, "dilation": 2, "pad": VALID}),
    Sample("dwconv", MAP, {"k": 4, "pad": SAME}),
    Sample("deconv", ODD, {"k": 2, "c": 6, "stride": 2}),
    Sample("deconv", ODD, {"k": 4, "c": 6, "stride": 2, "pad": 1}),
    Sample("deconv", ODD, {"k": 3, "c": 6, "stride": 2, "pad": SAME, "output_pad": 1, "bias": False}),
    Sample("deconv", ODD, {"k": Size((3, 2)), "c": 6, "stride": (1, 3), "pad": (1, 0), "output_pad": (0, 2)}),
    Sample("deconv", ODD, {"k": 3, "c": 6, "groups": 2, "pad": VALID}),
    Sample("deconv", ODD, {"k": 4, "c": 6, "stride": 2, "pad": (1, 0, 2, 1)}),
]

BAD = [
    Bad("conv", MAP, {"c": 4}, MissingArgumentFact, "k"),
    Bad("conv", MAP, {"k": 3}, MissingArgumentFact, "c"),
    Bad("conv", MAP, {"k": 3, "c": 4, "strid": 2}, UnknownArgumentFact, "strid"),
    Bad("conv", MAP, {"k": 0, "c": 4}, ArgumentFact, "k"),
    Bad("conv", MAP, {"k": (3, 3, 3), "c": 4}, ArgumentFact, "k"),
    Bad("conv", MAP, {"k": "3", "c": 4}, ArgumentFact, "k"),
    Bad("conv", MAP, {"k": 3, "c": 0}, ArgumentFact, "c"),
    Bad("conv", MAP, {"k": 3, "c": Fraction(8, 3)}, ArgumentFact, "c"),
    Bad("conv", MAP, {"k": 3, "c": True}, ArgumentFact, "c"),
    Bad("conv", MAP, {"k": 3, "c": 4, "stride": 0}, ArgumentFact, "stride"),
    Bad("conv", MAP, {"k": 3, "c": 4, "pad": -1}, ArgumentFact, "pad"),
    Bad("conv", MAP, {"k": 3, "c": 4, "pad": (1, 2, 3)}, ArgumentFact, "pad"),
    Bad("conv", MAP, {"k": 3, "c": 4, "pad": Word("bilinear")}, ArgumentFact, "pad"),
    Bad("conv", MAP, {"k": 3, "c": 4, "pad": "same"}, ArgumentFact, "pad"),
    Bad("conv", MAP, {"k": 3, "c": 4, "dilation": 0}, ArgumentFact, "dilation"),
    Bad("conv", MAP, {"k": 3, "c": 4, "groups": 0}, ArgumentFact, "groups"),
    Bad("conv", MAP, {"k": 3, "c": 4, "bias": 1}, ArgumentFact, "bias"),
    Bad("conv", MAP, {"k": 3, "c": 4, "standardize": Word("same")}, ArgumentFact, "standardize"),
    Bad("conv", ((4, 8, 8),), {"k": 1, "c": 8, "groups": 4, "standardize": True}, SettingFact, "standardize"),
    Bad("conv", ((1, 8, 8),), {"k": 1, "c": 8, "standardize": Word("scaled")}, SettingFact, "standardize"),
    Bad("conv", MAP, {"k": 3, "c": 4, "groups": 4}, DivisibilityFact, "groups"),
    Bad("conv", MAP, {"k": 3, "c": 4, "groups": 3}, DivisibilityFact, "groups"),
    Bad("conv", MAP, {"k": 12, "c": 4, "pad": VALID}, WindowFact),
    Bad("conv", MAP, {"k": 3, "c": 4, "pad": 0, "dilation": 6}, WindowFact),
    Bad("conv", TOKENS, {"k": 3, "c": 4}, RankFact),
    Bad("dwconv", MAP, {"k": 3, "mult": 0}, ArgumentFact, "mult"),
    Bad("dwconv", MAP, {"k": 3, "groups": 2}, UnknownArgumentFact, "groups"),
    Bad("dwconv", VECTOR, {"k": 3}, RankFact),
    Bad("dwconv", MAP, {"k": Size((3, 20)), "pad": 0}, WindowFact),
    Bad("deconv", MAP, {"k": 3, "c": 4, "groups": 4}, DivisibilityFact, "groups"),
    Bad("deconv", MAP, {"k": 3, "c": 4, "groups": 3}, DivisibilityFact, "groups"),
    Bad("deconv", MAP, {"k": 3, "c": 4, "stride": 2, "output_pad": 2}, SettingFact, "output_pad"),
    Bad("deconv", MAP, {"k": 3, "c": 4, "output_pad": (0, -1)}, ArgumentFact, "output_pad"),
    Bad("deconv", MAP, {"k": 3, "c": 4, "pad": TF}, ArgumentFact, "pad"),
    Bad("deconv", MAP, {"k": 3, "c": 4, "pad": 7}, SettingFact, "pad"),
    Bad("deconv", TOKENS, {"k": 3, "c": 4}, RankFact),
]
