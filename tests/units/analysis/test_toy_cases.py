"""Small networks on which counters that run a model, or hook its modules, go wrong. Each number by hand."""

from __future__ import annotations

import pytest

import archdsl

BY_HAND = """input x[50, 64]
z: identity
q: linear 64
k: < @z ; linear 64 >
v: < @z ; linear 64 >
< @q ; matmul @k transpose=true ; scale (1/8) ; softmax ; matmul @v > ; linear 64
"""

CASES = {
    "one layer called three times": (
        "input x[8, 10, 10]\nshared f < conv 3x3 8 bias=false >\nf ; f ; f",
        (3 * 100 * 8 * 8 * 9, 8 * 8 * 9),
    ),
    "under three parents": (
        "input x[8, 10, 10]\nshared f < conv 3x3 8 bias=false >\nstem < f > ; neck < f > ; head < f >",
        (3 * 100 * 8 * 8 * 9, 8 * 8 * 9),
    ),
    "on inputs of several sizes": (
        "input x[8, 16, 16]\nshared f < conv 3x3 8 bias=false >\nf ; maxpool 2x2 ; f ; maxpool 2x2 ; f",
        ((256 + 64 + 16) * 8 * 8 * 9, 8 * 8 * 9),
    ),
    "tied weights inside a repetition": (
        "input x[16, 32]\nshared f < linear 32 bias=false >\nx5 < f ; relu >",
        (5 * 16 * 32 * 32, 32 * 32),
    ),
    "attention with its projections and both products": (
        "input x[50, 64]\nattention heads=4",
        (50 * 64 * 3 * 64 + 2 * 50 * 50 * 64 + 50 * 64 * 64, 4 * (64 * 64 + 64)),
    ),
    "attention written out": (
        BY_HAND,
        (4 * 50 * 64 * 64 + 2 * 50 * 50 * 64, 4 * (64 * 64 + 64)),
    ),
    "transposed convolution": ("input x[6, 7, 7]\ndeconv 4x4 5 stride=2 pad=1 bias=false", (7 * 7 * 6 * 5 * 16, 6 * 5 * 16)),
    "grouped and dilated": (
        "input x[12, 20, 20]\nconv 3x3 24 groups=4 dilation=2 stride=2 bias=false",
        (100 * 24 * 3 * 9, 24 * 3 * 9),
    ),
    "depthwise": ("input x[32, 14, 14]\ndwconv 5x5 bias=false", (196 * 32 * 25, 32 * 25)),
    "bare parameters": (
        "input x[3, 32, 32]\nconv k=8 c=16 stride=8 pad=0 bias=false\ntokens ; class_token ; posembed",
        (16 * 16 * 3 * 64, 16 * 3 * 64 + 16 + 17 * 16),
    ),
    "a branch that is not taken": (
        "input x[8, 4, 4]\nif (in.c != 8) < conv 9x9 8 > else < conv 1x1 8 bias=false >",
        (16 * 64, 64),
    ),
    "an auxiliary head": ("input x[8, 4, 4]\nconv 1x1 8 bias=false\naux side < gap ; linear 100 >", (16 * 64, 64)),
    "a layer in a loop of its own": (
        "input x[8, 4, 4]\nfor c in [8, 4, 2] < conv 1x1 c bias=false >",
        (16 * (64 + 32 + 8), 104),
    ),
    "a million layers": ("input x[4, 2, 2]\nx1000000 conv 1x1 4 bias=false", (4 * 16 * 10**6, 16 * 10**6)),
}


@pytest.mark.parametrize("case", CASES)
def test_exact_on_what_others_miss(case: str) -> None:
    body, (macs, params) = CASES[case]
    cost = archdsl.loads(f"arch toy\n{body}").cost()
    assert (cost.macs, cost.params) == (macs, params)
    folded = cost.folded_rows
    assert sum(row.macs * row.times for row in folded if not row.aux) == macs
    assert sum(row.params * row.times for row in folded if not row.aux) == params
