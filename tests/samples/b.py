"""Samples of attention, tokens, reshapes, resizing, joins and scaling. Must not test anything itself."""

from __future__ import annotations

from fractions import Fraction

from archdsl.ops.facts import (
    ArgumentFact,
    DivisibilityFact,
    MismatchFact,
    MissingArgumentFact,
    RankFact,
    SettingFact,
    UnknownArgumentFact,
)
from samples.sample import Bad, Sample, Size, Word

NEAREST, BILINEAR = Word("nearest"), Word("bilinear")
CHANNELS, AXIS_TOKENS = Word("channels"), Word("tokens")
BIAS, MLP = Word("bias"), Word("mlp")

VECTOR = ((6,),)
TOKENS = ((5, 8),)
MAP = ((8, 11, 13),)
EVEN = ((8, 12, 12),)
ODD = ((8, 9, 15),)

_ATTENTION = [
    Sample("attention", TOKENS, {"heads": 2}),
    Sample("attention", TOKENS, {"heads": 1, "bias": False, "out_bias": False}),
    Sample("attention", TOKENS, {"heads": 4, "dim": 12, "scale": Fraction(1, 8)}),
    Sample("attention", TOKENS, {"heads": 2, "scale": None, "relpos": None, "kv": None}),
    Sample("attention", TOKENS, {"heads": 2, "talking": True}, "CaiT"),
    Sample("attention", TOKENS, {"heads": 2, "cosine": True}),
    Sample("attention", TOKENS, {"heads": 2, "cosine": True, "talking": True, "bias": False}),
    Sample("attention", ((1, 8), (5, 8)), {"heads": 2, "kv": True}, "class attention"),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "dim": 4, "bias": False}),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "talking": True}),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "cosine": True}),
    Sample("attention", ((3, 8), (5, 6)), {"heads": 2, "kv": True, "cosine": True, "talking": True}),
    Sample("attention", ((8, 4, 5),), {"heads": 2}, "over all positions of a map"),
    Sample("attention", ((8, 4, 5),), {"heads": 2, "relpos": BIAS}),
    Sample("attention", ((8, 4, 5),), {"heads": 2, "relpos": MLP, "cosine": True}),
    Sample("attention", ((8, 4, 5),), {"heads": 2, "talking": True}),
    Sample("attention", EVEN, {"heads": 2, "window": 4}),
    Sample("attention", EVEN, {"heads": 2, "window": (3, 4), "dim": 16, "bias": False}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "relpos": BIAS}, "Swin"),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "shift": 2}),
    Sample("attention", MAP, {"heads": 2, "window": 4, "shift": (1, 2), "relpos": BIAS}, "padded"),
    Sample("attention", ((8, 4, 12),), {"heads": 2, "window": 4, "shift": 2}, "one window covers the height"),
    Sample("attention", ((8, 3, 4),), {"heads": 2, "window": 4, "shift": 2}, "the window is larger than the map"),
    Sample("attention", EVEN, {"heads": 2, "window": (0, 4)}, "stripes"),
    Sample("attention", EVEN, {"heads": 2, "window": 3, "grid": True, "relpos": BIAS, "scale": 0.25}, "MaxViT"),
    Sample("attention", MAP, {"heads": 2, "window": 4, "grid": True}),
    Sample("attention", MAP, {"heads": 2, "window": 4, "shift": 2, "relpos": MLP, "cosine": True}, "Swin V2"),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "cosine": True}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "cosine": True, "relpos": BIAS}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "relpos": MLP}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "talking": True, "relpos": BIAS}),
    Sample("attention", EVEN, {"heads": 2, "window": 4, "talking": True, "cosine": True, "relpos": MLP, "grid": True}),
    Sample("matmul", ((5, 8), (8, 3)), {"other": True}),
    Sample("matmul", ((5, 8), (3, 8)), {"other": True, "transpose": True}),
]

_TOKENS = [
    Sample("tokens", MAP),
    Sample("grid", ((9, 8),), {}),
    Sample("grid", ((12, 8),), {"size": Size((3, 4))}),
    Sample("grid", ((16, 8),), {"size": None}),
    Sample("transpose", TOKENS),
    Sample("class_token", TOKENS),
    Sample("class_token", TOKENS, {"n": 2}),
    Sample("posembed", TOKENS),
    Sample("posembed", MAP),
    Sample("select", TOKENS, {"i": 0}),
    Sample("select", TOKENS, {"i": -1}),
    Sample("learned", VECTOR, {"t": 3, "d": 4}),
    Sample("learned", TOKENS, {"t": 3, "d": 8}),
    Sample("learned", MAP, {"t": 1, "d": 8}),
]

_RESHAPES = [
    Sample("flatten", VECTOR),
    Sample("flatten", TOKENS),
    Sample("flatten", MAP),
    Sample("shuffle", MAP, {"groups": 4}),
    Sample("pixelshuffle", MAP, {"factor": 2}),
    Sample("spacetodepth", EVEN, {"factor": 2}),
    Sample("spacetodepth", EVEN, {"factor": 3}),
    Sample("slice", VECTOR, {"from": 1, "to": 4}),
    Sample("slice", TOKENS, {"from": 2, "to": 8}),
    Sample("slice", MAP, {"from": -3, "to": -1, "axis": CHANNELS}),
    Sample("slice", TOKENS, {"from": 0, "to": 3, "axis": AXIS_TOKENS}),
    Sample("slice", TOKENS, {"from": -4, "to": -1, "axis": AXIS_TOKENS}),
    Sample("crop", MAP, {"size": 6}),
    Sample("crop", MAP, {"size": Size((11, 4)), "offset": Word("centre"), "like": None}),
    Sample("crop", MAP, {"size": Size((6, 4)), "offset": (5, 0)}),
    Sample("crop", ((8, 11, 13), (3, 6, 8)), {"like": True}),
    Sample("crop", ((8, 11, 13), (3, 6, 8)), {"like": True, "offset": 4, "size": None}),
    Sample("pad", MAP, {"amount": 2}),
    Sample("pad", MAP, {"amount": (1, 0, 2, 3)}),
    Sample("pad", MAP, {"channels": 4}),
    Sample("pad", MAP, {"amount": (0, 1), "channels": 1}),
]

_RESIZING = [
    Sample("upsample", MAP),
    Sample("upsample", MAP, {"scale": 3, "mode": BILINEAR}),
    Sample("upsample", MAP, {"scale": Fraction(3, 2)}),
    Sample("upsample", MAP, {"scale": 0.25}),
    Sample("upsample", MAP, {"scale": Fraction(7, 5), "mode": BILINEAR, "align_corners": True}),
    Sample("upsample", MAP, {"size": 20, "mode": BILINEAR}),
    Sample("upsample", MAP, {"size": Size((4, 5)), "mode": NEAREST, "like": None}),
    Sample("upsample", ((8, 11, 13), (3, 22, 30)), {"like": True, "mode": BILINEAR, "size": None}),
    Sample("upsample", ((8, 11, 13), (3, 22, 39)), {"like": True, "mode": BILINEAR, "align_corners": True}),
]

_JOINS = [
    Sample("add", VECTOR * 2),
    Sample("add", MAP * 2),
    Sample("add", TOKENS * 4),
    Sample("mul", VECTOR * 2),
    Sample("mul", MAP * 2),
    Sample("mul", ((8, 11, 13), (8, 1, 1)), note="squeeze-and-excite"),
    Sample("mul", ((8, 1, 1), (8, 11, 13)), note="the gate first"),
    Sample("mul", ((8, 11, 13), (1, 11, 13)), note="a spatial gate"),
    Sample("mul", ((8, 11, 13), (8,))),
    Sample("mul", ((5, 8), (8,))),
    Sample("mul", ((8, 11, 13), (1, 11, 13), (8, 1, 1), (8, 11, 13))),
    Sample("concat", ((6,), (4,))),
    Sample("concat", ((5, 8), (5, 3)), {"axis": CHANNELS}),
    Sample("concat", ((5, 8), (3, 8)), {"axis": AXIS_TOKENS}),
    Sample("concat", ((8, 11, 13), (4, 11, 13), (1, 11, 13)), {"split": False}),
]

_SCALING = [
    Sample("scale", TOKENS, {"value": Fraction(1, 3)}),
    Sample("scale", MAP, {"value": -2}),
    Sample("layerscale", TOKENS),
    Sample("layerscale", MAP, {"init": 0.1}),
    Sample("layerscale", VECTOR),
    Sample("affine", TOKENS),
    Sample("affine", MAP),
    Sample("gain", MAP, {"init": 1}),
    Sample("gain", VECTOR, {"init": 0.5}),
]

SAMPLES = [*_ATTENTION, *_TOKENS, *_RESHAPES, *_RESIZING, *_JOINS, *_SCALING]

_BAD_ATTENTION = [
    Bad("attention", TOKENS, {}, MissingArgumentFact, "heads"),
    Bad("attention", TOKENS, {"heads": 0}, ArgumentFact, "heads"),
    Bad("attention", TOKENS, {"heads": 3}, DivisibilityFact, "heads"),
    Bad("attention", TOKENS, {"heads": 4, "dim": 10}, DivisibilityFact, "heads"),
    Bad("attention", TOKENS, {"heads": 4, "dim": "8"}, ArgumentFact, "dim"),
    Bad("attention", VECTOR, {"heads": 2}, RankFact),
    Bad("attention", TOKENS, {"heads": 2, "window": 4}, SettingFact, "window"),
    Bad("attention", TOKENS, {"heads": 2, "shift": 2}, SettingFact, "shift"),
    Bad("attention", TOKENS, {"heads": 2, "grid": True}, SettingFact, "grid"),
    Bad("attention", TOKENS, {"heads": 2, "relpos": BIAS}, SettingFact, "relpos"),
    Bad("attention", EVEN, {"heads": 2, "window": -1}, ArgumentFact, "window"),
    Bad("attention", EVEN, {"heads": 2, "shift": 2}, SettingFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": 4}, SettingFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": (1, 2, 3)}, ArgumentFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "grid": True}, SettingFact, "shift"),
    Bad("attention", EVEN, {"heads": 2, "grid": True}, SettingFact, "grid"),
    Bad("attention", EVEN, {"heads": 2, "window": 4, "shift": 2, "talking": True}, SettingFact, "talking"),
    Bad("attention", EVEN, {"heads": 2, "relpos": True}, ArgumentFact, "relpos"),
    Bad("attention", EVEN, {"heads": 2, "cosine": True, "scale": 0.5}, SettingFact, "scale"),
    Bad("attention", EVEN, {"heads": 2, "scale": 0}, ArgumentFact, "scale"),
    Bad("attention", EVEN, {"heads": 2, "bias": 1}, ArgumentFact, "bias"),
    Bad("attention", EVEN, {"heads": 2, "out_bias": 1}, ArgumentFact, "out_bias"),
    Bad("attention", EVEN, {"heads": 2, "talking": 1}, ArgumentFact, "talking"),
    Bad("attention", EVEN, {"heads": 2, "cosine": 1}, ArgumentFact, "cosine"),
    Bad("attention", (*EVEN, *TOKENS), {"heads": 2, "kv": True}, RankFact),
    Bad("attention", (*TOKENS, *EVEN), {"heads": 2, "kv": True}, MismatchFact),
    Bad("matmul", ((5, 8), (5, 8)), {"other": True}, MismatchFact),
    Bad("matmul", ((5, 8), (5, 7)), {"other": True, "transpose": True}, MismatchFact),
    Bad("matmul", ((5, 8), (8,)), {"other": True}, MismatchFact),
    Bad("matmul", ((8, 5, 5), (5, 8)), {"other": True}, RankFact),
    Bad("matmul", TOKENS, {}, MissingArgumentFact, "other"),
    Bad("matmul", TOKENS, {"other": None}, ArgumentFact, "other"),
]

_BAD_TOKENS = [
    Bad("tokens", TOKENS, {}, RankFact),
    Bad("grid", ((10, 8),), {}, SettingFact, "size"),
    Bad("grid", ((12, 8),), {"size": Size((3, 5))}, SettingFact, "size"),
    Bad("grid", ((12, 8),), {"size": 0}, ArgumentFact, "size"),
    Bad("grid", MAP, {}, RankFact),
    Bad("transpose", MAP, {}, RankFact),
    Bad("class_token", MAP, {}, RankFact),
    Bad("class_token", TOKENS, {"n": 0}, ArgumentFact, "n"),
    Bad("posembed", VECTOR, {}, RankFact),
    Bad("select", TOKENS, {"i": 5}, SettingFact, "i"),
    Bad("select", TOKENS, {"i": -6}, SettingFact, "i"),
    Bad("select", TOKENS, {"i": 0.5}, ArgumentFact, "i"),
    Bad("select", MAP, {"i": 0}, RankFact),
    Bad("learned", MAP, {"t": 1}, MissingArgumentFact, "d"),
    Bad("learned", MAP, {"t": 0, "d": 1}, ArgumentFact, "t"),
]

_BAD_RESHAPES = [
    Bad("flatten", MAP, {"axis": 1}, UnknownArgumentFact, "axis"),
    Bad("shuffle", MAP, {"groups": 3}, DivisibilityFact, "groups"),
    Bad("shuffle", TOKENS, {"groups": 1}, RankFact),
    Bad("pixelshuffle", MAP, {"factor": 3}, DivisibilityFact),
    Bad("pixelshuffle", MAP, {"factor": 0}, ArgumentFact, "factor"),
    Bad("spacetodepth", MAP, {"factor": 2}, DivisibilityFact, "factor"),
    Bad("spacetodepth", ((8, 12, 13),), {"factor": 2}, DivisibilityFact, "factor"),
    Bad("slice", MAP, {"from": 8, "to": 9}, SettingFact, "from"),
    Bad("slice", MAP, {"from": -9, "to": 2}, SettingFact, "from"),
    Bad("slice", MAP, {"from": 0, "to": 9}, SettingFact, "to"),
    Bad("slice", MAP, {"from": 3, "to": 3}, SettingFact, "to"),
    Bad("slice", MAP, {"from": 3, "to": -6}, SettingFact, "to"),
    Bad("slice", MAP, {"from": 0}, MissingArgumentFact, "to"),
    Bad("slice", MAP, {"from": 0, "to": 2, "axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("slice", VECTOR, {"from": 0, "to": 2, "axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("slice", MAP, {"from": 0, "to": 2, "axis": Word("rows")}, ArgumentFact, "axis"),
    Bad("crop", MAP, {}, SettingFact, "size"),
    Bad("crop", (*MAP, *EVEN), {"size": 4, "like": True}, SettingFact, "size"),
    Bad("crop", MAP, {"size": 12}, SettingFact, "size"),
    Bad("crop", ((8, 11, 13), (8, 11, 14)), {"like": True}, SettingFact, "like"),
    Bad("crop", (*MAP, *TOKENS), {"like": True}, MismatchFact),
    Bad("crop", MAP, {"size": 6, "offset": 6}, SettingFact, "offset"),
    Bad("crop", MAP, {"size": 6, "offset": -1}, ArgumentFact, "offset"),
    Bad("crop", MAP, {"size": 6, "offset": Word("center")}, ArgumentFact, "offset"),
    Bad("crop", TOKENS, {"size": 2}, RankFact),
    Bad("pad", MAP, {"amount": -1}, ArgumentFact, "amount"),
    Bad("pad", MAP, {"amount": Word("same")}, ArgumentFact, "amount"),
    Bad("pad", MAP, {"channels": -1}, ArgumentFact, "channels"),
    Bad("pad", TOKENS, {"amount": 1}, RankFact),
]

_BAD_REST = [
    Bad("upsample", MAP, {"scale": 0}, ArgumentFact, "scale"),
    Bad("upsample", MAP, {"scale": -2}, ArgumentFact, "scale"),
    Bad("upsample", MAP, {"scale": float("inf")}, ArgumentFact, "scale"),
    Bad("upsample", MAP, {"scale": Fraction(1, 12)}, SettingFact, "scale"),
    Bad("upsample", MAP, {"mode": Word("cubic")}, ArgumentFact, "mode"),
    Bad("upsample", MAP, {"mode": "nearest"}, ArgumentFact, "mode"),
    Bad("upsample", MAP, {"align_corners": True}, SettingFact, "align_corners"),
    Bad("upsample", (*MAP, *EVEN), {"size": 4, "like": True}, SettingFact, "like"),
    Bad("upsample", (*MAP, *TOKENS), {"like": True}, MismatchFact),
    Bad("upsample", TOKENS, {}, RankFact),
    Bad("add", ((8, 11, 13), (8, 11, 12)), {}, MismatchFact),
    Bad("add", ((8, 11, 13), (8, 1, 1)), {}, MismatchFact),
    Bad("add", ((5, 8), (8,)), {}, MismatchFact),
    Bad("mul", ((8, 11, 13), (1, 1, 1)), {}, MismatchFact),
    Bad("mul", ((8, 1, 1), (1, 11, 13)), {}, MismatchFact),
    Bad("mul", ((8, 11, 13), (11,)), {}, MismatchFact),
    Bad("mul", ((5, 8), (5, 1)), {}, MismatchFact),
    Bad("concat", ((8, 11, 13), (4, 11, 12)), {}, MismatchFact),
    Bad("concat", ((8, 11, 13), (8,)), {}, MismatchFact),
    Bad("concat", ((5, 8), (4, 7)), {"axis": AXIS_TOKENS}, MismatchFact),
    Bad("concat", MAP * 2, {"axis": AXIS_TOKENS}, SettingFact, "axis"),
    Bad("concat", MAP * 2, {"split": 1}, ArgumentFact, "split"),
    Bad("scale", MAP, {}, MissingArgumentFact, "value"),
    Bad("scale", MAP, {"value": float("nan")}, ArgumentFact, "value"),
    Bad("layerscale", MAP, {"init": True}, ArgumentFact, "init"),
    Bad("gain", MAP, {"init": "0"}, ArgumentFact, "init"),
    Bad("affine", MAP, {"init": 0}, UnknownArgumentFact, "init"),
]

BAD = [*_BAD_ATTENTION, *_BAD_TOKENS, *_BAD_RESHAPES, *_BAD_REST]
