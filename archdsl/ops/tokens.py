"""Tokens: `tokens`, `grid`, `transpose`, `class_token`, `posembed`, `select`, `learned`, `constant`. Must not attend."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Unpack

from archdsl.ops.arguments import Size, count, few, number, or_none, size, whole
from archdsl.ops.captions import size_words
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import (
    ANY_RANK,
    ON_MAP,
    ON_TOKENS,
    SPATIAL,
    Argument,
    Attributes,
    Example,
    Further,
    Numbers,
    Operator,
    Saved,
    Site,
    Symbol,
    Tensor,
    TorchCall,
    TorchModule,
    dimension,
)
from archdsl.ops.reshape import from_start, rearrangement
from archdsl.ops.views import EVERYTHING, POINT
from archdsl.shapes import MOST_AXES, Dim, Formula, Shape, decide, numel, spatial
from archdsl.shapes.dimension import square_root
from archdsl.shapes.traced import Traced, plain, traced

TOKENS = rearrangement(
    "tokens",
    "every position a token, row by row: `[C, H, W] -> [H*W, C]`",
    (3, 4),
    lambda a, xs: (numel(spatial(xs[0])), xs[0][0]),
    lambda s: TorchCall("{0}.flatten(2).transpose(1, 2)"),
    is_view=True,
    example=Example(ON_MAP, "tokens"),
)


def _root(number: Dim) -> Dim | None:
    """The square root, if it is a whole number or a term such as `3*H`; else None."""
    if isinstance(number, Traced):
        formula = square_root(number.formula)
        return traced(isqrt(plain(number)), formula, number.trace) if formula is not None else _root(number.pin())
    if isinstance(number, int):
        root = isqrt(number)
        return root if root * root == number else None
    if len(number.terms) != 1:
        return None
    ((monomial, factor),) = number.terms.items()
    top, bottom = isqrt(factor.numerator), isqrt(factor.denominator)
    if any(power % 2 for _, power in monomial) or Fraction(top * top, bottom * bottom) != factor:
        return None
    return Formula({tuple((atom, power // 2) for atom, power in monomial): Fraction(top, bottom)})


def _grid_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    t, d = xs[0]
    if a.size is None:
        root = _root(t)
        if root is None:
            raise SettingFact("size", f"it is not known whether {t} tokens form a square")
        return (d, root, root)
    if numel(a.size) != t:
        raise SettingFact("size", f"{size_words(a.size)} is {numel(a.size)} positions, but there are {t} tokens")
    return (d, *a.size)


def _grid_size(value: object) -> Numbers:
    """A number for the sides of a square, or two numbers or three."""
    return size(value, 3 if isinstance(value, tuple) and len(value) == 3 else 2)


def _grid_torch(s: Site) -> TorchCall:
    if s.a.size is None:
        return TorchCall("square_grid({0})", support=("square_grid",))
    return TorchCall("{0}.transpose(1, 2).unflatten(2, {size})", (("size", s.a.size),))


GRID = rearrangement(
    "grid",
    "tokens back to a map, row by row: `[h*w, D] -> [D, h, w]`, or with three numbers to a volume; without `size` a square",
    (2,),
    _grid_shape,
    _grid_torch,
    (Argument("size", or_none(_grid_size), None, ("none",), told="in head"),),
    is_view=True,
    head=lambda s: f"grid {size_words(spatial(s.y))}",
    example=Example(ON_TOKENS, "grid"),
)

TRANSPOSE = rearrangement(
    "transpose",
    "the axes exchanged: `[T, D] -> [D, T]`",
    (2,),
    lambda a, xs: (xs[0][1], xs[0][0]),
    lambda s: TorchCall("{0}.transpose(1, 2)"),
    is_view=True,
    view=lambda s: EVERYTHING,  # positions become channels, so what follows mixes them
    example=Example(ON_TOKENS, "transpose"),
)


def _select_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    t, d = xs[0]
    position = from_start(a.i, t)
    if decide("<", position, 0) or decide(">=", position, t):
        raise SettingFact("i", f"there are only {t} tokens, numbered from 0")
    return (d,)


SELECT = rearrangement(
    "select",
    "one token, numbered from 0, or from the end if negative: `[T, D] -> [D]`",
    (2,),
    _select_shape,
    lambda s: TorchCall("{0}[:, {i}]", (("i", s.a.i),)),
    (Argument("i", whole, told="in head"),),
    is_view=True,
    head=lambda s: f"select {s.a.i}",
    example=Example(ON_TOKENS, "select 0"),
)


def _learned_tensor(
    name: str,
    meaning: str,
    arguments: tuple[Argument, ...],
    ranks: tuple[int, ...],
    shape: Callable[[Attributes, tuple[Shape, ...]], Shape],
    tensor: Callable[[Site], Tensor],
    flops: Callable[[Site], Dim],
    torch: Callable[[Site], TorchModule],
    head: Callable[[Site], str],
    **further: Unpack[Further],
) -> Operator:
    """An operator that brings a learned tensor in; backward needs nothing for it."""
    return Operator(
        name=name,
        meaning=meaning,
        arguments=arguments,
        ranks=ranks,
        shape=shape,
        parameters=lambda s: (tensor(s),),
        macs=lambda s: 0,
        flops=flops,
        depth=0,
        in_memory=False,
        in_place=False,
        is_view=False,
        saved=lambda s: Saved(),
        view=lambda s: POINT,
        torch=torch,
        symbol=Symbol("learned", head),
        **further,
    )


CLASS_TOKEN = _learned_tensor(
    "class_token",
    "learned tokens in front: `[T, D] -> [n + T, D]`",
    (Argument("n", few, 1, told="in head"),),
    (2,),
    lambda a, xs: (xs[0][0] + a.n, xs[0][1]),
    lambda s: Tensor("token", (1, s.a.n, s.x[1])),
    lambda s: 0,
    lambda s: TorchModule("ClassToken", (s.x[1],) if s.a.n == 1 else (s.x[1], s.a.n)),
    lambda s: "class token" if s.a.n == 1 else f"{s.a.n} class tokens",
    example=Example(ON_TOKENS, "class_token"),
    called_elsewhere=("cls_token",),
)

POSEMBED = _learned_tensor(
    "posembed",
    "a learned tensor of the input's shape, `[T, D]` or `[C, H, W]`, added",
    (),
    SPATIAL,
    lambda a, xs: xs[0],
    lambda s: Tensor("embedding", (1, *s.x)),
    lambda s: numel(s.y),
    lambda s: TorchModule("PositionEmbedding", s.x),
    lambda s: "positions",
    example=Example(ON_TOKENS, "posembed"),
    called_elsewhere=tuple(
        "positional_embedding position_embedding position_embeddings positional_encoding position_embed pos_encoding"
        " pos_embedding pos_emb".split()
    ),
)


def _learned_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    if a["d"] is None and a.w is not None:
        raise SettingFact("w", "there is no `d` before it")
    return (a.t, *(dimension(axis) for axis in (a["d"], a.w) if axis is not None))


_ONE_MORE = or_none(count)
LEARNED = _learned_tensor(
    "learned",
    "a learned `[t, d]` in place of the current value; with one number a vector, with three a map",
    (
        Argument("t", count, told="in head"),
        Argument("d", _ONE_MORE, None, ("none",), told="in head"),
        Argument("w", _ONE_MORE, None, ("none",), told="in head"),
    ),
    ANY_RANK,
    _learned_shape,
    lambda s: Tensor("values", (1, *s.y)),
    lambda s: 0,
    lambda s: TorchModule("Learned", s.y),
    lambda s: f"learned {size_words(s.y)}",
    sizes_of=lambda s: (0,),
    indices="may take",
    example=Example(ON_TOKENS, "learned 100 256"),
)


def _dims(value: object) -> Shape:
    """The axes of a made value."""
    if isinstance(value, tuple) and not isinstance(value, Size) and 1 <= len(value) <= MOST_AXES:
        return tuple(map(count, value))
    raise ArgumentFact("one to four axes such as `[64, 7, 7]`", value)


CONSTANT = rearrangement(
    "constant",
    "one number everywhere, of the axes that are given, in place of the current value: `constant 1 [1, 7, 7]`",
    ANY_RANK,
    lambda a, xs: a.axes,
    lambda s: TorchCall("constant({0}, {value}, {axes})", (("value", s.a.value), ("axes", s.a.axes)), support=("constant",)),
    (Argument("value", number, told="in head"), Argument("axes", _dims, told="in head")),
    head=lambda s: f"constant {s.a.value:.4g}, {size_words(s.y)}",
    sizes_of=lambda s: (0,),
    indices="may take",
    example=Example(ON_MAP, "constant 1 [1, 56, 56]"),
    called_elsewhere=("ones", "zeros", "full"),
)

TITLE = "Tokens"
"""Of the family, in the reference."""
OPERATORS = (TOKENS, GRID, TRANSPOSE, CLASS_TOKEN, POSEMBED, SELECT, LEARNED, CONSTANT)
