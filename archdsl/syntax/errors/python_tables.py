"""What PyTorch and Keras call layers and their arguments, in which order. Must not translate.

Sources: the signatures of `torch.nn` (2.x) and of `keras.layers` (2 and 3).
"""

from __future__ import annotations

from collections.abc import Mapping

from archdsl.records import NamedTuple

VALUES = frozenset(
    {"x", "y", "h", "z", "out", "output", "outputs", "inputs", "input", "features", "feat", "net", "model", "logits"}
)
"""Names that programs give to whatever value is current; they would say nothing as labels."""
KERAS = frozenset({"keras", "layers", "tf"})
KERAS_DEFAULTS = {
    "bn": {"eps": "0.001", "momentum": "0.01"},
    "layernorm": {"eps": "0.001"},
    "groupnorm": {"eps": "0.001"},
    "leaky_relu": {"slope": "0.3"},
}
"""Where Keras has another default than the language, which has PyTorch's."""
INEXACT = frozenset({"dropout1d", "dropout2d", "dropout3d", "spatialdropout2d", "alphadropout"})
"""What drops whole channels is not `dropout`."""
RENAMED = {
    "UpsamplingBilinear2d": "Upsample(mode='bilinear', align_corners=True)",
    "UpsamplingNearest2d": "Upsample()",
}
"""Layers that are another layer with settings."""
WHOLE = {
    "GlobalMaxPooling2D": "gmp",
    "GlobalMaxPool2D": "gmp",
}
"""Layers that are several steps here."""
KERAS_ONLY = frozenset(
    "Conv2D Conv2DTranspose DepthwiseConv2D SeparableConv2D Dense MaxPooling2D MaxPool2D AveragePooling2D AvgPool2D "
    "Activation Rescaling GlobalAveragePooling2D GlobalAvgPool2D BatchNormalization LayerNormalization GroupNormalization "
    "UpSampling2D ZeroPadding2D MultiHeadAttention".split()
)
FUNCTIONAL = frozenset({"F", "functional", "torch"})


class Layer(NamedTuple):
    """What stands where in a call of PyTorch and of Keras, in their own names."""

    torch: tuple[str, ...] = ()
    keras: tuple[str, ...] = ()


_WINDOW = ("kernel_size", "stride", "padding", "dilation")
LAYERS: Mapping[str, Layer] = {
    "conv": Layer(
        ("in_channels", "out_channels", *_WINDOW, "groups", "bias", "padding_mode"),
        ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation", "use_bias"),
    ),
    "dwconv": Layer(
        (), ("kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "activation")
    ),
    "deconv": Layer(
        ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "groups", "bias", "dilation"),
        ("filters", "kernel_size", "strides", "padding", "output_padding"),
    ),
    "linear": Layer(("in_features", "out_features", "bias"), ("units", "activation", "use_bias")),
    "maxpool": Layer((*_WINDOW, "return_indices", "ceil_mode"), ("pool_size", "strides", "padding")),
    "avgpool": Layer(
        ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"), ("pool_size", "strides", "padding")
    ),
    "adaptive_avgpool": Layer(("output_size",)),
    "adaptive_maxpool": Layer(("output_size",)),
    "bn": Layer(("num_features", "eps", "momentum", "affine"), ("axis", "momentum", "epsilon")),
    "layernorm": Layer(("normalized_shape", "eps", "elementwise_affine"), ("axis", "epsilon")),
    "groupnorm": Layer(("num_groups", "num_channels", "eps"), ("groups",)),
    "instancenorm": Layer(("num_features", "eps", "momentum", "affine")),
    "lrn": Layer(("size", "alpha", "beta", "k")),
    "leaky_relu": Layer(("negative_slope", "inplace"), ("alpha",)),
    "prelu": Layer(("num_parameters",)),
    "elu": Layer(("alpha", "inplace"), ("alpha",)),
    "dropout": Layer(("p", "inplace"), ("rate",)),
    "droppath": Layer(("p",), ("rate",)),
    "softmax": Layer(("dim",), ("axis",)),
    "flatten": Layer(("start_dim", "end_dim")),
    "attention": Layer(("embed_dim", "num_heads"), ("num_heads", "key_dim")),
    "upsample": Layer(("size", "scale_factor", "mode", "align_corners"), ("scale", "data_format", "interpolation")),
    "relu": Layer(("inplace",), ("max_value",)),
    "layerscale": Layer(("num_features", "init_values")),
    "gelu": Layer(("approximate",), ("approximate",)),
    "scale": Layer((), ("value", "offset")),
    "pixelshuffle": Layer(("upscale_factor",)),
    "shuffle": Layer(("groups",)),
    "pad": Layer(("padding",), ("padding",)),
    "gap": Layer((), ("data_format", "keepdims")),
    "clamp": Layer(("min", "max")),
    "glu": Layer(("dim",)),
    **{name: Layer(("in_features", "out_features", "num_layers"), ("units",)) for name in ("lstm", "gru", "rnn")},
}
