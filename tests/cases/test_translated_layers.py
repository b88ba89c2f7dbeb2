"""Layers of PyTorch as people write them, run by PyTorch itself beside what the message translates them to."""

from __future__ import annotations

import re

import pytest
import torch
from helpers.slips import Slip, fixed, report, slips
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


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.id)
def test_a_translated_layer_computes_what_pytorch_computes(slip: Slip) -> None:
    torch.manual_seed(0)
    code = slip.written.splitlines()[2]
    text = next(iter(fixed(slip.written, report(slip.written))))
    arch = archdsl.loads(text)
    module = arch.module().eval()
    shape = [int(size) for size in re.findall(r"\d+", slip.written.splitlines()[1])]
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


def test_there_are_enough_layers() -> None:
    assert len(SLIPS) >= 80
