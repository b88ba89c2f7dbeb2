"""Captions tell what is computed: a setting that gives another result gives another caption, or says why it is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from helpers.lowered import inputs_of, module_of, site_of
from samples import SAMPLES, Sample
from samples.sample import Size, Word
from torch import Tensor

from archdsl.ops.captions import caption, caption_parts
from archdsl.ops.facts import Fact
from archdsl.ops.operator import Argument, Hidden
from archdsl.ops.registry import FAMILIES, OPERATORS

pytestmark = pytest.mark.torch

VALUES: tuple[Any, ...] = (
    *(0, 1, 2, 3, 4, 6, 8, 16, -1, True, False, None, 0.1, 0.5, 1e-3),
    *(Size((1, 3)), Size((3, 1)), Size((3, 3)), (0, 1), (1, 0), (1, 2), (2, 1), (4, 3), (0, 1, 0, 1), (1, 1, 0, 0)),
    (4, 6),  # axes of 24 numbers
)
NEVER_FELT = {
    ("bn", "momentum"),
    ("dropout", "p"),
    ("droppath", "p"),
    ("concat", "split"),
    ("l2norm", "eps"),
    ("attend", "kv_heads"),
    ("logits", "kv_heads"),
    ("fold", "size"),
    ("deform_conv", "stride"),
    ("deform_conv", "pad"),
    *(("attend", name) for name in ("window", "shift", "grid", "axis", "kernel")),
    ("logits", "axis"),
    ("weigh", "axis"),
    ("rearrange", "pattern"),
    ("rearrange", "sizes"),
    ("fold", "stride"),
}
"""Settings that change no result in inference, or (`split`) what other steps do; `eps` below any length of a random value;
those that other sizes leave no choice (`kv_heads`, `fold`, the offsets of `deform_conv`); windows, channels and kernels of
attention, which are other steps; a pattern, which no other argument's values are like."""

OF_FAMILIES = [operator for family in FAMILIES for operator in family.OPERATORS]


def _others(sample: Sample, argument: Argument) -> Iterator[Sample]:
    """The sample with other values of one of its arguments, as far as the operator takes them."""
    for value in (*VALUES, *map(Word, argument.words)):
        other = sample._replace(written={**sample.written, argument.name: value})
        try:
            site_of(other)
        except Fact:
            continue
        yield other


def _result(sample: Sample) -> Tensor:
    operator, site = site_of(sample)
    torch.manual_seed(0)
    inputs = [x - x.median() if x.is_floating_point() else x for x in inputs_of(sample)]
    torch.manual_seed(0)
    module = module_of(operator, site).eval()
    with torch.no_grad():
        for value in module.parameters():
            value.add_(torch.rand_like(value))  # Some start at 0, where nothing tells them.
        result = module(*inputs)
    assert isinstance(result, Tensor)
    return result


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and bool(torch.equal(one, other))


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_another_computation_has_another_caption(sample: Sample) -> None:
    operator, site = site_of(sample)
    words = caption(operator, site)
    for argument in operator.arguments:
        if isinstance(argument.told, Hidden) or argument.is_value:
            continue
        for other in _others(sample, argument):
            there = caption(*site_of(other))
            assert there != words or _same(_result(sample), _result(other)), (
                f"`{words}` also with {argument.name}={other.written}"
            )


def test_every_argument_is_felt_somewhere() -> None:
    """So that the law above is about each of them; of the hidden ones too, or there would be nothing to hide."""
    felt = set()
    for sample in SAMPLES:
        operator, _ = site_of(sample)
        for argument in operator.arguments:
            key = (operator.name, argument.name)
            if key not in felt and not argument.is_value:
                result = _result(sample)
                if any(not _same(result, _result(other)) for other in _others(sample, argument)):
                    felt.add(key)
    settings = {(o.name, argument.name) for o in OF_FAMILIES for argument in o.arguments if not argument.is_value}
    assert settings - felt == NEVER_FELT


def test_what_is_hidden_is_hidden_for_a_reason() -> None:
    hidden = {
        f"{operator.name} {argument.name}"
        for operator in OF_FAMILIES
        for argument in operator.arguments
        if isinstance(argument.told, Hidden) and argument.told.reason and not argument.is_value
    }
    assert {name.split()[1] for name in hidden} == {"bias", "out_bias", "eps", "init", "momentum", "split"}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_captions_are_short_lines(sample: Sample) -> None:
    parts = caption_parts(*site_of(sample))
    assert all(part and "\n" not in part and len(part) <= 30 for part in parts)


@pytest.mark.parametrize(
    ("operator", "inputs", "written", "words"),
    [
        ("conv", ((3, 224, 224),), {"k": 7, "c": 64, "stride": 2}, "conv 7x7, 64, /2"),
        ("conv", ((64, 9, 9),), {"k": 3, "c": 64, "pad": 12, "dilation": 12}, "conv 3x3, 64, dilation 12"),
        ("conv", ((64, 9, 9),), {"k": 3, "c": 64, "groups": 32, "bias": False}, "conv 3x3, 64, 32 groups"),
        ("conv", ((3, 9, 9),), {"k": 3, "c": 64, "pad": 100}, "conv 3x3, 64, pad 100"),
        ("conv", ((3, 9, 9),), {"k": 3, "c": 64, "pad": 1}, "conv 3x3, 64"),
        ("conv", ((3, 8, 8),), {"k": 3, "c": 64, "pad": Word("tf"), "stride": 2}, "conv 3x3, 64, /2, pad tf"),
        ("deconv", ((6, 9, 9),), {"k": 2, "c": 6, "stride": 2}, "deconv 2x2, 6, up 2"),
        ("upsample", ((6, 9, 9),), {}, "upsample up 2, nearest"),
        ("maxpool", ((6, 9, 9),), {"k": 3, "stride": 2, "ceil": True}, "max pool 3x3, /2, ceil"),
        ("attention", ((96, 14, 14),), {"heads": 3, "window": 7, "shift": 3}, "attention, 3 heads, window 7x7, shift 3"),
        ("layernorm", ((6,),), {"affine": False, "eps": 1e-6}, "layernorm, no affine"),
    ],
)
def test_captions_read_well(operator: str, inputs: Any, written: dict[str, Any], words: str) -> None:
    assert caption(*site_of(Sample(operator, inputs, written))) == words


def test_all_operators_are_looked_at() -> None:
    assert {operator.name for operator in OF_FAMILIES} == {operator.name for operator in OPERATORS.values()}
