"""What attention counts, computed by hand. Must not need torch."""

from __future__ import annotations

from typing import Any

from samples.sample import Word

from archdsl.ops.binding import complete
from archdsl.ops.operator import Operator, Site
from archdsl.ops.registry import OPERATORS
from archdsl.shapes import Shape


def _use(name: str, inputs: tuple[Shape, ...], **written: Any) -> tuple[Operator, Site]:
    operator = OPERATORS[name]
    return operator, operator.site(complete(operator, written, inputs), inputs)


def _macs(name: str, *inputs: Shape, **written: Any) -> Any:
    operator, site = _use(name, inputs, **written)
    return operator.macs(site)


def _flops(name: str, *inputs: Shape, **written: Any) -> Any:
    operator, site = _use(name, inputs, **written)
    return operator.flops(site)


def test_vit_b_16() -> None:
    """197 tokens of 768: four projections and two products (715,327,488 in 12 layers, as torch counts them)."""
    macs = _macs("attention", (197, 768), heads=12)
    assert macs == 4 * 197 * 768 * 768 + 2 * 197 * 197 * 768
    assert 12 * 2 * 197 * 197 * 768 == 715_327_488


def test_padded_windows_count_their_padding() -> None:
    """14x14 in windows of 8 is 16x16 in four windows."""
    assert _macs("attention", (96, 14, 14), heads=3, window=8) == 4 * 256 * 96 * 96 + 2 * 256 * 64 * 96


def test_swin_v2_counts_its_bias_mlp() -> None:
    extra = 15 * 15 * (2 * 512 + 512 * 3)
    plain = _macs("attention", (96, 16, 16), heads=3, window=8)
    assert _macs("attention", (96, 16, 16), heads=3, window=8, cosine=True, relpos=Word("mlp")) == plain + extra


def test_by_hand_and_as_operator_count_alike() -> None:
    """softmax(q k / sqrt(d)) v step by step, and an out-projection, against one head."""
    t, d = 10, 16
    projections = 3 * _macs("linear", (t, d), c=d)
    products = _macs("matmul", (t, d), (t, d), other=True, transpose=True) + _macs("matmul", (t, t), (t, d), other=True)
    out = _macs("linear", (t, d), c=d)
    assert _macs("attention", (t, d), heads=1) == projections + products + out
    others = 4 * _flops("linear", (t, d), c=d) + _flops("scale", (t, t), value=0.25) + _flops("softmax", (t, t))
    assert _flops("attention", (t, d), heads=1) == others


def test_class_attention_projects_one_query() -> None:
    t, d = 197, 192
    assert _macs("attention", (1, d), (t, d), heads=4, kv=True) == 2 * d * d + 2 * t * d * d + 2 * t * d


def test_talking_heads_are_projections() -> None:
    t, heads = 10, 4
    plain = _macs("attention", (t, 16), heads=heads)
    assert _macs("attention", (t, 16), heads=heads, talking=True) == plain + 2 * heads * heads * t * t


def test_flops_of_what_is_added_to_logits() -> None:
    """A bias and a mask count one addition a logit each; the mask is there only where a shift is."""
    logits = 3 * 256 * 64
    plain = _flops("attention", (96, 16, 16), heads=3, window=8)
    assert _flops("attention", (96, 16, 16), heads=3, window=8, relpos=Word("bias")) == plain + logits
    assert _flops("attention", (96, 16, 16), heads=3, window=8, shift=4) == plain + logits
    one = _flops("attention", (96, 8, 8), heads=3, window=8)
    assert _flops("attention", (96, 8, 8), heads=3, window=8, shift=4) == one


def test_memory_counts_the_outputs_of_joins_and_resizing() -> None:
    counted = {name for name in OPERATORS if OPERATORS[name].in_memory}
    assert {"attention", "matmul", "add", "mul", "concat", "upsample"} <= counted
    assert not counted & {
        "tokens",
        "grid",
        "flatten",
        "slice",
        "crop",
        "pad",
        "pixelshuffle",
        "class_token",
        "scale",
        "posembed",
    }
