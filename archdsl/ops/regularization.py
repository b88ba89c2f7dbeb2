"""What acts only in training: `dropout` and `droppath`; and `identity`. Must not count in inference: all pass values on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from archdsl.ops.arguments import probability
from archdsl.ops.captions import value_words
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    ON_VECTOR,
    Argument,
    Example,
    Further,
    Operator,
    Saved,
    Site,
    Symbol,
    TorchCall,
    TorchLowering,
    TorchModule,
)
from archdsl.ops.views import POINT
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.shapes import numel


def _passing(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    saved: Callable[[Site], Saved],
    torch: Callable[[Site], TorchLowering],
    is_view: bool,
    head: Callable[[Site], str],
    **further: Unpack[Further],
) -> Operator:
    """An operator that passes its input on in inference."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ANY_RANK,
        shape=lambda a, xs: xs[0],
        parameters=lambda s: (),
        macs=lambda s: 0,
        flops=lambda s: 0,
        depth=0,
        in_memory=False,
        in_place=True,
        is_view=is_view,
        saved=saved,
        view=lambda s: POINT,
        torch=torch,
        symbol=Symbol("regularise", head),
        **further,
    )


TITLE = "Active only in training"
"""Of the family, in the reference."""
OPERATORS = (
    _passing(
        "dropout",
        "in training sets each number to 0 with probability p and scales the others by 1 / (1 - p)",
        (Argument("p", probability, 0.5, told="in head"),),
        # A boolean mask, as the fused kernel of GPUs keeps it; on a CPU PyTorch 2 keeps it in the type of the values.
        lambda s: Saved(extra_bytes=numel(s.y) if s.a.p else 0),
        lambda s: TorchModule("nn.Dropout", (s.a.p,)),
        is_view=False,
        head=lambda s: f"dropout {value_words(s.a.p)}",
        varies=True,
        example=Example(ON_VECTOR, "dropout 0.2"),
        called_elsewhere=("drop",),
    ),
    _passing(
        "droppath",
        "stochastic depth: in training sets a whole sample to 0 with probability p and scales the others by 1 / (1 - p)",
        (Argument("p", probability, told="in head"),),
        lambda s: Saved(extra_bytes=FLOAT_BYTES if s.a.p else 0),
        lambda s: TorchModule("DropPath", (s.a.p,)),
        is_view=False,
        head=lambda s: f"droppath {value_words(s.a.p)}",
        varies=True,
        example=Example(ON_TOKENS, "residual < gelu ; droppath 0.1 >"),
        called_elsewhere=("stochastic_depth",),
    ),
    _passing(
        "identity",
        "the value itself",
        (),
        lambda s: Saved(),
        lambda s: TorchCall("{0}"),
        is_view=True,
        head=lambda s: "identity",
        computes=False,
        example=Example(ON_MAP, "add < relu | identity >"),
        called_elsewhere=("noop", "pass_through"),
    ),
)
