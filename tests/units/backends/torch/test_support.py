"""The support classes of windows, norms and regularisation against PyTorch's own operators (and timm's), in float64."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from helpers.oracle import declare_torchvision
from torch import Tensor, nn

from archdsl.backends.torch.support.cropped_conv_transpose2d import CroppedConvTranspose2d
from archdsl.backends.torch.support.drop_path import DropPath
from archdsl.backends.torch.support.global_response_norm import GlobalResponseNorm
from archdsl.backends.torch.support.global_response_norm2d import GlobalResponseNorm2d
from archdsl.backends.torch.support.layer_norm2d import LayerNorm2d
from archdsl.backends.torch.support.padded_avg_pool2d import PaddedAvgPool2d
from archdsl.backends.torch.support.padded_conv2d import PaddedConv2d
from archdsl.backends.torch.support.padded_max_pool2d import PaddedMaxPool2d
from archdsl.backends.torch.support.padded_scaled_std_conv2d import PaddedScaledStdConv2d
from archdsl.backends.torch.support.padded_std_conv2d import PaddedStdConv2d
from archdsl.backends.torch.support.scaled_std_conv2d import ScaledStdConv2d
from archdsl.backends.torch.support.std_conv2d import StdConv2d
from archdsl.backends.torch.support.token_batch_norm import TokenBatchNorm
from archdsl.backends.torch.support.token_prelu import TokenPrelu
from archdsl.backends.torch.support.unpool import unpool

pytestmark = pytest.mark.torch

EPS = 1e-6


@pytest.fixture
def picture() -> Tensor:
    torch.manual_seed(0)
    x: Tensor = torch.randn(2, 6, 11, 13, dtype=torch.float64)
    return x


def _same(ours: Tensor, theirs: Tensor) -> None:
    assert ours.shape == theirs.shape
    assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def _with_weights_of(theirs: nn.Module, ours: nn.Module) -> nn.Module:
    ours.double().load_state_dict(theirs.double().state_dict())
    return ours


def test_conv_padded_on_all_sides_alike(picture: Tensor) -> None:
    theirs = nn.Conv2d(6, 4, 3, stride=2, padding=(1, 2), groups=2)
    ours = _with_weights_of(theirs, PaddedConv2d(6, 4, 3, stride=2, pad=(1, 1, 2, 2), groups=2))
    _same(ours(picture), theirs(picture))


@pytest.mark.parametrize(("size", "sides"), [(12, (0, 1)), (11, (1, 1)), (13, (1, 1))])
def test_conv_with_tensorflow_padding(size: int, sides: tuple[int, int]) -> None:
    """The larger half comes after: 12 positions, window 3, stride 2 need 1 in total."""
    x = torch.randn(1, 6, size, size, dtype=torch.float64)
    theirs = nn.Conv2d(6, 4, 3, stride=2)
    ours = _with_weights_of(theirs, PaddedConv2d(6, 4, 3, stride=2, pad="tf"))
    _same(ours(x), theirs(F.pad(x, sides * 2)))


def _standardized(weight: Tensor) -> Tensor:
    mean = weight.mean((1, 2, 3), keepdim=True)
    variance = weight.var((1, 2, 3), unbiased=False, keepdim=True)
    return (weight - mean) / (variance + EPS).sqrt()


@pytest.mark.parametrize("kind", [StdConv2d, PaddedStdConv2d])
def test_standardized_weights(kind: Any, picture: Tensor) -> None:
    pad = {"padding": 1} if kind is StdConv2d else {"pad": (1, 1, 1, 1)}
    conv = kind(6, 4, 3, groups=2, **pad).double()
    _same(conv(picture), F.conv2d(picture, _standardized(conv.weight), conv.bias, padding=1, groups=2))


@pytest.mark.parametrize("kind", [ScaledStdConv2d, PaddedScaledStdConv2d])
def test_scaled_standardized_weights(kind: Any, picture: Tensor) -> None:
    pad = {"padding": 1} if kind is ScaledStdConv2d else {"pad": (1, 1, 1, 1)}
    conv = kind(6, 4, 3, **pad).double()
    nn.init.normal_(conv.gain)
    weight = _standardized(conv.weight) * conv.gain / (6 * 3 * 3) ** 0.5
    _same(conv(picture), F.conv2d(picture, weight, conv.bias, padding=1))


def test_transposed_conv_cropped(picture: Tensor) -> None:
    theirs = nn.ConvTranspose2d(6, 4, 4, stride=2)
    ours = _with_weights_of(theirs, CroppedConvTranspose2d(6, 4, 4, stride=2, crop=(1, 0, 2, 1)))
    _same(ours(picture), theirs(picture)[:, :, 1:, 2:-1])


@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize(("k", "s", "p", "d"), [(2, 2, 1, 1), (3, 2, 1, 1), (3, 2, 0, 1), (3, 3, 1, 2), (2, 3, 1, 1)])
def test_max_pool_padded_on_all_sides_alike(k: int, s: int, p: int, d: int, ceil: bool, picture: Tensor) -> None:
    theirs = nn.MaxPool2d(k, s, p, d, return_indices=True, ceil_mode=ceil)
    ours = PaddedMaxPool2d((k, k), (s, s), (p,) * 4, (d, d), ceil_mode=ceil, return_indices=True)
    for got, wanted in zip(ours(picture), theirs(picture), strict=True):
        _same(got.double(), wanted.double())


@pytest.mark.parametrize("include", [False, True])
@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize(("k", "s", "p"), [(2, 2, 1), (3, 2, 1), (3, 2, 0), (2, 3, 1)])
def test_average_pool_padded_on_all_sides_alike(k: int, s: int, p: int, ceil: bool, include: bool, picture: Tensor) -> None:
    theirs = nn.AvgPool2d(k, s, p, ceil_mode=ceil, count_include_pad=include)
    ours = PaddedAvgPool2d((k, k), (s, s), (p,) * 4, ceil_mode=ceil, count_include_pad=include)
    _same(ours(picture), theirs(picture))


def test_average_pool_with_tensorflow_padding_counts_real_positions() -> None:
    x = torch.arange(4.0).view(1, 1, 2, 2)
    pool = PaddedAvgPool2d((3, 3), (2, 2), "tf", count_include_pad=False)
    assert pool(x).item() == 1.5


@pytest.mark.parametrize("pad", ["tf", (1, 0, 0, 1)])
def test_indices_of_a_padded_pool_are_places_of_its_input(pad: Any, picture: Tensor) -> None:
    y, indices = PaddedMaxPool2d((3, 3), (2, 2), pad, return_indices=True)(picture)
    _same(picture.flatten(2).gather(2, indices.flatten(2)).view_as(y), y)


def test_unpool(picture: Tensor) -> None:
    y, indices = F.max_pool2d(picture, 2, return_indices=True)
    _same(unpool(y, indices, (11, 13)), F.max_unpool2d(y, indices, (2, 2), output_size=(11, 13)))


def test_layer_norm_of_a_picture(picture: Tensor) -> None:
    norm = LayerNorm2d(6).double()
    nn.init.normal_(norm.weight)
    _same(norm(picture)[:, :, 2, 3], F.layer_norm(picture[:, :, 2, 3], (6,), norm.weight, norm.bias))


def test_global_response_norm_starts_as_the_identity(picture: Tensor) -> None:
    _same(GlobalResponseNorm2d(6).double()(picture), picture)


@pytest.mark.parametrize("eps", [1e-6, 0.5])
def test_global_response_norm_is_timms(eps: float, picture: Tensor) -> None:
    """On a map, and on its positions as tokens; the gradients too."""
    declare_torchvision()
    import timm.layers.grn as grn

    theirs = grn.GlobalResponseNorm(6, eps, channels_last=False).double()
    for tensor in theirs.parameters():
        nn.init.normal_(tensor)
    map_norm = _with_weights_of(theirs, GlobalResponseNorm2d(6, eps))
    token_norm = _with_weights_of(theirs, GlobalResponseNorm(6, eps))
    wanted = theirs(picture)
    assert not torch.allclose(wanted, picture)
    tokens = token_norm(picture.flatten(2).transpose(1, 2))
    _same(map_norm(picture), wanted)
    _same(tokens.transpose(1, 2).unflatten(2, (11, 13)), wanted)
    cotangent = torch.randn_like(wanted)
    for norm in (theirs, map_norm):
        (norm(picture) * cotangent).sum().backward()
    (tokens * cotangent.flatten(2).transpose(1, 2)).sum().backward()
    for norm in (map_norm, token_norm):
        for mine, other in zip(norm.parameters(), theirs.parameters(), strict=True):
            assert mine.grad is not None
            assert other.grad is not None
            _same(mine.grad, other.grad)


def test_norm_and_slopes_of_tokens() -> None:
    x = torch.randn(2, 5, 6, dtype=torch.float64)
    norm, prelu = TokenBatchNorm(6).double(), TokenPrelu(6).double()
    nn.init.normal_(prelu.weight)
    flat = x.reshape(-1, 6)
    _same(norm(x).reshape(-1, 6), F.batch_norm(flat, None, None, norm.weight, norm.bias, training=True))
    _same(prelu(x).reshape(-1, 6), F.prelu(flat, prelu.weight))


def test_drop_path_drops_whole_samples_and_keeps_the_mean() -> None:
    torch.manual_seed(0)
    x = torch.ones(4000, 3, 2, 2)
    y = DropPath(0.25).train()(x)
    assert {round(value, 4) for value in y.unique().tolist()} == {0.0, round(1 / 0.75, 4)}
    assert bool((y.flatten(1).std(1) == 0).all())
    assert abs(float(y.mean()) - 1) < 0.05
    assert DropPath(0.25).eval()(x) is x
