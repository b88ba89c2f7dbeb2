"""Attention by parts, on tokens: `attend`, `logits`, `weigh`. Must not cut windows (`attention_windows` does).

Notation below: T queries of width D, S keys, h heads of width e = D/h, values of width f a head.
"""

from __future__ import annotations

from archdsl.ops import operation_counts
from archdsl.ops.arguments import Word, count, flag, offsets, one_of, or_none, positive, value_argument
from archdsl.ops.attention_extent import larger
from archdsl.ops.captions import if_set
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import MismatchFact, RankFact, SettingFact
from archdsl.ops.operator import (
    ON_TOKENS,
    Argument,
    Attributes,
    Computed,
    Example,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    TorchCall,
)
from archdsl.ops.views import EVERYTHING
from archdsl.ops.windows import FLOAT_BYTES, on_each_axis
from archdsl.shapes import Dim, Shape, numel, shape_text

_KV_HEADS = Argument("kv_heads", count, Computed("heads", lambda a, xs: a.heads))
"""Keys and values of several heads may be shared (Ainslie et al., "GQA", EMNLP 2023)."""
_SCALE = Argument("scale", or_none(positive), None, ("none",))
_HEADS = Argument("heads", count, 1, told="in head")
_AXES = ("tokens", "channels")
_AXIS = Argument("axis", one_of(*_AXES), Word("tokens"), _AXES, by_name=True)
"""What attends to what: tokens, or the channels of a head (El-Nouby et al., "XCiT", NeurIPS 2021)."""
KERNELS = ("softmax", "relu", "elu")
"""Katharopoulos et al., "Transformers are RNNs", ICML 2020 (elu + 1); Cai et al., "EfficientViT", ICCV 2023 (relu)."""


def _check_heads(a: Attributes, width: Dim, keys: Shape) -> Dim:
    """The width of a head, if queries and keys have the same."""
    require_divides("the width of the queries", width, "heads", a.heads)
    require_divides("`heads`", a.heads, "kv_heads", a.kv_heads)
    require_divides("the width of the keys", keys[1], "kv_heads", a.kv_heads)
    return quotient(width, a.heads)


def _require_tokens(xs: tuple[Shape, ...]) -> None:
    if any(len(x) != 2 for x in xs[1:]):
        raise MismatchFact(xs, (), "keys and values must be tokens, `[T, D]`")


def _check_keys(a: Attributes, xs: tuple[Shape, ...]) -> None:
    query, keys = xs[0], xs[1]
    _require_tokens(xs[:3])
    if _check_heads(a, query[1], keys) != quotient(keys[1], a.kv_heads):
        raise MismatchFact(xs[:2], (1,), "a head of the queries must be as wide as one of the keys")


def _is_shared(a: Attributes) -> bool:
    """Whether several heads share keys and values, which are then repeated for them."""
    return bool(a.kv_heads != a.heads)


def _settings(a: Attributes, *more: tuple[str, Setting]) -> tuple[tuple[str, Setting], ...]:
    return (("heads", a.heads), ("kv_heads", a.kv_heads), *more)


# The logits


def _logits_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    _check_keys(a, xs)
    return (a.heads, xs[0][0], xs[1][0])


def _logits_saved(s: Site) -> Saved:
    """The factors as their product takes them: heads are copied apart, unless there is one; measured at batches above 1."""
    a, (tokens, width), keys = s.a, s.x, s.xs[1]
    repeated = keys[0] * a.heads * quotient(width, a.heads)
    numbers: Dim = tokens * width
    if a.heads != 1:
        numbers = numbers + repeated
    return Saved(() if a.heads != 1 else (1,), extra_bytes=FLOAT_BYTES * numbers)


def _logits_scratch(s: Site) -> Dim:
    """The scaled queries; with several heads also both factors as their product takes them."""
    queries, keys = numel(s.x), s.xs[1][0] * s.x[1]
    return queries if s.a.heads == 1 else 2 * queries + keys


LOGITS = Operator(
    name="logits",
    meaning="scaled products of queries, the current value `[T, D]`, and keys `[S, D]`: a map `[heads, T, S]`; `scale` is "
    "`1/sqrt(D/heads)` unless it is given",
    arguments=(value_argument("key"), _HEADS, _KV_HEADS, _SCALE, _AXIS),
    ranks=(2,),
    by_steps=True,
    shape=_logits_shape,
    parameters=lambda s: (),
    macs=lambda s: s.x[0] * s.xs[1][0] * s.x[1],
    macs_worked=lambda s: f"{s.x[0]}*{s.xs[1][0]} pairs * {s.x[1]} products each",
    flops=lambda s: numel(s.y),
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=_logits_saved,
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall(
        "attention_logits({0}, {1}, {heads}, {kv_heads}, {scale})",
        _settings(s.a, ("scale", s.a.scale)),
        ("attention_logits",),
    ),
    scratch=_logits_scratch,
    symbol=Symbol("attention", lambda s: f"logits, {s.a.heads} {'head' if s.a.heads == 1 else 'heads'}"),
    example=Example(ON_TOKENS, "k: identity ; logits @k heads=12"),
)


# The weighted values


def _weigh_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    weights, values = xs
    _require_tokens(xs)
    require_divides("`heads`, the channels of the weights,", weights[0], "kv_heads", a.kv_heads)
    require_divides("the width of the values", values[1], "kv_heads", a.kv_heads)
    if weights[2] != values[0]:
        raise MismatchFact(xs, (), f"there are weights for {weights[2]} values, and {values[0]} values")
    return (weights[1], weights[0] * quotient(values[1], a.kv_heads))


def _weigh_saved(s: Site) -> Saved:
    heads, (positions, _), width = s.x[0], s.xs[1], s.y[1]
    if heads == 1:
        return Saved(inputs=(0, 1))
    return Saved(inputs=(0,), extra_bytes=FLOAT_BYTES * positions * width)


def _weigh_scratch(s: Site) -> Dim:
    """With several heads the values head by head, and the results before they are side by side."""
    if s.x[0] == 1:
        return 0
    values, results = s.xs[1][0] * s.y[1], numel(s.y)
    return values + results if s.a.kv_heads != s.x[0] else larger(values, results)


WEIGH = Operator(
    name="weigh",
    meaning="values `[S, F]` weighed by the current value, a map `[heads, T, S]`, a head each: `[T, F]`",
    arguments=(
        value_argument("value"),
        Argument("kv_heads", count, Computed("in.c", lambda a, xs: xs[0][0])),
        _AXIS,
    ),
    ranks=(3,),
    by_steps=True,
    shape=_weigh_shape,
    parameters=lambda s: (),
    macs=lambda s: numel(s.y) * s.x[2],
    macs_worked=lambda s: f"{numel(s.y)} outputs * {s.x[2]} products each",
    flops=lambda s: 0,
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=_weigh_saved,
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall(
        "weighed({0}, {1}, {kv_heads})",
        (("kv_heads", s.a.kv_heads),),
        ("weighed",),
    ),
    scratch=_weigh_scratch,
    symbol=Symbol("attention", lambda s: "weigh"),
    example=Example(ON_TOKENS, "v: identity ; logits @v heads=12 ; softmax axis=width ; weigh @v"),
)


# Both in one


def _attend_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    if len(xs[0]) > 2:
        raise RankFact(xs[0], (2,))
    _check_keys(a, xs)
    query, keys, values = xs[:3]
    require_divides("the width of the values", values[1], "kv_heads", a.kv_heads)
    if keys[0] != values[0]:
        raise MismatchFact(xs[1:3], (0,), "there must be as many values as keys")
    if a.bias:
        _check_bias(a, xs)
    if a.causal and query[0] != keys[0]:
        raise SettingFact(
            "causal", f"there are {query[0]} queries and {keys[0]} keys, so which of them come later is not known"
        )
    return (query[0], a.heads * quotient(values[1], a.kv_heads))


def _check_bias(a: Attributes, xs: tuple[Shape, ...]) -> None:
    query, keys, _, bias = xs
    if a.causal:
        raise SettingFact("causal", "a bias can mask too: make it so (`causal` in its body)")
    if len(bias) != 3 or bias[0] not in (1, a.heads) or bias[1:] != (query[0], keys[0]):
        wanted = shape_text((a.heads, query[0], keys[0]))
        raise MismatchFact((query, bias), (), f"the bias must be {wanted}, or that with one channel for all heads")


def _attend_macs(s: Site) -> Dim:
    return s.x[0] * s.xs[1][0] * (s.x[1] + s.y[1])


def _attend_saved(s: Site) -> Saved:
    """PyTorch's one kernel keeps queries, keys, values and result, and a number for each row of logits.

    On a CPU it takes values only as wide as keys, and no bias that learns; else the steps are made one by one, and the scaled
    factors and weights kept.
    """
    a, keys, rows = s.a, s.xs[1], s.a.heads * s.x[0]
    if a.bias or s.y[1] != s.x[1]:
        numbers: Dim = s.x[0] * s.x[1] + keys[0] * s.x[1] + rows * keys[0]
        is_own = a.heads == 1
        return Saved((2,) if is_own else (), extra_bytes=FLOAT_BYTES * (numbers if is_own else numbers + keys[0] * s.y[1]))
    if not _is_shared(a):
        return Saved(inputs=(0, 1, 2), output=True, extra_bytes=FLOAT_BYTES * rows)
    repeated = keys[0] * (s.x[1] + s.y[1])
    return Saved(inputs=(0,), output=True, extra_bytes=FLOAT_BYTES * (rows + repeated))


def _attend_scratch(s: Site) -> Dim:
    """Shared keys and values repeated; then a number a row, or, without one kernel, the worst of three steps."""
    a, rows, keys = s.a, s.a.heads * s.x[0], s.xs[1][0]
    repeated: Dim = keys * (s.x[1] + s.y[1]) if _is_shared(a) else 0
    if s.y[1] == s.x[1]:
        return repeated + rows
    queries, scaled, values, logits = numel(s.x), keys * s.x[1], keys * s.y[1], rows * keys
    is_apart, is_copied = a.heads != 1, a.heads != 1 and not _is_shared(a)
    product = queries + scaled + (queries if is_apart else 0) + (scaled if is_copied else 0) + logits
    weighing = queries + logits + (values if is_copied else 0) + numel(s.y)
    return repeated + larger(larger(product, weighing), queries + 2 * logits) - numel(s.y)


ATTEND = Operator(
    name="attend",
    meaning="scaled dot-product attention alone: the current value is the queries, `[T, D]`; with keys `[S, D]` and values "
    "`[S, F]` it gives `[T, F]`; `causal` lets no query see what comes after it; `bias`, `[heads, T, S]` or `[1, T, S]`, is "
    "added to the logits",
    arguments=(
        value_argument("key"),
        value_argument("value"),
        _HEADS,
        _KV_HEADS,
        _SCALE,
        Argument("causal", flag, False, told=if_set("causal", "causal")),
        value_argument("bias", required=False),
        _AXIS,
        Argument("kernel", one_of(*KERNELS), Word("softmax"), KERNELS),
        Argument("window", offsets, on_each_axis(0), spatial=True),
        Argument("shift", offsets, on_each_axis(0), spatial=True),
        Argument("grid", flag, False),
    ),
    ranks=(2, 3, 4),
    by_steps=True,
    shape=_attend_shape,
    parameters=lambda s: (),
    macs=_attend_macs,
    macs_worked=lambda s: f"{s.x[0]}*{s.xs[1][0]} pairs * ({s.x[1]} products for logits + {s.y[1]} for values)",
    flops=lambda s: s.a.heads * s.x[0] * ((2 if s.a.bias else 1) * s.xs[1][0] + operation_counts.softmax(s.xs[1][0])),
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=_attend_saved,
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall(
        "attended({0}, {1}, {2}, {heads}, {kv_heads}, {scale}, {causal}" + (", {3})" if s.a.bias else ")"),
        _settings(s.a, ("scale", s.a.scale), ("causal", s.a.causal)),
        ("attended",),
    ),
    scratch=_attend_scratch,
    symbol=Symbol("attention", lambda s: f"attend, {s.a.heads} {'head' if s.a.heads == 1 else 'heads'}"),
    example=Example(ON_TOKENS, "k: identity ; attend @k @k heads=12"),
    called_elsewhere=("scaled_dot_product_attention", "sdpa"),
)

TITLE = "Attention by parts"
"""Of the family, in the reference."""
OPERATORS = (ATTEND, LOGITS, WEIGH)
