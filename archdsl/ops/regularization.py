"""What only training feels: `dropout` and `droppath`; and `identity`. Must not count for inference, where all three pass."""

from __future__ import annotations

from collections.abc import Callable

from archdsl.ops.arguments import probability
from archdsl.ops.operator import POINT, REQUIRED, Argument, Operator, Saved, Site, Symbol, TorchCall, TorchLowering, TorchModule
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.shapes import numel


def _passing(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    saved: Callable[[Site], Saved],
    torch: Callable[[Site], TorchLowering],
    is_view: bool,
) -> Operator:
    """An operator that passes its input on in inference."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=(1, 2, 3),
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
        symbol=Symbol("regularise", lambda s: name),
        varies=bool(arguments),
    )


OPERATORS = (
    _passing(
        "dropout",
        "in training sets each number to 0 with probability p and scales the others by 1 / (1 - p)",
        (Argument("p", probability, 0.5),),
        # A boolean mask, as the fused kernel of GPUs keeps it; on a CPU PyTorch 2 keeps it in the type of the values.
        lambda s: Saved(extra_bytes=numel(s.y) if s.a.p else 0),
        lambda s: TorchModule("nn.Dropout", (s.a.p,)),
        is_view=False,
    ),
    _passing(
        "droppath",
        "stochastic depth: in training sets a whole sample to 0 with probability p and scales the others by 1 / (1 - p)",
        (Argument("p", probability, REQUIRED),),
        lambda s: Saved(extra_bytes=FLOAT_BYTES if s.a.p else 0),
        lambda s: TorchModule("DropPath", (s.a.p,)),
        is_view=False,
    ),
    _passing("identity", "the value itself", (), lambda s: Saved(), lambda s: TorchCall("{0}"), is_view=True),
)
