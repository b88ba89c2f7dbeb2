"""The linear layer: the complete example of an operator."""

from __future__ import annotations

from archdsl.ops.arguments import count, flag
from archdsl.ops.captions import BIAS
from archdsl.ops.operator import ON_VECTOR, Argument, Example, Operator, Saved, Site, Symbol, Tensor, TorchModule
from archdsl.ops.views import POINT
from archdsl.shapes import channels, numel


def _parameters(s: Site) -> tuple[Tensor, ...]:
    weight = Tensor("weight", (s.a.c, channels(s.x)))
    return (weight, Tensor("bias", (s.a.c,))) if s.a.bias else (weight,)


def _torch(s: Site) -> TorchModule:
    return TorchModule("nn.Linear", (channels(s.x), s.a.c), () if s.a.bias else (("bias", False),))


LINEAR = Operator(
    name="linear",
    meaning="a matrix product on the channel axis: `[D] -> [c]`, `[T, D] -> [T, c]`",
    arguments=(Argument("c", count, told="in head"), Argument("bias", flag, True, told=BIAS)),
    ranks=(1, 2),
    shape=lambda a, xs: (*xs[0][:-1], a.c),
    parameters=_parameters,
    macs=lambda s: numel(s.y) * channels(s.x),
    macs_worked=lambda s: f"{'*'.join(map(str, s.y))} outputs * {channels(s.x)} inputs each",
    flops=lambda s: numel(s.y) if s.a.bias else 0,
    depth=1,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(inputs=(0,)),
    view=lambda s: POINT,
    torch=_torch,
    symbol=Symbol("linear", lambda s: f"linear {s.a.c}"),
    aliases=("fc",),
    example=Example(ON_VECTOR, "linear 1000"),
    called_elsewhere=("dense", "fully_connected", "inner_product"),
)

TITLE = "The linear layer"
"""Of the family, in the reference."""
OPERATORS = (LINEAR,)
