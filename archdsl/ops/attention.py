"""Attention and the bare matrix product: `attention`, `matmul`. Must not count (`attention_extent` does)."""

from __future__ import annotations

from archdsl.ops import attention_extent
from archdsl.ops.arguments import count, flag, offsets, on_map, one_of, or_none, positive, value_argument
from archdsl.ops.attention_extent import BIAS_MLP_WIDTH, extent, is_fused, used_window
from archdsl.ops.captions import BIAS, if_set, size_words
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
    Tensor,
    TorchCall,
    TorchModule,
)
from archdsl.ops.views import EVERYTHING, UNKNOWN, Line, Lines, View
from archdsl.shapes import Dim, Formula, Shape, Undecided, channels, decide, shape_text

NO_WINDOW = (0, 0)
WHOLE = (None, None)
"""An axis that every position sees whole."""


def _shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    require_divides("the width of all heads, `dim`,", a.dim, "heads", a.heads)
    if a.cosine and a.scale is not None:
        raise SettingFact("scale", "cosine attention learns a factor of its own")
    if a.kv:
        _check_kv(xs)
    if len(xs[0]) == 2:
        _check_tokens(a, xs[0])
    else:
        _check_windows(a)
        if any(isinstance(window, Formula) for window in a.window):
            # How many windows there are may have no formula: asked here, where a person is told the place.
            extent(a, xs)
    return xs[0]


def _check_kv(xs: tuple[Shape, ...]) -> None:
    x, kv = xs
    if len(x) != 2:
        raise RankFact(x, (2,))
    if len(kv) != 2:
        raise MismatchFact(xs, (), "keys and values must be tokens, `[T, D]`")


def _check_tokens(a: Attributes, x: Shape) -> None:
    for name in ("window", "shift", "grid", "relpos"):
        if a[name] and a[name] != NO_WINDOW:
            raise SettingFact(name, f"it needs a map, `[C, H, W]`, but this is {shape_text(x)}")


def _check_windows(a: Attributes) -> None:
    if a.grid and 0 in a.window:
        raise SettingFact("grid", "it needs a `window`")
    if a.grid and a.shift != NO_WINDOW:
        raise SettingFact("shift", "the windows of a grid are not shifted")
    if a.talking and a.shift != NO_WINDOW:
        raise SettingFact("talking", "mixing the heads would undo the mask of shifted windows")
    for shift, window in zip(a.shift, a.window, strict=True):
        if shift and not window:
            raise SettingFact("shift", "there is no `window` to shift")
        if shift and decide(">=", shift, window):
            raise SettingFact("shift", f"it must be smaller than the window, which is {window}")


def _parameters(s: Site) -> tuple[Tensor, ...]:
    """In the order of the modules in `archdsl/backends/torch/support/`, which is torchvision's and timm's."""
    a, width, bias = s.a, channels(s.x), bool(s.a.bias)
    tensors: list[Tensor] = []
    if a.relpos == "bias":
        tensors.append(Tensor("relative_position_bias_table", (extent(a, s.xs).offsets, a.heads)))
    if a.cosine:
        tensors.append(Tensor("logit_scale", (a.heads, 1, 1)))
    if a.kv:
        tensors += _linear("q", width, a.dim, bias)
        tensors += _linear("k", channels(s.xs[1]), a.dim, bias and not a.cosine)
        tensors += _linear("v", channels(s.xs[1]), a.dim, bias)
    else:
        tensors += _linear("qkv", width, 3 * a.dim, bias)
    tensors += _linear("proj", a.dim, width, a.out_bias)
    if a.talking:
        tensors += _linear("proj_l", a.heads, a.heads) + _linear("proj_w", a.heads, a.heads)
    if a.relpos == "mlp":
        tensors += _linear("cpb_mlp.0", 2, BIAS_MLP_WIDTH) + _linear("cpb_mlp.2", BIAS_MLP_WIDTH, a.heads, False)
    return tuple(tensors)


def _linear(name: str, inputs: Dim, outputs: Dim, bias: bool = True) -> list[Tensor]:
    weight = Tensor(f"{name}.weight", (outputs, inputs))
    return [weight, Tensor(f"{name}.bias", (outputs,))] if bias else [weight]


def _view(s: Site) -> View:
    """The positions of the window that a position is in, or of a window spread over the map."""
    if len(s.x) == 2 or s.a.window == NO_WINDOW:
        return EVERYTHING
    try:
        down, across = (_lines(s.a.grid, *axis) for axis in zip(s.a.window, s.a.shift, s.x[1:], strict=True))
    except Undecided:
        return UNKNOWN
    return EVERYTHING if down == across == WHOLE else Lines((down[0], across[0]), (down[1], across[1]))


def _lines(is_grid: bool, window: Dim, shift: Dim, size: Dim) -> tuple[Line, Line] | tuple[None, None]:
    """The first and the last position that a position attends to; None if that is the whole axis.

    Raises:
        Undecided: the free sizes leave it open.
    """
    if not window or decide(">=", window, size):
        return WHOLE
    if isinstance(window, Formula) or isinstance(shift, Formula):
        raise Undecided(window, size)
    if not is_grid:
        line = Line(1, -shift, window, window, shift)
        return line, line._replace(more=shift + window - 1)
    # Neighbors in a grid window are as far apart as there are windows, and p is at p modulo that number.
    apart = quotient(size + window - 1, window)
    if isinstance(apart, Formula):
        raise Undecided(window, size)
    line = Line(1, 0, apart, -apart, own=1)
    return line, line._replace(more=(window - 1) * apart)


def _torch(s: Site) -> TorchModule:
    a = s.a
    width = channels(s.x)
    if a.kv:
        plain = is_fused(a)
        extras = () if plain else _given(a, "cosine", "talking")
        return TorchModule(
            "CrossAttention" if plain else "GeneralCrossAttention",
            (width, channels(s.xs[1]), a.heads),
            extras + _projections(a, width),
        )
    if len(s.x) == 3 and (a.relpos or a.window != NO_WINDOW):
        return _window_module(s, width)
    if len(s.x) == 2 and a.talking and not a.cosine:
        return TorchModule("TalkingAttention", (width, a.heads), _projections(a, width))
    kind = "Attention" if len(s.x) == 2 else "MapAttention"
    if is_fused(a):
        return TorchModule(kind, (width, a.heads), _projections(a, width))
    return TorchModule(f"General{kind}", (width, a.heads), _given(a, "cosine", "talking") + _projections(a, width))


def _window_module(s: Site, width: Dim) -> TorchModule:
    a = s.a
    window = used_window(a, s.x) if a.relpos else a.window
    places = _given(a, "shift", "grid")
    if not a.talking and not a.cosine and a.relpos != "mlp":
        relpos = (("relpos", True),) if a.relpos else ()
        return TorchModule("WindowAttention", (width, a.heads, window), places + relpos + _projections(a, width))
    if a.cosine and not a.talking and a.relpos == "mlp":
        return TorchModule("CosineWindowAttention", (width, a.heads, window), places + _projections(a, width))
    args, kind = (width, a.heads, window), (("relpos", str(a.relpos)),) if a.relpos else ()
    extras = _given(a, "cosine", "talking") + _projections(a, width)
    return TorchModule("GeneralWindowAttention", args, places + kind + extras)


def _given(a: Attributes, *names: str) -> tuple[tuple[str, Setting], ...]:
    """Those of the settings that are not off."""
    return tuple((name, a[name]) for name in names if a[name] and a[name] != NO_WINDOW)


def _projections(a: Attributes, width: Dim) -> tuple[tuple[str, Setting], ...]:
    found: list[tuple[str, Setting]] = [("dim", a.dim)] if a.dim != width else []
    found += [(name, False) for name in ("bias", "out_bias") if not a[name]]
    found += [("scale", a.scale)] if a.scale is not None else []
    return tuple(found)


def _head(s: Site) -> str:
    a = s.a
    cut = "" if a.window == NO_WINDOW else f", {'grid' if a.grid else 'window'} {size_words(a.window)}"
    return f"{'cross-' if a.kv else ''}attention, {a.heads} {'head' if a.heads == 1 else 'heads'}{cut}"


ATTENTION = Operator(
    name="attention",
    meaning="multi-head attention, in- and out-projection included: `[T, D] -> [T, D]`, or `[C, H, W] -> [C, H, W]` over all "
    "positions or inside windows; `scale` is the factor of the logits if it is not `1/sqrt(dim/heads)`",
    arguments=(
        Argument("heads", count, told="in head"),
        Argument("dim", count, Computed("in.d", lambda a, xs: channels(xs[0]))),
        Argument("bias", flag, True, told=BIAS),
        Argument("out_bias", flag, True, told=BIAS),
        Argument("window", on_map(offsets), NO_WINDOW, told="in head"),
        Argument("shift", on_map(offsets), NO_WINDOW),
        Argument("grid", flag, False, told="in head"),
        Argument("relpos", one_of("none", "bias", "mlp"), None, ("none", "bias", "mlp")),
        Argument("cosine", flag, False),
        value_argument("kv", required=False),
        Argument("talking", flag, False, told=if_set("talking", "talking heads")),
        Argument("scale", or_none(positive), None, ("none",)),
    ),
    ranks=(2, 3),
    shape=_shape,
    parameters=_parameters,
    macs=attention_extent.macs,
    macs_worked=attention_extent.macs_worked,
    flops=attention_extent.flops,
    depth=2,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=attention_extent.saved,
    view=_view,
    torch=_torch,
    symbol=Symbol("attention", _head),
    scratch=attention_extent.scratch,
    example=Example(ON_TOKENS, "attention heads=12"),
    called_elsewhere=tuple(
        "mha mhsa msa attn self_attn multihead_attn multihead_attention multihead_self_attention self_attention"
        " window_attention shifted_window_attention".split()
    ),
)


def _matmul_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x, other = xs
    if len(other) != 2:
        raise MismatchFact(xs, (), "both factors must be matrices, `[T, D]`")
    inner, outer = (other[1], other[0]) if a.transpose else other
    if x[1] != inner:
        axes = (1,) if a.transpose else (0, 1)
        rule = (
            "the second axes must agree" if a.transpose else "the second axis of the first must be the first axis of the second"
        )
        raise MismatchFact(xs, axes, rule)
    return (x[0], outer)


MATMUL = Operator(
    name="matmul",
    meaning="matrix product with another value: `[T, D]` and `[D, S] -> [T, S]`; `transpose` takes the other as `[S, D]`",
    arguments=(value_argument("other"), Argument("transpose", flag, False, told=if_set("transpose", "transposed"))),
    ranks=(2,),
    shape=_matmul_shape,
    parameters=lambda s: (),
    macs=lambda s: s.x[0] * s.x[1] * s.y[1],
    macs_worked=lambda s: f"{s.x[0]}*{s.y[1]} outputs * {s.x[1]} products each",
    flops=lambda s: 0,
    depth=0,
    in_memory=True,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(inputs=(0, 1)),
    view=lambda s: EVERYTHING,
    torch=lambda s: TorchCall("{0} @ {1}.transpose(1, 2)" if s.a.transpose else "{0} @ {1}"),
    symbol=Symbol("attention", lambda s: "matmul"),
    example=Example(ON_TOKENS, "k: identity ; matmul @k transpose=true"),
    called_elsewhere=("bmm",),
)

TITLE = "Attention"
"""Of the family, in the reference."""
OPERATORS = (ATTENTION, MATMUL)
