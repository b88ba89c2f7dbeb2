"""What a call of something unknown was most likely meant to call. Must not resolve calls."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import OPERATORS

_OTHERS = ("add", "mul", "concat", "residual", "parallel", "pick")

_SYNONYMS = {
    "conv2d": "conv",
    "convolution": "conv",
    "convolution2d": "conv",
    "depthwise": "dwconv",
    "depthwise_conv": "dwconv",
    "depthwiseconv2d": "dwconv",
    "upconv": "deconv",
    "conv_transpose": "deconv",
    "convtranspose2d": "deconv",
    "conv2dtranspose": "deconv",
    "dense": "linear",
    "fully_connected": "linear",
    "batchnorm": "bn",
    "batch_norm": "bn",
    "batchnorm1d": "bn",
    "batchnorm2d": "bn",
    "batchnormalization": "bn",
    "norm": "layernorm",
    "layer_norm": "layernorm",
    "group_norm": "groupnorm",
    "localresponsenorm": "lrn",
    "globalresponsenorm": "grn",
    "global_response_norm": "grn",
    "normalize": "l2norm",
    "l2_norm": "l2norm",
    "pool": "maxpool",
    "maxpool2d": "maxpool",
    "maxpooling2d": "maxpool",
    "avgpool2d": "avgpool",
    "averagepooling2d": "avgpool",
    "adaptiveavgpool2d": "adaptive_avgpool",
    "global_avgpool": "gap",
    "globalavgpool": "gap",
    "global_pool": "gap",
    "globalaveragepooling2d": "gap",
    "swish": "silu",
    "leakyrelu": "leaky_relu",
    "dropout2d": "dropout",
    "stochastic_depth": "droppath",
    "drop_path": "droppath",
    "mha": "attention",
    "multiheadattention": "attention",
    "self_attention": "attention",
    "cat": "concat",
    "concatenate": "concat",
    "sum": "add",
    "plus": "add",
    "multiply": "mul",
    "skip": "residual",
    "shortcut": "residual",
    "interpolate": "upsample",
    "resize": "upsample",
    "upsampling2d": "upsample",
    "reshape": "flatten",
    "channel_shuffle": "shuffle",
    "pixel_shuffle": "pixelshuffle",
    "space_to_depth": "spacetodepth",
    "patchify": "conv",
    "cls_token": "class_token",
    "pos_embed": "posembed",
}
"""Names of other frameworks and of papers, in small letters."""


def nearest_callee(name: str, definitions: Iterable[str]) -> str | None:
    """A definition with nearly this name, an operator that is called so elsewhere, or one with nearly this name."""
    return nearest(name, definitions) or _SYNONYMS.get(name.lower()) or nearest(name, [*OPERATORS, *_OTHERS])
