"""The attention modules against torchvision's and timm's, with the same weights in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from helpers.oracle import declare_torchvision

pytestmark = pytest.mark.torch

declare_torchvision()

TOLERANCE = 1e-8


def _same_parameters(ours: Any, theirs: Any) -> None:
    """Copy their parameters into ours, by order; the shapes must be the same."""
    mine, other = list(ours.parameters()), list(theirs.parameters())
    assert [p.shape for p in mine] == [p.shape for p in other]
    for p, q in zip(mine, other, strict=True):
        torch.nn.init.normal_(q, std=0.3)
        p.data.copy_(q.data)


def _agree(ours: Any, theirs: Any, mine: Callable[..., Any], other: Callable[..., Any]) -> None:
    """Equal outputs and, for a random cotangent, equal gradients of every parameter."""
    ours.double()
    theirs.double()
    _same_parameters(ours, theirs)
    y, z = mine(), other()
    assert y.shape == z.shape
    assert (y - z).abs().max() <= TOLERANCE * z.abs().max()
    cotangent = torch.randn_like(z)
    (y * cotangent).sum().backward()
    (z * cotangent).sum().backward()
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert p.grad is not None
        assert q.grad is not None
        assert (p.grad - q.grad).abs().max() <= TOLERANCE * max(q.grad.abs().max().item(), 1.0)


def _random(*shape: int) -> Any:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("heads", [1, 4])
def test_vit(heads: int) -> None:
    from archdsl.backends.torch.support.attention import Attention

    ours = Attention(32, heads)
    theirs = torch.nn.MultiheadAttention(32, heads, batch_first=True)
    x = _random(2, 17, 32)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x, x, x, need_weights=False)[0])


def test_map_is_attention_over_its_positions() -> None:
    from archdsl.backends.torch.support.map_attention import MapAttention

    ours = MapAttention(32, 4)
    theirs = torch.nn.MultiheadAttention(32, 4, batch_first=True)
    x = _random(2, 32, 5, 7)
    tokens = x.flatten(2).transpose(1, 2)
    flat = theirs
    _agree(
        ours,
        theirs,
        lambda: ours(x),
        lambda: flat(tokens, tokens, tokens, need_weights=False)[0].transpose(1, 2).reshape(2, 32, 5, 7),
    )


SWIN = [
    ((8, 8), (4, 4), (0, 0)),
    ((8, 8), (4, 4), (2, 2)),
    ((7, 10), (4, 4), (2, 2)),  # padded
    ((4, 12), (4, 4), (2, 2)),  # one window covers the height: shifted along the width alone
    ((3, 3), (4, 4), (2, 2)),  # the window is larger than the map
    ((9, 10), (3, 5), (1, 2)),
]


@pytest.mark.parametrize(("size", "window", "shift"), SWIN)
def test_swin(size: tuple[int, int], window: tuple[int, int], shift: tuple[int, int]) -> None:
    from torchvision.models.swin_transformer import ShiftedWindowAttention

    from archdsl.backends.torch.support.window_attention import WindowAttention

    ours = WindowAttention(24, 3, window, shift, relpos=True)
    theirs = ShiftedWindowAttention(24, list(window), list(shift), 3)
    x = _random(2, 24, *size)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


@pytest.mark.parametrize(("size", "window", "shift"), SWIN)
def test_swin_v2(size: tuple[int, int], window: tuple[int, int], shift: tuple[int, int]) -> None:
    from torchvision.models.swin_transformer import ShiftedWindowAttentionV2

    from archdsl.backends.torch.support.cosine_window_attention import CosineWindowAttention

    ours = CosineWindowAttention(24, 3, window, shift)
    theirs = ShiftedWindowAttentionV2(24, list(window), list(shift), 3)
    x = _random(2, 24, *size)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


@pytest.mark.parametrize("kind", ["window", "grid"])
def test_maxvit(kind: str) -> None:
    from torchvision.models.maxvit import PartitionAttentionLayer

    from archdsl.backends.torch.support.window_attention import WindowAttention

    layer = PartitionAttentionLayer(32, 8, 4, kind, (12, 12), 4, torch.nn.GELU, torch.nn.LayerNorm, 0.0, 0.0, 0.0)
    theirs = layer.attn_layer[1]
    # torchvision divides the logits by the root of all channels, not of a head's.
    ours = WindowAttention(32, 4, (4, 4), grid=kind == "grid", relpos=True, scale=32**-0.5)
    x = _random(2, 32, 12, 12)

    def partitioned() -> Any:
        cut = layer.partition_swap(layer.partition_op(x, layer.p))
        gh, gw = 12 // layer.p, 12 // layer.p
        return layer.departition_op(layer.departition_swap(theirs(cut)), layer.p, gh, gw)

    _agree(ours, theirs, lambda: ours(x), partitioned)


def test_cait_talking_heads() -> None:
    from timm.models.cait import TalkingHeadAttn

    from archdsl.backends.torch.support.talking_attention import TalkingAttention

    ours, theirs = TalkingAttention(32, 4), TalkingHeadAttn(32, 4, qkv_bias=True)
    x = _random(2, 17, 32)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x))


def test_cait_class_attention() -> None:
    from timm.models.cait import ClassAttn

    from archdsl.backends.torch.support.cross_attention import CrossAttention

    ours, theirs = CrossAttention(32, 32, 4), ClassAttn(32, 4, qkv_bias=True)
    x = _random(2, 17, 32)
    _agree(ours, theirs, lambda: ours(x[:, :1], x), lambda: theirs(x))


@pytest.mark.parametrize("shape", [(2, 17, 32), (2, 32, 6, 7)])
def test_general_attention_without_extras_is_plain(shape: tuple[int, ...]) -> None:
    from archdsl.backends.torch.support.attention import Attention
    from archdsl.backends.torch.support.general_attention import GeneralAttention
    from archdsl.backends.torch.support.general_map_attention import GeneralMapAttention
    from archdsl.backends.torch.support.map_attention import MapAttention

    ours = (GeneralAttention if len(shape) == 3 else GeneralMapAttention)(32, 4, dim=64)
    theirs = (Attention if len(shape) == 3 else MapAttention)(32, 4, dim=64)
    x = _random(*shape)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x))


@pytest.mark.parametrize(("size", "window", "shift"), SWIN)
def test_general_attention_is_swin_v2(size: tuple[int, int], window: tuple[int, int], shift: tuple[int, int]) -> None:
    from torchvision.models.swin_transformer import ShiftedWindowAttentionV2

    from archdsl.backends.torch.support.general_window_attention import GeneralWindowAttention

    ours = GeneralWindowAttention(24, 3, window, shift, relpos="mlp", cosine=True)
    theirs = ShiftedWindowAttentionV2(24, list(window), list(shift), 3)
    x = _random(2, 24, *size)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


def test_general_attention_is_swin() -> None:
    from torchvision.models.swin_transformer import ShiftedWindowAttention

    from archdsl.backends.torch.support.general_window_attention import GeneralWindowAttention

    ours = GeneralWindowAttention(24, 3, (4, 4), (2, 2), relpos="bias")
    theirs = ShiftedWindowAttention(24, [4, 4], [2, 2], 3)
    x = _random(2, 24, 7, 10)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


def test_general_attention_is_cait() -> None:
    from timm.models.cait import TalkingHeadAttn

    from archdsl.backends.torch.support.general_attention import GeneralAttention

    ours, theirs = GeneralAttention(32, 4, talking=True), TalkingHeadAttn(32, 4, qkv_bias=True)
    x = _random(2, 17, 32)
    _agree(ours, theirs, lambda: ours(x), lambda: theirs(x))


def test_cross_attention_to_itself_is_self_attention() -> None:
    """Every setting of cross-attention, against self-attention with the same weights cut in three."""
    from archdsl.backends.torch.support.general_attention import GeneralAttention
    from archdsl.backends.torch.support.general_cross_attention import GeneralCrossAttention

    x = _random(2, 17, 32)
    for cosine in (False, True):
        for talking in (False, True):
            one = GeneralAttention(32, 4, cosine=cosine, talking=talking, dim=48).double()
            three = GeneralCrossAttention(32, 32, 4, cosine=cosine, talking=talking, dim=48).double()
            state = dict(one.state_dict())
            weight, bias = state.pop("qkv.weight").chunk(3), state.pop("qkv.bias").normal_().chunk(3)
            for name, w, b in zip("qkv", weight, bias, strict=True):
                state[f"{name}.weight"] = w
                if name != "k" or not cosine:
                    state[f"{name}.bias"] = b
            three.load_state_dict(state)
            y, z = one(x), three(x, x)
            assert (y - z).abs().max() <= TOLERANCE * z.abs().max()
