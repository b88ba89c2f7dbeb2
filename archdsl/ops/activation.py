"""Activations: a column of short entries. Must not know what one operation counts (`arithmetic` does).

`memory` counts none of them, and the pointwise ones may overwrite their input. What backward keeps is what PyTorch's modules
keep: those that can be derived from their result keep it, the others their input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import operation_counts
from archdsl.ops.arguments import Word, below_one, count, flag, one_of, positive
from archdsl.ops.captions import counted
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    ON_VECTOR,
    Argument,
    Attributes,
    Example,
    Further,
    Operator,
    Saved,
    Site,
    Symbol,
    Tensor,
    TorchCall,
    TorchLowering,
    TorchModule,
)
from archdsl.ops.reductions import AXES, axis_of, axis_view, torch_dim
from archdsl.ops.views import POINT, View
from archdsl.shapes import Dim, Shape, channels, numel

INPUT = Saved((0,))
OUTPUT = Saved(output=True)


def _activation(
    name: str,
    meaning: str,
    flops: int | Callable[[Site], Dim],
    saved: Saved,
    torch: str | Callable[[Site], TorchLowering],
    arguments: tuple[Argument, ...] = (),
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape] = lambda a, xs: xs[0],
    parameters: Callable[[Site], tuple[Tensor, ...]] = lambda s: (),
    in_place: bool = True,
    view: Callable[[Site], View] = lambda s: POINT,
    **further: Unpack[Further],
) -> Operator:
    """An activation that counts `flops` an element (or a function of the site); `torch` is the module's name, or a lowering."""
    lowering = _plain(torch) if isinstance(torch, str) else torch
    counted = _each(flops) if isinstance(flops, int) else flops
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ANY_RANK,
        shape=shape,
        parameters=parameters,
        macs=lambda s: 0,
        flops=counted,
        depth=0,
        in_memory=False,
        in_place=in_place,
        is_view=False,
        saved=lambda s: saved,
        view=view,
        torch=lowering,
        symbol=Symbol("activation", lambda s: name),
        **further,
    )


def _plain(name: str) -> Callable[[Site], TorchLowering]:
    module = TorchModule(name)
    return lambda s: module


def _each(flops: int) -> Callable[[Site], Dim]:
    return lambda s: flops * numel(s.y)


def _gelu_torch(s: Site) -> TorchModule:
    return TorchModule("nn.GELU", (), (("approximate", "tanh"),) if s.a.approximate else ())


def _gelu_flops(s: Site) -> Dim:
    return (operation_counts.GELU_TANH if s.a.approximate else operation_counts.GELU) * numel(s.y)


def _prelu_parameters(s: Site) -> tuple[Tensor, ...]:
    return (Tensor("weight", (1,) if s.a.shared else (channels(s.x),)),)


def _prelu_torch(s: Site) -> TorchModule:
    if s.a.shared:
        return TorchModule("nn.PReLU")
    # PyTorch's channels are the second axis; those of tokens are the last.
    return TorchModule("TokenPrelu" if len(s.x) == 2 else "nn.PReLU", (channels(s.x),))


def _softmax_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    axis_of(a.axis, xs[0])
    if a.axis != "channels" and a.groups != 1:
        raise SettingFact("groups", "slices are of the channels, so `axis` is `channels` beside it")
    require_divides("the channels", channels(xs[0]), "groups", a.groups)
    return xs[0]


def _softmax_over(s: Site) -> Dim:
    """How many numbers one softmax is over: those of the axis, or the same position of each slice of the channels."""
    return s.x[axis_of(s.a.axis, s.x)] if s.a.groups == 1 else s.a.groups


def _softmax_flops(s: Site) -> Dim:
    over = _softmax_over(s)
    return quotient(numel(s.x), over) * operation_counts.softmax(over)


def _softmax_torch(s: Site) -> TorchLowering:
    first = len(s.x) > 2
    if s.a.groups == 1:
        return TorchModule("nn.Softmax", (), (("dim", torch_dim(axis_of(s.a.axis, s.x), s.x)),))
    template = "{0}.unflatten(1, ({groups}, -1)).softmax(1).flatten(1, 2)"
    last = "{0}.unflatten(-1, ({groups}, -1)).softmax(-2).flatten(-2)"
    return TorchCall(template if first else last, (("groups", s.a.groups),))


TITLE = "Activations"
"""Of the family, in the reference."""
OPERATORS = (
    _activation("relu", "max(x, 0)", operation_counts.RELU, OUTPUT, "nn.ReLU", example=Example(ON_MAP, "relu")),
    _activation("relu6", "min(max(x, 0), 6)", operation_counts.RELU6, INPUT, "nn.ReLU6", example=Example(ON_MAP, "relu6")),
    _activation(
        "silu",
        "x * sigmoid(x), swish",
        operation_counts.SILU,
        INPUT,
        "nn.SiLU",
        example=Example(ON_MAP, "silu"),
        called_elsewhere=("swish",),
    ),
    _activation(
        "hardswish",
        "x * hardsigmoid(x)",
        operation_counts.HARDSWISH,
        INPUT,
        "nn.Hardswish",
        example=Example(ON_MAP, "hardswish"),
        called_elsewhere=("hswish",),
    ),
    _activation(
        "hardsigmoid",
        "min(max(x + 3, 0), 6) / 6",
        operation_counts.HARDSIGMOID,
        INPUT,
        "nn.Hardsigmoid",
        example=Example(ON_MAP, "hardsigmoid"),
        called_elsewhere=("hsigmoid",),
    ),
    _activation(
        "sigmoid", "1 / (1 + exp(-x))", operation_counts.SIGMOID, OUTPUT, "nn.Sigmoid", example=Example(ON_MAP, "sigmoid")
    ),
    _activation("tanh", "the hyperbolic tangent", operation_counts.TANH, OUTPUT, "nn.Tanh", example=Example(ON_MAP, "tanh")),
    _activation("mish", "x * tanh(log(1 + exp(x)))", operation_counts.MISH, INPUT, "nn.Mish", example=Example(ON_MAP, "mish")),
    _activation(
        "leaky_relu",
        "x where positive, else slope * x",
        operation_counts.LEAKY_RELU,
        INPUT,
        lambda s: TorchModule("nn.LeakyReLU", () if s.a.slope == 0.01 else (s.a.slope,)),
        (Argument("slope", below_one, 0.01),),
        example=Example(ON_MAP, "leaky_relu 0.1"),
        called_elsewhere=("lrelu", "leaky"),
    ),
    _activation(
        "elu",
        "x where positive, else alpha * (exp(x) - 1)",
        operation_counts.ELU,
        INPUT,
        lambda s: TorchModule("nn.ELU", () if s.a.alpha == 1 else (s.a.alpha,)),
        (Argument("alpha", positive, 1),),
        example=Example(ON_MAP, "elu"),
    ),
    _activation(
        "celu",
        "x where positive, else alpha * (exp(x / alpha) - 1)",
        operation_counts.CELU,
        INPUT,
        lambda s: TorchModule("nn.CELU", () if s.a.alpha == 1 else (s.a.alpha,)),
        (Argument("alpha", positive, 1),),
        example=Example(ON_MAP, "celu"),
    ),
    _activation(
        "selu", "1.0507 * elu(x, alpha=1.6733)", operation_counts.SELU, INPUT, "nn.SELU", example=Example(ON_MAP, "selu")
    ),
    _activation(
        "softplus", "log(1 + exp(x))", operation_counts.SOFTPLUS, INPUT, "nn.Softplus", example=Example(ON_MAP, "softplus")
    ),
    _activation(
        "gelu",
        "x * Phi(x), Phi the normal distribution; `approximate` by a tanh",
        _gelu_flops,
        INPUT,
        _gelu_torch,
        (Argument("approximate", flag, False),),
        example=Example(ON_TOKENS, "gelu"),
    ),
    _activation(
        "prelu",
        "x where positive, else slope * x, with a slope learned for each channel (or one, `shared`), from 0.25",
        operation_counts.LEAKY_RELU,
        INPUT,
        _prelu_torch,
        (Argument("shared", flag, False),),
        parameters=_prelu_parameters,
        example=Example(ON_MAP, "prelu"),
    ),
    _activation(
        "softmax",
        "exp(x) over its sum over the axis; with `groups`, over the same position of each slice of the channels",
        _softmax_flops,
        OUTPUT,
        _softmax_torch,
        (
            Argument("groups", count, 1, told=counted("groups")),
            Argument("axis", one_of(*AXES), Word("channels"), AXES, by_name=True),
        ),
        shape=_softmax_shape,
        in_place=False,
        view=lambda s: axis_view(axis_of(s.a.axis, s.x), s.x) if s.a.axis != "channels" else POINT,
        example=Example(ON_VECTOR, "softmax"),
    ),
)
