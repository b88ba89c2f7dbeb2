"""Words of other tools: for settings, and for what is several steps here or none. Must not word a whole message."""

from __future__ import annotations

import re
from collections.abc import Collection

_SETTINGS = {
    "padding": ("pad",),
    "p": ("pad",),
    "kernel": ("k",),
    "kernel_size": ("k",),
    "ksize": ("k",),
    "pool_size": ("k",),
    "window_size": ("window", "k"),
    "window": ("k",),
    "size": ("k",),
    "channels": ("c",),
    "filters": ("c",),
    "num_output": ("c",),
    "out": ("c",),
    "outputs": ("c",),
    "out_channels": ("c",),
    "out_features": ("c", "d"),
    "out_dim": ("c",),
    "output_dim": ("c",),
    "features": ("c",),
    "units": ("c", "d"),
    "neurons": ("c",),
    "hidden": ("c",),
    "num_classes": ("c",),
    "width": ("c", "d"),
    "s": ("stride",),
    "strides": ("stride",),
    "d": ("dilation",),
    "rate": ("p", "dilation"),
    "dilation_rate": ("dilation",),
    "g": ("groups",),
    "group": ("groups",),
    "num_groups": ("groups",),
    "use_bias": ("bias",),
    "bias_term": ("bias",),
    "qkv_bias": ("bias",),
    "num_heads": ("heads",),
    "n_heads": ("heads",),
    "n_head": ("heads",),
    "epsilon": ("eps",),
    "prob": ("p",),
    "drop_prob": ("p",),
    "drop_rate": ("p",),
    "dropout": ("p",),
    "negative_slope": ("slope",),
    "alpha": ("slope",),
    "ceil_mode": ("ceil",),
    "count_include_pad": ("include_pad",),
    "output_padding": ("output_pad",),
    "output_size": ("size",),
    "scale": ("value", "factor"),
    "scale_factor": ("scale", "factor"),
    "upscale_factor": ("factor",),
    "block_size": ("factor",),
    "interpolation": ("mode",),
    "depth_multiplier": ("mult",),
    "num_layers": ("layers",),
    "keepdim": ("keep",),
    "keepdims": ("keep",),
    "init_value": ("init",),
    "init_values": ("init",),
    "shift_size": ("shift",),
}
FOLLOWS = frozenset(
    "in_channels in_features in_dim in_ch num_features num_channels normalized_shape embed_dim input_dim in_size d_model "
    "hidden_size model_dim".split()
)
"""What comes in is known from the value."""
SILENT = frozenset(
    "inplace batch_first device dtype data_format name_scope training kernel_initializer bias_initializer "
    "input_shape kernel_regularizer bias_regularizer activity_regularizer kernel_constraint trainable "
    "padding_idx".split()
)
"""What says nothing of a network here."""


def own_name(word: str, known: Collection[str]) -> str | None:
    """What the settings among `known` call a setting of other tools."""
    return word if word in known else next((name for name in _SETTINGS.get(word, ()) if name in known), None)


def is_setting(word: str) -> bool:
    """Whether other tools have a setting of this name."""
    return word in _SETTINGS or word in FOLLOWS or word in SILENT


_MLP = "it is written `linear 256 ; gelu ; linear d`, where `let d = in.d` comes before it"
_EXCITE = "it is written `mul < identity | gap ; linear 16 ; relu ; linear c ; sigmoid >`, where `let c = in.c` comes before it"
_PATCHES = "it is written `conv 4x4 64 stride=4 pad=0 ; tokens`"
_UNIT = "it is written `conv 3x3 64 ; bn ; relu`"
_SOME = "`slice 0 32` takes some of them"
_LAID_OUT = (
    "`flatten` makes a vector, `tokens` makes tokens of a map, `grid` a map of tokens; `reshape [128, 7, 7]` gives any axes"
)
_ENCODER = (
    "it is written `residual < layernorm ; attention 8 > ; residual < layernorm ; linear 256 ; gelu ; linear d >`, where "
    "`let d = in.d` comes before it"
)
_OF_THE_ZOO = 'a file of the zoo may define it: `from "resnet50" import bottleneck`, then `bottleneck(64)`'
_TRAINING = "losses and optimizers belong to the training, in Python; a network is its steps"
_WHOLE_CHANNELS = "`dropout` drops single numbers, `droppath` whole branches; nothing drops whole channels or parts of a map"
NOT_HERE = {
    "activation": "an activation is a step of its own: `relu`",
    "actlayer": "an activation is a step of its own: `relu`, `gelu`",
    "assert": "a contract is written `expect params == 1000`",
    "begin": "a body goes between `<` and `>`",
    "class": "a network is named by `arch NAME`, a part of it by `def NAME(…) < … >`",
    "convblock": _UNIT,
    "convbnact": _UNIT,
    "convmodule": _UNIT,
    "convnormact": _UNIT,
    "createmodel": 'a network of the zoo is a step by its name, after `from "resnet50" import resnet50`',
    "dim": "the channels are `in.c`",
    "downsample": "`downsample stride=2` is written directly in the body of a `stage`",
    "dropblock": _WHOLE_CHANNELS,
    "einsum": "`matmul @other` multiplies two values",
    "end": "a body ends with `>`",
    "endif": "a body ends with `>`",
    "exit": "a body ends with `>`",
    "expand": "`mul` and `upsample` spread what has one row and one column",
    "feedforward": _MLP,
    "ffn": _MLP,
    "forward": "each step follows the one before it: the steps themselves are the forward pass",
    "forwardfeatures": "each step follows the one before it: the steps themselves are the forward pass",
    "forwardhead": "each step follows the one before it: the steps themselves are the forward pass",
    "input": "an input is written `input image[3, 224, 224]`, at the top of the file",
    "logsoftmax": "`softmax` gives the shares; their logarithm belongs to the loss",
    "makelayer": "`stage x2 < block unit(64) >` repeats a block, which a definition names",
    "mbconv": _OF_THE_ZOO,
    "invertedresidual": _OF_THE_ZOO,
    "mlp": _MLP,
    "normact": "a norm and an activation are two steps: `bn ; relu`",
    "basicblock": _OF_THE_ZOO,
    "bottleneck": _OF_THE_ZOO,
    "batchnormact": "a norm and an activation are two steps: `bn ; relu`",
    "normlayer": "a norm is a step of its own: `bn`, `layernorm`",
    "pass": "a body that does nothing is empty: `< >`; as a step it is `identity`",
    "patchembed": _PATCHES,
    "patchembedding": _PATCHES,
    "pixelunshuffle": "`spacetodepth` does so in another order of the channels",
    "postnorm": "it is written `residual < attention 8 > ; layernorm`",
    "prenorm": "it is written `residual < layernorm ; attention 8 >`",
    "print": "`expect stem.out == [64, 56, 56]` checks a shape, `archdsl explain FILE:LINE` shows those of a line",
    "permute": '`transpose` swaps tokens and channels; `rearrange "c h w -> h w c"` moves any axes',
    "reflectionpad": "it is written `pad 1 border=reflect`",
    "replicationpad": "it is written `pad 1 border=replicate`",
    "return": "the value at the end of a body is its result",
    "se": _EXCITE,
    "selayer": _EXCITE,
    "seblock": _EXCITE,
    "semodule": _EXCITE,
    "selectadaptivepool": "`gap` takes the mean over height and width, `gmp` the maximum",
    "self": "a step is called by its name alone",
    "separableconv": "it is written `dwconv 3x3 bias=false ; conv 1x1 64`",
    "sepconv": "it is written `dwconv 3x3 bias=false ; conv 1x1 64`",
    "sequential": "steps that belong together are written in `< … >`",
    "spatialdropout": _WHOLE_CHANNELS,
    "squeeze": "`gap` without `keep=true` leaves a vector",
    "squeezeandexcitation": _EXCITE,
    "squeezeexcitation": _EXCITE,
    "squeezeexcite": _EXCITE,
    "stack": "`concat < a | b >` puts values side by side on their channels",
    "swap": "`transpose` swaps tokens and channels",
    "swapaxes": "`transpose` swaps tokens and channels",
    "transformerblock": _ENCODER,
    "transformerencoder": _ENCODER,
    "transformerencoderlayer": _ENCODER,
    "truncnormal": "weights are set in Python, in the module that `archdsl compile` writes",
    "unsqueeze": "`gap keep=true` keeps the axes",
    "while": "a repetition is written `x3 < … >`, and its number is known before it runs",
}
"""Words of other tools that no operator bears, with what does their work; the nearest name in letters is none of them."""


def advice(name: str) -> str:
    """What does the work of a word that has no operator here; empty for other words."""
    if re.search(r"[a-z]Loss$|^(?:SGD|Adam\w*|RMSprop)$", name):
        return _TRAINING
    return NOT_HERE.get(re.sub(r"[123]d$", "", name.lower().replace("_", "")), "")
