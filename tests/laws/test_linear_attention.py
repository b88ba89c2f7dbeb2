"""Attention of channels and by kernels: values by formula, and the MACs that the page tells."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import archdsl

pytestmark = pytest.mark.torch

HEAD = "arch t\ninput q[10, 12]\ninput k[{s}, 12]\ninput v[{s}, {f}]\n@q ; "


def heads_of(x: Any, heads: int) -> Any:
    return x.unflatten(2, (heads, -1)).transpose(1, 2)


@pytest.mark.parametrize("heads", [1, 3])
@pytest.mark.parametrize("scale", ["", " scale=0.5"])
def test_channels_attend_to_channels(heads: int, scale: str) -> None:
    text = HEAD.format(s=10, f=12)
    arch = archdsl.loads(text + f"attend @k @v heads={heads} axis=channels{scale}\n")
    parts = archdsl.loads(
        text + f"logits @k heads={heads} axis=channels{scale} ; softmax axis=width ; weigh @v axis=channels\n"
    )
    q, k, v = (torch.randn(2, 10, 12) for _ in range(3))
    each = 12 // heads
    logits = heads_of(q, heads).transpose(2, 3) @ heads_of(k, heads) * (0.5 if scale else each**-0.5)
    expected = (logits.softmax(-1) @ heads_of(v, heads).transpose(2, 3)).permute(0, 3, 1, 2).flatten(2)
    for one in (arch, parts):
        torch.testing.assert_close(one.module()(q, k, v), expected)
        assert one.cost().macs == 2 * 10 * 12 * each


@pytest.mark.parametrize("kernel", ["relu", "elu"])
@pytest.mark.parametrize("heads", [1, 3])
def test_a_kernel_in_place_of_the_softmax(kernel: str, heads: int) -> None:
    arch = archdsl.loads(HEAD.format(s=7, f=6) + f"attend @k @v heads={heads} kernel={kernel}\n")
    q, k, v = torch.randn(2, 10, 12), torch.randn(2, 7, 12), torch.randn(2, 7, 6)

    def mapped(x: Any) -> Any:
        return x.relu() if kernel == "relu" else torch.nn.functional.elu(x) + 1

    weights = mapped(heads_of(q, heads)) @ mapped(heads_of(k, heads)).transpose(2, 3)
    expected = (weights @ heads_of(v, heads)) / (weights.sum(-1, keepdim=True) + 1e-6)
    torch.testing.assert_close(arch.module()(q, k, v), expected.transpose(1, 2).flatten(2))
    e, f = 12 // heads, 6 // heads
    assert arch.cost().macs == heads * (7 + 10) * e * (f + 1)


def test_on_maps_and_for_any_length() -> None:
    text = "arch t\ninput x[12, 6, 8]\nlet k = < identity >\nattend @k @k heads=2 {}\n"
    for options in ("axis=channels", "kernel=relu", "kernel=elu"):
        arch = archdsl.loads(text.format(options))
        assert arch.cost().out == (12, 6, 8)
        assert arch.module()(torch.randn(2, 12, 6, 8)).shape == (2, 12, 6, 8)
    free = archdsl.loads("arch t\ninput x[T, 12]\nlet k = < identity >\nattend @k @k heads=2 kernel=relu\n")
    assert str(free.cost().macs) == f"{2 * 2 * 6 * 7}*T"
