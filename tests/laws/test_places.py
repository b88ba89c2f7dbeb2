"""`sample`, `correlate`, `roialign` and `deform_conv`: values, by PyTorch, torchvision's own Python and loops."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

import archdsl

pytestmark = pytest.mark.torch


def module(inputs: str, body: str) -> Any:
    return archdsl.loads(f"arch t\n{inputs}\n{body}\n").module().eval().double()


def rand(*shape: int) -> Any:
    return torch.randn(*shape, dtype=torch.float64)


def test_sample() -> None:
    x, grid = rand(2, 3, 6, 7), rand(2, 2, 4, 5)
    inputs = "input x[3, 6, 7]\ninput g[2, 4, 5]"
    for aligned in (False, True):
        found = module(inputs, f"@x ; sample @g align_corners={str(aligned).lower()}")(x, grid)
        torch.testing.assert_close(found, F.grid_sample(x, grid.permute(0, 2, 3, 1), align_corners=aligned))


def test_correlate() -> None:
    x, other = rand(2, 3, 6, 7), rand(2, 3, 6, 7)
    found = module("input x[3, 6, 7]\ninput y[3, 6, 7]", "@x ; correlate @y 1")(x, other)
    around = F.pad(other, [1] * 4)
    for at, (dy, dx) in enumerate((dy, dx) for dy in range(3) for dx in range(3)):
        expected = (x * around[:, :, dy : dy + 6, dx : dx + 7]).sum(1) / 3**0.5
        torch.testing.assert_close(found[:, at], expected)


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("ratio", [0, 1, 2, 3])
def test_roialign_is_that_of_torchvision(ratio: int, aligned: bool) -> None:
    from helpers.oracle import declare_torchvision

    declare_torchvision()
    from torchvision.ops.roi_align import _roi_align

    torch.manual_seed(0)
    x = rand(2, 3, 12, 15)
    # Inside the map: beyond it torchvision's compiled operator reads zeros, as ours, and its Python does not.
    start = torch.rand(2, 5, 2, dtype=torch.float64) * 10
    boxes = torch.cat((start, start + torch.rand(2, 5, 2, dtype=torch.float64) * 12), dim=2)
    body = f"@x ; roialign 3x4 @b scale=0.5 ratio={ratio} aligned={str(aligned).lower()}"
    found = module("input x[3, 12, 15]\ninput b[5, 4]", body)(x, boxes)
    rows = torch.cat((torch.arange(2.0, dtype=torch.float64).repeat_interleave(5)[:, None], boxes.flatten(0, 1)), dim=1)
    expected = _roi_align(x, rows, 0.5, 3, 4, ratio, aligned).unflatten(0, (2, 5)).transpose(1, 2)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("options", ["", "stride=2", "dilation=2 pad=2", "groups=2", "pad=valid"])
@pytest.mark.parametrize(("slices", "masked"), [(1, False), (2, True)])
def test_deform_conv_is_a_convolution_whose_taps_are_moved(options: str, slices: int, masked: bool) -> None:
    """By a loop over taps: each reads where it is moved to."""
    torch.manual_seed(0)
    x = rand(2, 4, 8, 9)
    plain = module("input x[4, 8, 9]", f"conv 3x3 6 {options}")
    height, width = plain(x).shape[2:]
    offsets, mask = rand(2, 18 * slices, height, width), torch.rand(2, 9 * slices, height, width, dtype=torch.float64)
    head = f"input x[4, 8, 9]\ninput o[{18 * slices}, {height}, {width}]\ninput m[{9 * slices}, {height}, {width}]"
    ours = module(head, f"@x ; deform_conv 3x3 6 @o {'mask=@m' if masked else ''} {options}")
    ours.load_state_dict({name.replace("conv1", "deform_conv1"): value for name, value in plain.state_dict().items()})
    given = (x, offsets, mask) if masked else (x, offsets)
    convolution = plain.conv1
    (step, _), (apart, _), (pad, _) = convolution.stride, convolution.dilation, convolution.padding
    read = []
    for tap in range(9):
        parts = []
        for part, channels in enumerate(x.chunk(slices, dim=1)):
            dy, dx = offsets[:, part * 18 + 2 * tap], offsets[:, part * 18 + 2 * tap + 1]
            ys = torch.arange(height)[:, None] * step - pad + tap // 3 * apart + dy
            xs = torch.arange(width) * step - pad + tap % 3 * apart + dx
            grid = torch.stack((2 * xs / 8 - 1, 2 * ys / 7 - 1), dim=-1)
            value = F.grid_sample(channels, grid, align_corners=True)
            parts.append(value * mask[:, part * 9 + tap, None] if masked else value)
        read.append(torch.cat(parts, dim=1))
    columns = torch.stack(read, dim=2).flatten(1, 2)
    weight = convolution.weight.flatten(1)[:, :, None, None]
    expected = F.conv2d(columns, weight, convolution.bias, groups=convolution.groups)
    inputs = [parameter for parameter, name in zip((*given, mask), "xom", strict=False) if name in "xo" or masked]
    found = ours(*(inputs if masked else (*inputs, mask)))
    torch.testing.assert_close(found, expected)


def test_unmoved_taps_make_a_plain_convolution() -> None:
    x = rand(2, 4, 8, 9)
    plain = module("input x[4, 8, 9]", "conv 3x3 6")
    ours = module("input x[4, 8, 9]\ninput o[18, 8, 9]", "@x ; deform_conv 3x3 6 @o")
    ours.load_state_dict({name.replace("conv1", "deform_conv1"): value for name, value in plain.state_dict().items()})
    torch.testing.assert_close(ours(x, torch.zeros(2, 18, 8, 9, dtype=torch.float64)), plain(x))


def test_nothing_is_read_beyond_the_map() -> None:
    """More than one position before the first, or after the last, is zero; less is the border's number."""
    x = torch.ones(1, 1, 4, 4, dtype=torch.float64)
    boxes = torch.tensor([[[-2.0, 0.0, 2.0, 4.0], [-8.0, 0.0, -4.0, 4.0]]], dtype=torch.float64)
    found = module("input x[1, 4, 4]\ninput b[2, 4]", "@x ; roialign 1x4 @b ratio=1")(x, boxes)
    assert found[0, 0, :, 0].tolist() == [[0, 1, 1, 1], [0, 0, 0, 0]]


def test_the_case_of_dcn() -> None:
    text = "arch t\ninput x[256, 14, 14]\nlet offsets = < conv 3x3 18 >\ndeform_conv 3x3 256 @offsets bias=false\n"
    assert archdsl.loads(text).cost().params == 631_314
