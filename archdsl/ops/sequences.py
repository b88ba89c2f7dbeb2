"""What `scan` gives, token after token. Must not run a body."""

from __future__ import annotations

from archdsl.ops.operator import ON_TOKENS, Example, TorchCall
from archdsl.ops.reshape import rearrangement
from archdsl.ops.views import EVERYTHING

IN_SEQUENCE = rearrangement(
    "in sequence",
    "the tokens that a `scan` gave; each has seen all before it",
    (2,),
    lambda a, xs: xs[0],
    lambda s: TorchCall("{0}"),
    is_view=True,
    view=lambda s: EVERYTHING,
    head=lambda s: "in sequence",
    example=Example(ON_TOKENS, "scan h=[768] < let h = < add < identity | @h > > ; @h >"),
)
