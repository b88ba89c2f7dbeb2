"""Layers of PyTorch as people write them, run by PyTorch itself beside what the message translates them to."""

from __future__ import annotations

import re

import pytest
import torch
from helpers.slips import Slip, fixed, network, report, slips
from torch import nn
from torch.nn import functional

import archdsl

pytestmark = pytest.mark.torch

LAYER = re.compile(r"(?:x = )?(?:torch\.|nn\.(?!ModuleList|Conv\()|F\.|x\.)[^#]*")
"""A `ModuleList` computes nothing by itself, and `nn.Conv` is Flax's."""


def _of_pytorch(slip: Slip) -> bool:
    """Whether it is a layer or a function of the current value alone, which a fix translates."""
    lines = slip.written.splitlines()
    return (
        slip.page.stem in ("pytorch", "unseen", "later", "timm")
        and not slip.mark
        and len(lines) == 3
        and LAYER.fullmatch(lines[2]) is not None
    )


SLIPS = [slip for slip in slips() if _of_pytorch(slip)]


_OTHERS = """\
nn.ConvTranspose2d(6, 4, 3, 2, 1, 1)
nn.ConvTranspose2d(6, 4, 2, groups=2, bias=False)
nn.ConvTranspose2d(6, 4, 3)
nn.BatchNorm2d(6, 1e-3)
nn.BatchNorm2d(6, affine=False)
nn.BatchNorm2d(6, track_running_stats=False)
nn.GroupNorm(2, 6)
nn.GroupNorm(3, 6, affine=False)
nn.InstanceNorm2d(6, affine=True)
nn.InstanceNorm2d(6)
nn.LocalResponseNorm(3)
nn.LocalResponseNorm(3, 1e-3, 0.6, 2.0)
nn.LocalResponseNorm(size=3, beta=0.5)
nn.Softmax(1)
nn.Softmax(2)
nn.Softmax(-1)
F.softmax(x, 1)
F.softmax(x, dim=2)
x.softmax(-1)
nn.GLU()
nn.Softplus(2)
nn.Hardtanh(0, 6)
nn.Threshold(0.1, 20)
nn.ELU(2.0)
nn.CELU(0.5)
nn.GELU('tanh')
nn.PReLU(6)
nn.PReLU()
nn.GLU(dim=1)
nn.LeakyReLU(0.3, True)
nn.ReLU(True)
nn.Dropout2d(0.3)
nn.Flatten()
nn.Flatten(2)
nn.Flatten(1, 2)
x.flatten(2)
x.flatten(1, 2)
x.flatten()
torch.flatten(x, 1)
nn.ZeroPad2d(2)
nn.ZeroPad2d((1, 0, 2, 3))
F.pad(x, (1, 2))
F.pad(x, (1, 2, 3, 4))
nn.AdaptiveAvgPool2d(3)
nn.AdaptiveAvgPool2d((3, 2))
nn.AdaptiveMaxPool2d(1)
nn.LPPool2d(2, 3)
nn.Unfold(3)
x.mean((2, 3))
x.mean(1)
x.mean([-1, -2], keepdim=True)
x.sum((2, 3))
x.view(2, -1)
x.reshape(2, 6, 144)
x * 3
x / 4
x - 1
2 * x
1 - x
-x
x.abs()
x.clamp(0, 1)
torch.clamp(x, 0, 1)
torch.exp(x)
F.max_pool2d(x, 3, 2, 1)
F.interpolate(x, scale_factor=2)
F.normalize(x)
F.normalize(x, dim=2)
x.transpose(2, 3)
"""
WRITTEN = (
    *(
        f"nn.Conv2d(6, {width}, {window}{stride}{padding}{dilation}{groups})"
        for width in (6, 12)
        for window in ("3", "2", "(1, 7)")
        for stride in ("", ", stride=2", ", stride=(2, 1)")
        for padding in ("", ", padding=1", ", padding=(1, 2)", ", padding='same'")
        for dilation in ("", ", dilation=2")
        for groups in ("", ", groups=6")
        if "same" not in padding or not stride
    ),
    *(
        f"nn.{pool}({window}{stride}{padding}{ceil})"
        for pool in ("MaxPool2d", "AvgPool2d")
        for window in ("2", "(2, 3)", "kernel_size=3")
        for stride in ("", ", stride=1", ", stride=(2, 1)")
        for padding in ("", ", padding=1")
        for ceil in ("", ", ceil_mode=True")
    ),
    *(
        f"nn.Upsample({size}{mode}{corners})"
        for size in ("scale_factor=2", "size=24", "(24, 30)")
        for mode in ("", ", mode='nearest'", ", mode='bilinear'")
        for corners in ("", ", align_corners=True")
        if "bilinear" in mode or not corners
    ),
    *_OTHERS.splitlines(),
)
"""More of them, on a map of six channels."""


def _run(code: str, x: torch.Tensor) -> tuple[torch.Tensor, nn.Module | None]:
    """What PyTorch makes of the value, and the layer that it made it with."""
    names = {"nn": nn, "F": functional, "torch": torch, "x": x, "self": nn.Identity().eval()}
    made = eval(code.removeprefix("x = "), names)
    if isinstance(made, tuple):
        made = nn.Sequential(*made)
    if not isinstance(made, nn.Module):
        return made, None
    made = made.eval()
    arguments = (x, x, x) if isinstance(made, nn.MultiheadAttention) else (x,)
    result = made(*arguments)
    return (result[0] if isinstance(result, tuple) else result), made


def _assert_equal(text: str, code: str, shape: list[int]) -> None:
    """The network of the text computes what the code does, with the code's weights."""
    torch.manual_seed(0)
    module = archdsl.loads(text).module().eval()
    x = torch.randn(2, *shape)
    wanted, layer = _run(code, x.clone())  # some work in place
    if layer is not None:
        theirs, ours = list(layer.parameters()), list(module.parameters())
        assert [p.shape for p in ours] == [p.shape for p in theirs]
        with torch.no_grad():
            for p, q in zip(ours, theirs, strict=True):
                p.copy_(q)
    with torch.no_grad():
        found = module(x)
    assert found.shape == wanted.shape
    if not isinstance(layer, nn.MultiheadAttention):
        torch.testing.assert_close(found, wanted)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even")
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.id)
def test_a_translated_layer_computes_what_pytorch_computes(slip: Slip) -> None:
    _, input_line, code = slip.written.splitlines()
    text = next(iter(fixed(slip.written, report(slip.written))))
    _assert_equal(text, code, [int(size) for size in re.findall(r"\d+", input_line)])


def _offered(code: str) -> str | None:
    """The text after the fix that translates the code; None if there is none, or if it fits no map."""
    written = f"arch slip\ninput x[6, 12, 12]\n{code}\n"
    text = next(iter(fixed(written, report(written))), None)
    return text if text is not None and network(text) is not None else None


@pytest.mark.parametrize("code", WRITTEN)
def test_what_is_translated_is_translated_rightly(code: str) -> None:
    text = _offered(code)
    if text is not None:
        _assert_equal(text, code, [6, 12, 12])


def test_most_are_translated() -> None:
    assert sum(_offered(code) is not None for code in WRITTEN) > 0.7 * len(WRITTEN)


def test_there_are_enough_layers() -> None:
    assert len(SLIPS) >= 80
