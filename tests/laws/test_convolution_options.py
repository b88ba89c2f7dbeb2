"""Borders, masks, norms and weights of convolutions, `blur` and `deconv pad=tf`: values, by formulas of PyTorch and timm."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

import archdsl

pytestmark = pytest.mark.torch


def module(body: str, inputs: str = "input x[6, 11, 13]") -> Any:
    return archdsl.loads(f"arch t\n{inputs}\n{body}\n").module().eval().double()


@pytest.mark.parametrize("border", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize(("pad", "sides"), [("same", (1, 1, 1, 1)), ("[1, 0, 2, 1]", (2, 1, 1, 0))])
def test_a_border_is_padding_of_that_kind(border: str, pad: str, sides: tuple[int, ...]) -> None:
    ours = module(f"conv 3x3 4 pad={pad} border={border}")
    x = torch.randn(2, 6, 11, 13, dtype=torch.float64)
    expected = F.conv2d(F.pad(x, sides, border), ours.conv1.weight, ours.conv1.bias)
    torch.testing.assert_close(ours(x), expected)
    torch.testing.assert_close(module(f"pad {pad.replace('same', '1')} border={border}")(x), F.pad(x, sides, border))


def test_a_border_of_tokens() -> None:
    ours = module("conv 3 4 pad=[2, 0] border=replicate", "input x[9, 6]")
    x = torch.randn(2, 9, 6, dtype=torch.float64)
    expected = F.conv1d(F.pad(x.transpose(1, 2), (2, 0), "replicate"), ours.conv1.weight, ours.conv1.bias)
    torch.testing.assert_close(ours(x), expected.transpose(1, 2))


@pytest.mark.parametrize(("mask", "seen"), [("exclusive", 4), ("inclusive", 5)])
def test_a_masked_pixel_depends_on_those_before_it(mask: str, seen: int) -> None:
    ours = module(f"conv 3x3 1 mask={mask} bias=false", "input x[1, 5, 5]")
    weight = ours.conv1.weight.detach().clone()
    weight.view(-1)[seen:] = 0
    x = torch.randn(2, 1, 5, 5, dtype=torch.float64)
    torch.testing.assert_close(ours(x), F.conv2d(x, weight, padding=1))
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(ours(x)[:, 0, 2, 2].sum(), x)
    reached = torch.nonzero(gradient[0, 0].flatten()).flatten().tolist()
    assert max(reached) == (11 if mask == "exclusive" else 12)


@pytest.mark.parametrize(("axis", "dim"), [("filter", 0), ("tap", 2)])
def test_weight_norm_is_that_of_pytorch(axis: str, dim: int) -> None:
    ours = module(f"conv 5 8 standardize=norm norm_axis={axis}", "input x[9, 6]")
    plain = torch.nn.Conv1d(6, 8, 5, padding=2).double()
    theirs = torch.nn.utils.parametrizations.weight_norm(plain, dim=dim)
    gain = torch.rand_like(ours.conv1.gain) + 0.5
    with torch.no_grad():
        ours.conv1.gain.copy_(gain)
        theirs.parametrizations.weight.original0.copy_(gain)
        theirs.parametrizations.weight.original1.copy_(ours.conv1.weight)
        theirs.bias.copy_(ours.conv1.bias)
    x = torch.randn(2, 9, 6, dtype=torch.float64)
    torch.testing.assert_close(ours(x), theirs(x.transpose(1, 2)).transpose(1, 2))


def test_weight_norm_starts_from_the_weights() -> None:
    ours = module("conv 3x3 8 standardize=norm")
    x = torch.randn(2, 6, 11, 13, dtype=torch.float64)
    ours.conv1.gain.data.copy_(ours.conv1.lengths())
    torch.testing.assert_close(ours(x), F.conv2d(x, ours.conv1.weight, ours.conv1.bias, padding=1))


@pytest.mark.parametrize("options", ["", "stride=2 pad=tf", "groups=2", "border=reflect", "dilation=2"])
def test_weights_of_the_network_are_those_of_each_sample(options: str) -> None:
    groups = 2 if "groups" in options else 1
    inputs = f"input x[6, 11, 13]\ninput w[4, {6 // groups * 9}]"
    ours = module(f"@x ; conv 3x3 4 weights=@w {options}", inputs)
    fixed = module(f"conv 3x3 4 bias=false {options}")
    x, w = torch.randn(3, 6, 11, 13, dtype=torch.float64), torch.randn(3, 4, 6 // groups * 9, dtype=torch.float64)
    expected = []
    for sample, weight in zip(x, w, strict=True):
        fixed.conv1.weight.data.copy_(weight.unflatten(1, (6 // groups, 3, 3)))
        expected.append(fixed(sample[None]))
    assert not list(ours.parameters())
    torch.testing.assert_close(ours(x, w), torch.cat(expected))


@pytest.mark.parametrize(("k", "stride"), [(3, 2), (3, 1), (5, 2)])
def test_blur_is_that_of_timm(k: int, stride: int) -> None:
    from helpers.oracle import declare_torchvision

    declare_torchvision()
    from timm.layers import BlurPool2d

    x = torch.randn(2, 6, 12, 14, dtype=torch.float64)
    theirs = BlurPool2d(6, filt_size=k, stride=stride).double()
    torch.testing.assert_close(module(f"blur {k} stride={stride}", "input x[6, 12, 14]")(x), theirs(x))


@pytest.mark.parametrize(("k", "stride"), [(3, 2), (4, 2), (2, 3), (5, 1)])
def test_a_transposed_same_is_the_gradient_of_a_same(k: int, stride: int) -> None:
    """TensorFlow's transposed convolution is the gradient of its convolution, with SAME in both."""
    ours = module(f"deconv {k}x{k} 4 stride={stride} pad=tf bias=false", "input x[6, 5, 7]")
    forth = module(f"conv {k}x{k} 6 stride={stride} pad=tf bias=false", f"input x[4, {5 * stride}, {7 * stride}]")
    forth.conv1.weight.data.copy_(ours.deconv1.weight)
    x = torch.randn(2, 6, 5, 7, dtype=torch.float64)
    large = torch.randn(2, 4, 5 * stride, 7 * stride, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(forth(large), large, x)
    torch.testing.assert_close(ours(x), expected)
