"""Norms: batch, layer, RMS, group, instance, local response, L2, global response. Must not know what one operation counts.

A batch norm's statistics are settled in inference, so it is a factor and a shift a number; the others work theirs out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops.arguments import Word, count, flag, is_positive, number, one_of, share, small
from archdsl.ops.captions import EPSILON
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import InputFact
from archdsl.ops.operation_counts import ADD, DIVIDE, MULTIPLY, POWER, SCALE_AND_SHIFT, euclidean, length, mean, standardize
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    ON_VECTOR,
    SPATIAL,
    Argument,
    Attributes,
    Example,
    Further,
    Hidden,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    Tensor,
    TorchCall,
    TorchLowering,
    TorchModule,
    dimension,
)
from archdsl.ops.reductions import AXES, axis_of, axis_view
from archdsl.ops.views import EVERYTHING, POINT, View
from archdsl.ops.windows import FLOAT_BYTES, torch_class
from archdsl.shapes import Dim, Shape, channels, numel, spatial

_STATISTICS = 2
"""Backward keeps a mean and a reciprocal deviation of each normalized group."""


def _norm(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    ranks: tuple[int, ...],
    flops: Callable[[Site], Dim],
    saved: Callable[[Site], Saved],
    view: Callable[[Site], View],
    torch: Callable[[Site], TorchLowering],
    parameters: Callable[[Site], tuple[Tensor, ...]],
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape] = lambda a, xs: xs[0],
    **further: Unpack[Further],
) -> Operator:
    """What all norms share: the shape stays, no multiply-accumulates, an output that `memory` does not count."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ranks,
        shape=shape,
        parameters=parameters,
        macs=lambda s: 0,
        flops=flops,
        depth=0,
        in_memory=False,
        in_place=False,
        is_view=False,
        saved=saved,
        view=view,
        torch=torch,
        symbol=Symbol("norm", lambda s: name),
        **further,
    )


def _weight_and_bias(s: Site) -> tuple[Tensor, ...]:
    width = (channels(s.x),)
    return (Tensor("weight", width), Tensor("bias", width)) if s.a.get("affine", True) else ()


def _eps(s: Site, default: float = 1e-5) -> list[tuple[str, Setting]]:
    return [("eps", s.a.eps)] if s.a.eps != default else []


def _affine_flops(s: Site) -> Dim:
    return SCALE_AND_SHIFT * numel(s.y) if s.a.get("affine", True) else 0


# Batch norm.


def _bn_parameters(s: Site) -> tuple[Tensor, ...]:
    width = (channels(s.x),)
    statistics = tuple(Tensor(name, width, learned=False) for name in ("running_mean", "running_var"))
    return (*_weight_and_bias(s), *statistics, Tensor("num_batches_tracked", (), learned=False))


def _bn_torch(s: Site) -> TorchModule:
    name = "nn.BatchNorm1d" if len(s.x) == 1 else torch_class("BatchNorm", len(s.x) - 1)
    settings = _eps(s)
    settings += [("momentum", s.a.momentum)] if s.a.momentum != 0.1 else []
    settings += [] if s.a.affine else [("affine", False)]
    return TorchModule(name, (channels(s.x),), tuple(settings))


_TRAINING = Hidden("only training feels it")

BN = _norm(
    name="bn",
    meaning="batch norm: each channel to mean 0 and variance 1 over batch and positions (in inference by running statistics)",
    arguments=(
        Argument("eps", small, 1e-5, told=EPSILON, by_name=True),
        Argument("momentum", share, 0.1, told=_TRAINING, by_name=True),
        Argument("affine", flag, True, by_name=True),
    ),
    ranks=ANY_RANK,
    # Running statistics, weight and bias fold into one factor and one shift, with affine=false too.
    flops=lambda s: SCALE_AND_SHIFT * numel(s.y),
    saved=lambda s: Saved((0,), fixed_bytes=_STATISTICS * FLOAT_BYTES * channels(s.x)),
    view=lambda s: POINT,
    torch=_bn_torch,
    parameters=_bn_parameters,
    varies=True,
    centers_channels=True,
    example=Example(ON_MAP, "bn"),
    called_elsewhere=("batchnorm", "batch_normalization"),
)


# Layer norm.


def _layernorm_positions(s: Site) -> Dim:
    return numel(spatial(s.x))


def _over_channels(kind: str, x: Shape) -> str:
    """The class of a norm of the channels of each position, which PyTorch has if they are the last axis."""
    return f"{kind}{len(x) - 1}d" if len(x) > 2 else f"nn.{kind}"


def _layernorm_products(s: Site) -> Dim:
    return (SCALE_AND_SHIFT if s.a.bias else MULTIPLY) * numel(s.y) if s.a.affine else 0


def _layernorm_torch(s: Site) -> TorchModule:
    settings = _eps(s)
    settings += [] if s.a.affine else [("elementwise_affine", False)]
    settings += [("bias", False)] if s.a.affine and not s.a.bias else []
    return TorchModule(_over_channels("LayerNorm", s.x), (channels(s.x),), tuple(settings))


LAYERNORM = _norm(
    name="layernorm",
    meaning="the channels of each position to mean 0 and variance 1, at every rank; `bias=false` leaves the shift out",
    arguments=(
        Argument("eps", small, 1e-5, told=EPSILON, by_name=True),
        Argument("affine", flag, True, by_name=True),
        Argument("bias", flag, True, by_name=True),
    ),
    ranks=ANY_RANK,
    flops=lambda s: _layernorm_positions(s) * standardize(channels(s.x)) + _layernorm_products(s),
    saved=lambda s: Saved((0,), extra_bytes=_STATISTICS * FLOAT_BYTES * _layernorm_positions(s)),
    view=lambda s: POINT,
    torch=_layernorm_torch,
    parameters=lambda s: _weight_and_bias(s)[: 2 if s.a.bias else 1],
    aliases=("ln",),
    example=Example(ON_TOKENS, "layernorm eps=1e-6"),
    called_elsewhere=("norm", "layer_normalization"),
)


# RMS norm. Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019, eq. 4.


def _rmsnorm_flops(s: Site) -> Dim:
    """Squares (n), their mean (n), + eps, a root, quotients (n) for the n channels of a position; the weight's products."""
    products = MULTIPLY * numel(s.y) if s.a.affine else 0
    return _layernorm_positions(s) * (3 * channels(s.x) + 2) + products


def _rmsnorm_saved(s: Site) -> Saved:
    """A reciprocal root a position; the quotients too, if there is a weight to multiply them by."""
    quotients = numel(s.x) if s.a.affine else 0
    return Saved((0,), extra_bytes=FLOAT_BYTES * (_layernorm_positions(s) + quotients))


def _rmsnorm_torch(s: Site) -> TorchModule:
    settings: list[tuple[str, Setting]] = [("eps", s.a.eps)]
    settings += [] if s.a.affine else [("elementwise_affine", False)]
    return TorchModule(_over_channels("RMSNorm", s.x), (channels(s.x),), tuple(settings))


RMSNORM = _norm(
    name="rmsnorm",
    meaning="the channels of each position divided by the root of `eps` + the mean of their squares, times a weight each",
    arguments=(
        Argument("eps", small, 1e-6, told=EPSILON, by_name=True),
        Argument("affine", flag, True, by_name=True),
    ),
    ranks=ANY_RANK,
    flops=_rmsnorm_flops,
    saved=_rmsnorm_saved,
    view=lambda s: POINT,
    torch=_rmsnorm_torch,
    parameters=lambda s: (Tensor("weight", (channels(s.x),)),) if s.a.affine else (),
    example=Example(ON_TOKENS, "rmsnorm"),
    called_elsewhere=("rms",),
)


# Group norm, instance norm.


def _kept(s: Site, numbers: Dim) -> Saved:
    """The input and further numbers; of tokens PyTorch makes a copy with the channels first."""
    if len(s.x) == 2:
        return Saved(extra_bytes=FLOAT_BYTES * (numel(s.x) + numbers))
    return Saved((0,), extra_bytes=FLOAT_BYTES * numbers)


def _groupnorm_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    require_divides("the channels", channels(x), "groups", a.groups)
    if not is_positive(quotient(numel(x), a.groups) - 1):
        raise InputFact(x, "a group of one number has no variance")
    return x


GROUPNORM = _norm(
    name="groupnorm",
    meaning="each of `groups` slices of the channels, over all positions, to mean 0 and variance 1",
    arguments=(
        Argument("groups", count, 32, told=lambda s: f"{s.a.groups} group{'s' if s.a.groups != 1 else ''}"),
        Argument("eps", small, 1e-5, told=EPSILON, by_name=True),
    ),
    ranks=SPATIAL,
    shape=_groupnorm_shape,
    flops=lambda s: s.a.groups * standardize(quotient(numel(s.x), s.a.groups)) + _affine_flops(s),
    saved=lambda s: _kept(s, _STATISTICS * s.a.groups),
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchModule(
        "TokenGroupNorm" if len(s.x) == 2 else "nn.GroupNorm", (s.a.groups, channels(s.x)), tuple(_eps(s))
    ),
    parameters=_weight_and_bias,
    aliases=("gn",),
    example=Example(ON_MAP, "groupnorm 16"),
    called_elsewhere=("group_normalization",),
)


def _instancenorm_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if not is_positive(numel(spatial(x)) - 1):
        raise InputFact(x, "a channel of one position has no variance")
    return x


def _instancenorm_torch(s: Site) -> TorchModule:
    name = torch_class("InstanceNorm", len(s.x) - 1)
    return TorchModule(name, (channels(s.x),), (*_eps(s), *((("affine", True),) if s.a.affine else ())))


INSTANCENORM = _norm(
    name="instancenorm",
    meaning="each channel, over all positions, to mean 0 and variance 1",
    arguments=(Argument("eps", small, 1e-5, told=EPSILON, by_name=True), Argument("affine", flag, False, by_name=True)),
    ranks=SPATIAL,
    shape=_instancenorm_shape,
    flops=lambda s: channels(s.x) * standardize(numel(spatial(s.x))) + _affine_flops(s),
    # With affine, the weight is repeated for each sample.
    saved=lambda s: _kept(s, (_STATISTICS + s.a.affine) * channels(s.x)),
    view=lambda s: EVERYTHING,
    torch=_instancenorm_torch,
    parameters=_weight_and_bias,
    centers_channels=True,
    example=Example(ON_MAP, "instancenorm"),
    called_elsewhere=("instance_normalization",),
)


# Local response norm. Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012, 3.3.


def _neighbors(s: Site) -> Dim:
    return dimension(s.a["size"])


def _lrn_torch(s: Site) -> TorchModule:
    usual = {"alpha": 1e-4, "beta": 0.75, "k": 1}
    settings = tuple((key, s.a[key]) for key, value in usual.items() if s.a[key] != value)
    return TorchModule("nn.LocalResponseNorm", (_neighbors(s),), settings)


def _lrn_saved(s: Site) -> Saved:
    """The input, its squares padded along the channels, their scaled sums, and the powers of these."""
    squares = (channels(s.x) + _neighbors(s) - 1) * numel(spatial(s.x))
    return Saved((0,), extra_bytes=FLOAT_BYTES * (squares + 2 * numel(s.x)))


LRN = _norm(
    name="lrn",
    meaning="divides by `(k + alpha/size * sum of the squares of size neighboring channels)**beta`: `[C, H, W]`",
    arguments=(
        Argument("size", count, 5),
        Argument("alpha", number, 1e-4),
        Argument("beta", number, 0.75),
        Argument("k", number, 1),
    ),
    ranks=(3, 4),
    # A square, size - 1 additions, the factor, the summand, the power, the quotient.
    flops=lambda s: numel(s.y) * (MULTIPLY + (_neighbors(s) - 1) * ADD + MULTIPLY + ADD + POWER + DIVIDE),
    saved=_lrn_saved,
    view=lambda s: POINT,
    torch=_lrn_torch,
    parameters=lambda s: (),
    example=Example(ON_MAP, "lrn k=2"),
    called_elsewhere=("local_response_norm", "local_response_normalization"),
)

# Length 1: SSD's conv4_3 (Liu et al., ECCV 2016), embeddings (FaceNet, CVPR 2015), XCiT's keys and queries (NeurIPS 2021).


def _l2norm_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    axis_of(a.axis, xs[0])
    return xs[0]


def _l2norm_length(s: Site) -> Dim:
    """How many numbers get length 1 together."""
    return s.x[axis_of(s.a.axis, s.x)]


def _l2norm_torch(s: Site) -> TorchCall:
    dim = 1 + axis_of(s.a.axis, s.x)
    if s.a.eps == 1e-12:
        return TorchCall(f"F.normalize({{0}}, dim={dim})")
    return TorchCall(f"F.normalize({{0}}, dim={dim}, eps={{eps}})", (("eps", s.a.eps),))


L2NORM = _norm(
    name="l2norm",
    meaning="the channels of each position, or the numbers along another axis, to length 1: divided by `max(length, eps)`",
    arguments=(
        Argument("axis", one_of(*AXES), Word("channels"), AXES),
        Argument("eps", small, 1e-12, told=EPSILON, by_name=True),
    ),
    ranks=ANY_RANK,
    shape=_l2norm_shape,
    flops=lambda s: quotient(numel(s.x), _l2norm_length(s)) * euclidean(_l2norm_length(s)),
    # The lengths, and these again if they are at least eps.
    saved=lambda s: Saved((0,), extra_bytes=2 * FLOAT_BYTES * quotient(numel(s.x), _l2norm_length(s))),
    view=lambda s: axis_view(axis_of(s.a.axis, s.x), s.x),
    torch=_l2norm_torch,
    parameters=lambda s: (),
    example=Example(ON_VECTOR, "l2norm"),
    called_elsewhere=("normalize",),
)

# Global response norm. Woo et al., "ConvNeXt V2: Co-designing and Scaling ConvNets with Masked Autoencoders", CVPR 2023,
# eq. 1-3. The positions of tokens are all of them, a class token too.


def _grn_flops(s: Site) -> Dim:
    """The lengths, their mean, + eps, a quotient and weight * quotient + 1 a channel; by that and the bias, every number."""
    c = channels(s.x)
    lengths = c * length(quotient(numel(s.x), c))
    return lengths + mean(c) + ADD + c * (DIVIDE + MULTIPLY + ADD) + SCALE_AND_SHIFT * numel(s.y)


def _grn_torch(s: Site) -> TorchModule:
    name = f"GlobalResponseNorm{len(s.x) - 1}d" if len(s.x) > 2 else "GlobalResponseNorm"
    return TorchModule(name, (channels(s.x),), tuple(_eps(s, 1e-6)))


GRN = _norm(
    name="grn",
    meaning="`x + weight * x * n + bias`: n is a channel's length over all positions, over `eps` + the mean of these lengths",
    arguments=(Argument("eps", small, 1e-6, told=EPSILON, by_name=True),),
    ranks=SPATIAL,
    flops=_grn_flops,
    # A channel: its length, n, and the factor; and the mean length.
    saved=lambda s: Saved((0,), extra_bytes=FLOAT_BYTES * (3 * channels(s.x) + 1)),
    view=lambda s: EVERYTHING,
    torch=_grn_torch,
    parameters=_weight_and_bias,
    example=Example(ON_MAP, "grn"),
    called_elsewhere=("global_response_norm",),
)

TITLE = "Norms"
"""Of the family, in the reference."""
OPERATORS = (BN, LAYERNORM, RMSNORM, GROUPNORM, INSTANCENORM, LRN, L2NORM, GRN)
