"""Published networks that need the opened language: transformers of words, windows and relative positions, generators, audio.

Counts are those of timm 1.0.31, of PyTorch modules written from the papers, or published. Where timm has the network, its
outputs are compared, with its weights in ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import entries
from helpers.folders import CASES
from helpers.unrolled import whole

from archdsl.analysis import contracts
from archdsl.api import Arch
from archdsl.compiler import run
from archdsl.syntax.format.formatter import format_source
from archdsl.text import Source

FOLDER = CASES / "opened"
NAMES = sorted(path.stem for path in FOLDER.glob("*.arch"))
LARGE = ("tinyllama", "clip_b32", "bert_base", "wav2vec2_base", "cyclegan_g", "xception41")
"""Not run: too slow for what it would say."""


def load(name: str) -> Arch:
    return entries.load(FOLDER / f"{name}.arch")


@pytest.mark.parametrize("name", NAMES)
def test_its_contracts_hold(name: str) -> None:
    arch = load(name)
    assert {("params",), ("out",)} <= {contract.path for contract in arch.network.expectations}
    assert [diagnostic.message for diagnostic in contracts.check(arch.network, arch.cost())] == []


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_page_and_is_in_the_one_formatting(name: str) -> None:
    text = (FOLDER / f"{name}.arch").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 60
    assert format_source(Source(name, text), []) == text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.arch")), ids=lambda path: path.stem)
def test_nothing_in_it_is_suspicious(path: Path) -> None:
    program = run(Source(path.name, path.read_text(encoding="utf-8")), path.parent, warnings=True)
    assert [diagnostic.message for diagnostic in program.report] == []


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
def test_its_source_has_its_shapes_and_counts(name: str) -> None:
    from archdsl.backends.torch.running.verify import verify

    assert verify(load(name).network).mismatches == ()


@pytest.mark.torch
@pytest.mark.parametrize("name", [name for name in NAMES if name not in LARGE])
def test_it_runs(name: str) -> None:
    import torch

    from archdsl.shapes import Indices

    arch = load(name)
    inputs = [
        torch.randint(shape.below, (2, *shape)) if isinstance(shape, Indices) else torch.randn(2, *map(whole, shape))
        for shape in arch.inputs.values()
    ]
    module: Any = arch.module().eval()
    with torch.no_grad():
        result = module(*inputs)
    assert tuple(result.shape[1:]) == arch.cost().out
    assert bool(result.isfinite().all())


# timm's outputs, with its weights

Tensors = Iterator[tuple[str, Any]]


def plainly(theirs: Any) -> Tensors:
    """As their modules have them."""
    yield from theirs.named_parameters()


def beit(theirs: Any) -> Tensors:
    """Queries, keys and values are one matrix there, keys have no bias, and the table is a buffer's index away."""
    yield "cls", theirs.cls_token
    for name, _ in theirs.named_parameters():
        if not name.startswith("blocks."):
            continue
        block, part = name.split(".")[1], name.split(".", 2)[2]
        if part == "norm1.weight":
            yield from _beit_block(theirs.blocks[int(block)])
    for name in ("fc_norm.weight", "fc_norm.bias", "head.weight", "head.bias"):
        yield name, theirs.get_parameter(name)


def _beit_block(block: Any) -> Tensors:
    attention = block.attn
    yield from (("", value) for value in (block.norm1.weight, block.norm1.bias))
    yield "table", attention.relative_position_bias_table
    q, k, v = attention.qkv.weight.chunk(3)
    yield from (("", value) for value in (k, v, attention.v_bias, q, attention.q_bias))
    yield from (("", value) for value in (attention.proj.weight, attention.proj.bias, block.gamma_1))
    yield from (("", value) for value in (block.norm2.weight, block.norm2.bias))
    yield from block.mlp.named_parameters()
    yield "", block.gamma_2


ORACLES: dict[str, tuple[str, Callable[[Any], Tensors]]] = {
    "resnetblur50": ("resnetblur50", plainly),
    "beit_base": ("beit_base_patch16_224", beit),
}


@pytest.mark.torch
@pytest.mark.parametrize("name", ORACLES)
def test_its_outputs_are_those_of_timm(name: str) -> None:
    import torch
    from helpers.oracle import declare_torchvision, difference, randomise

    declare_torchvision()
    import timm

    called, order = ORACLES[name]
    arch = load(name)
    theirs = timm.create_model(called).double()
    randomise(theirs)
    mine: Any = arch.module().double()
    others = [value for _, value in order(theirs)]
    if name == "beit_base":
        others = [theirs.patch_embed.proj.weight, theirs.patch_embed.proj.bias, *others]
    own = [value for _, value in mine.named_parameters()]
    assert len(own) == len(others)
    with torch.no_grad():
        for value, other in zip(own, others, strict=True):
            value.copy_(other.T if value.shape != other.shape and value.shape == other.T.shape else other.reshape(value.shape))
        buffers = [value for name, value in theirs.named_buffers() if "running" in name]
        for value, other in zip([v for n, v in mine.named_buffers() if "running" in n], buffers, strict=True):
            value.copy_(other)
        x = torch.randn(1, *map(whole, next(iter(arch.inputs.values()))), dtype=torch.float64)
        assert difference(mine.eval()(x), theirs.eval()(x)) < 1e-9
