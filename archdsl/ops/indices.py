"""What is made of indices: `embedding`, `lookup`, `onehot`. Must not multiply.

Notation below: indices `[T]` or `[H, W]`, whole numbers below n.
"""

from __future__ import annotations

from archdsl.ops.arguments import count, value_argument
from archdsl.ops.facts import SettingFact
from archdsl.ops.operator import (
    Argument,
    Attributes,
    Example,
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
from archdsl.shapes import Indices, Shape, shape_of, shape_text

WORDS = "[128] of 30_522"
"""The input of examples."""


def _below(x: Shape) -> int:
    assert isinstance(x, Indices)
    return x.below


def _is_map(s: Site) -> bool:
    return len(s.x) == 2


def _embedding_torch(s: Site) -> TorchModule:
    return TorchModule("MapEmbedding" if _is_map(s) else "nn.Embedding", (_below(s.x), s.a.d))


EMBEDDING = Operator(
    name="embedding",
    meaning="a learned vector for each index: `[T] -> [T, d]`, `[H, W] -> [d, H, W]`",
    arguments=(Argument("d", count, told="in head"),),
    ranks=(1, 2),
    shape=lambda a, xs: shape_of(a.d, xs[0]),
    parameters=lambda s: (Tensor("weight", (_below(s.x), s.a.d)),),
    macs=lambda s: 0,
    flops=lambda s: 0,
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(),  # the indices are the caller's
    view=lambda s: POINT,
    torch=_embedding_torch,
    symbol=Symbol("learned", lambda s: f"embedding {s.a.d}"),
    indices="takes",
    example=Example(WORDS, "embedding 768"),
    called_elsewhere=("embed", "word_embedding", "word_embeddings", "token_embedding", "tok_emb", "wte"),
)


def _lookup_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    indices, table = xs
    if len(table) != 2 or table[0] != _below(indices):
        raise SettingFact("table", f"it must have a row for each index, `[{_below(indices)}, d]`, but is {shape_text(table)}")
    return shape_of(table[1], indices)


LOOKUP = Operator(
    name="lookup",
    meaning="rows of a table `[n, d]` that another step made: `[T] -> [T, d]`, `[H, W] -> [d, H, W]`",
    arguments=(value_argument("table"),),
    ranks=(1, 2),
    shape=_lookup_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: 0,
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(inputs=(1,)),
    view=lambda s: POINT,
    torch=lambda s: TorchCall("looked_up({0}, {1})", support=("looked_up",)),
    symbol=Symbol("learned", lambda s: "lookup"),
    indices="takes",
    example=Example(WORDS, "table: < learned 30_522 768 > ; @x ; lookup @table"),
    called_elsewhere=("gather", "take", "index_select"),
)


def _onehot_torch(s: Site) -> TorchLowering:
    last = ".movedim(-1, 1)" if _is_map(s) else ""
    return TorchCall("F.one_hot({0}, {n})" + last + ".to(torch.get_default_dtype())", (("n", _below(s.x)),))


ONEHOT = Operator(
    name="onehot",
    meaning="1 at the index, 0 elsewhere: `[T] -> [T, n]`, `[H, W] -> [n, H, W]`",
    arguments=(),
    ranks=(1, 2),
    shape=lambda a, xs: shape_of(_below(xs[0]), xs[0]),
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: 0,
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(),
    view=lambda s: POINT,
    torch=_onehot_torch,
    symbol=Symbol("reshape", lambda s: f"one-hot {s.y[-1] if len(s.x) == 1 else s.y[0]}"),
    indices="takes",
    example=Example("[64, 64] of 21", "onehot"),
    called_elsewhere=("one_hot",),
)

TITLE = "Indices"
"""Of the family, in the reference."""
OPERATORS = (EMBEDDING, LOOKUP, ONEHOT)
