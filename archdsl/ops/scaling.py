"""Factors and shifts: `scale`, `shift`, `layerscale`, `affine`, `gain`. Must not normalize (`normalization` does)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops import operation_counts
from archdsl.ops.arguments import flag, number, start
from archdsl.ops.captions import START, if_set
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    Argument,
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
from archdsl.ops.views import POINT
from archdsl.shapes import Shape, channels, numel, shape_of, spatial


def _scaling(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    parameters: Callable[[Site], tuple[Tensor, ...]],
    flops_an_element: int | Callable[[Site], int],
    torch: Callable[[Site], TorchLowering],
    head: Callable[[Site], str],
    keeps_input: bool = True,
    **further: Unpack[Further],
) -> Operator:
    """Pointwise, of any rank; what is learned of the factor needs the input again."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ANY_RANK,
        shape=lambda a, xs: xs[0],
        parameters=parameters,
        macs=lambda s: 0,
        flops=lambda s: (flops_an_element if isinstance(flops_an_element, int) else flops_an_element(s)) * numel(s.y),
        depth=0,
        in_memory=False,
        in_place=False,
        is_view=False,
        saved=lambda s: Saved((0,) if keeps_input else ()),
        view=lambda s: POINT,
        torch=torch,
        symbol=Symbol("norm", head),
        **further,
    )


def _a_channel(x: Shape) -> Shape:
    """The shape of one number per channel, for an input of shape `x`."""
    return shape_of(channels(x), [1 for _ in spatial(x)]) if len(x) > 2 else (channels(x),)


def _class(name: str, x: Shape) -> str:
    """Channels are the last axis of tokens and vectors."""
    return f"{name}{len(x) - 1}d" if len(x) > 2 else name


def _layerscale_torch(s: Site) -> TorchModule:
    name = _class("LayerScale", s.x)
    return TorchModule(name, (channels(s.x),) if s.a.init == 1e-6 else (channels(s.x), s.a.init))


def _affine_torch(s: Site) -> TorchModule:
    return TorchModule(_class("Affine", s.x), (channels(s.x),))


SCALE = _scaling(
    "scale",
    "a constant factor",
    (Argument("value", number, told="in head"),),
    lambda s: (),
    operation_counts.MULTIPLY,
    lambda s: TorchCall("{0} * {value}", (("value", s.a.value),)),
    lambda s: f"scale {s.a.value:.4g}",
    keeps_input=False,
    example=Example(ON_TOKENS, "scale 0.125"),
    called_elsewhere=("rescaling",),
)

SHIFT = _scaling(
    "shift",
    "a constant added",
    (Argument("value", number, told="in head"),),
    lambda s: (),
    operation_counts.ADD,
    lambda s: TorchCall("{0} + {value}", (("value", s.a.value),)),
    lambda s: f"shift {s.a.value:.4g}",
    keeps_input=False,
    example=Example(ON_TOKENS, "shift 1"),
    called_elsewhere=("add_scalar", "add_constant"),
)

LAYERSCALE = _scaling(
    "layerscale",
    "a learned factor per channel, from `init` (CaiT)",
    (Argument("init", start, 1e-6, told=START),),
    lambda s: (Tensor("weight", _a_channel(s.x)),),
    operation_counts.MULTIPLY,
    _layerscale_torch,
    lambda s: "layerscale",
    example=Example(ON_TOKENS, "layerscale"),
)

AFFINE = _scaling(
    "affine",
    "a learned factor, from 1, and a learned shift, from 0, per channel (ResMLP)",
    (),
    lambda s: (Tensor("weight", _a_channel(s.x)), Tensor("bias", _a_channel(s.x))),
    operation_counts.SCALE_AND_SHIFT,
    _affine_torch,
    lambda s: "affine",
    example=Example(ON_TOKENS, "affine"),
)


def _gain_tensors(s: Site) -> tuple[Tensor, ...]:
    return (Tensor("weight", ()), Tensor("bias", ())) if s.a["shift"] else (Tensor("weight", ()),)


GAIN = _scaling(
    "gain",
    "a learned scalar factor, from `init` (SkipInit); `shift=true` also adds a learned number, from 0 (HGNetV2, StarReLU)",
    (Argument("init", start, 0, told=START), Argument("shift", flag, False, told=if_set("shift", "shift"), by_name=True)),
    _gain_tensors,
    lambda s: operation_counts.SCALE_AND_SHIFT if s.a["shift"] else operation_counts.MULTIPLY,
    lambda s: TorchModule("Gain", () if s.a.init == 0 else (s.a.init,), (("shift", True),) if s.a["shift"] else ()),
    lambda s: "gain",
    example=Example(ON_MAP, "gain"),
)

TITLE = "Factors and shifts"
"""Of the family, in the reference."""
OPERATORS = (SCALE, SHIFT, LAYERSCALE, AFFINE, GAIN)
