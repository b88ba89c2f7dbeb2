"""Receptive fields behind enlargements, by hand, by the gradients of known decoders, and of programs by chance."""

from __future__ import annotations

import random
from typing import Any

import pytest
from helpers.footprints import footprints, judged, program

import archdsl
from archdsl.analysis.metrics.receptive_field import Fields, UnrolledPlace
from archdsl.analysis.unavailable import Unavailable

pytestmark = pytest.mark.torch


def field(body: str, size: int | str = 48) -> Any:
    return archdsl.loads(f"arch a\ninput x[1, {size}, {size}]\n{body}").cost().receptive_field


STRADDLES = {
    "maxpool 2 ; upsample ; conv 2x2 1 pad=0": 4,
    "maxpool 2 ; upsample 4 ; conv 3x3 1": 4,
    "maxpool 4 ; upsample 4 ; conv 3x3 1": 8,
    "conv 3x3 1 stride=2 ; upsample 4 ; conv 3x3 1": 5,
    "maxpool 4 ; upsample 4 mode=bilinear ; conv 3x3 1": 12,
    "maxpool 4 ; deconv 4x4 1 stride=4 ; conv 3x3 1": 8,
    "maxpool 2 ; deconv 2x2 1 stride=2 ; conv 2x2 1 pad=0": 4,
    "upsample 0.3 ; upsample ; conv 2x2 1 pad=0": 5,
    "conv 1x1 4 ; pixelshuffle 2 ; conv 2x2 1 pad=0": 2,
    "maxpool 2 ; upsample 3 ; conv 3x3 1": 4,
    "maxpool 2 ; upsample 1.5 ; conv 3x3 1": 6,
    "deconv 2x2 1 stride=3 ; conv 2x2 1 pad=0": 1,
    "deconv 2x2 1 stride=3 ; conv 3x3 1 pad=0": 2,
    "deconv 1x1 1 stride=2 output_pad=1 ; maxpool 1 stride=2": 1,
}


@pytest.mark.parametrize("body", STRADDLES)
def test_a_window_may_straddle_two_copies(body: str) -> None:
    found = judged(f"arch a\ninput x[1, 24, 24]\n{body}")
    assert found.footprints > 10
    assert not found.fault
    assert field(body) == (STRADDLES[body],) * 2


@pytest.mark.parametrize("setting", ["scale=1", "size=48", "like=@x"])
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bilinear align_corners=true"])
def test_what_keeps_its_size_sees_itself(setting: str, mode: str) -> None:
    assert field(f"upsample {setting} mode={mode}") == (1, 1)
    assert field(f"upsample {setting} mode={mode} ; conv 3x3 1") == (3, 3)


def test_windows_of_attention_stand_where_they_are() -> None:
    # Twice the same windows see no further; shifted ones see two each.
    plain, shifted = "attention heads=1 window=4", "attention heads=1 window=4 shift=2"
    assert field(plain) == (4, 4)
    assert field(f"{plain} ; {plain}") == (4, 4)
    assert field(f"{plain} ; {shifted}") == (8, 8)
    assert field(f"{plain} ; {shifted} ; {plain}") == (12, 12)


@pytest.mark.parametrize(
    ("body", "size", "seen"),
    [
        ("p: maxpool 2x2 ceil=true ; unpool @p", 45, 2),
        ("p: maxpool 2x2 ceil=true ; unpool @p ; conv 3x3 1", 45, 4),
        # A place of a pool with padding is in two windows of three.
        ("p: maxpool 3x3 stride=2 pad=1 ; unpool @p", 45, 5),
    ],
)
def test_an_unpool_sees_what_the_windows_of_its_pool_see(body: str, size: int, seen: int) -> None:
    assert field(body, size) == (seen, seen)


def test_windows_of_a_grid_stand_where_they_are() -> None:
    # Of 12 positions those 3 apart attend to each other: 0, 3, 6, 9. What is beside a position sees others.
    grid = "attention heads=1 window=4 grid=true"
    assert field(grid, 12) == (10, 10)
    assert isinstance(field(f"{grid} ; {grid}", 12), Unavailable)
    assert field(f"{grid} ; conv 3x3 1 ; {grid}", 12) == (13, 13)
    assert field(f"{grid} ; conv 2x2 1 pad=0", 12) == (12, 12)
    assert field(f"conv 3x3 1 ; {grid} ; conv 3x3 1 pad=0", 12) == (14, 14)
    assert not judged(f"arch a\ninput x[1, 12, 20]\nconv 3x3 1 pad=0 ; {grid} ; conv 3x3 1 pad=0").fault


def test_windows_with_holes_over_gaps_are_not_told() -> None:
    """Every second position of the map is zero, whatever the input; a dilated window may see those alone."""
    gaps = "deconv 1x1 1 stride=2"
    assert field(f"{gaps} ; conv 3x3 1") == (2, 2)
    assert isinstance(field(f"{gaps} ; conv 2x2 1 dilation=2 pad=0"), Unavailable)
    # What is read from the first to the last position is known if these two are no gaps.
    apart = "def windows < conv 1x1 1 stride=2 ; conv 2x2 1 pad=0 >\n"
    assert field(f"{apart}{gaps} ; windows") == (2, 2)
    # Branch by branch it is known too, and of both together in a body of their own it is not.
    shifted = "add < conv 1x1 1 pad=[2, 0, 2, 0] | conv 1x1 1 pad=[0, 2, 0, 2] >"
    assert field(f"{gaps} ; {shifted}") == (2, 2)
    assert isinstance(field(f"def windows < {shifted} >\n{gaps} ; windows"), Unavailable)
    # Where a branch without holes sees as much, they do not matter.
    assert field(f"def windows < add < conv 3x3 1 dilation=2 | conv 5x5 1 > >\n{gaps} ; windows") == (3, 3)
    assert field("conv 3x3 1 dilation=2 ; conv 3x3 1") == (7, 7)


def test_branches_that_drift_apart_are_compared_place_by_place() -> None:
    # 31 -> 15 -> 31: place p sees p, and from the branch 2*floor(15*p/31) and the one after.
    seen = [{p, 2 * (15 * p // 31), 2 * (15 * p // 31) + 1} for p in range(31)]
    body = "q: maxpool 2 ; upsample like=@x ; add @x"
    assert field(body, 31) == (max(max(one) - min(one) + 1 for one in seen),) * 2
    assert not judged(f"arch a\ninput x[1, 31, 31]\n{body}").fault


def test_windows_over_drifted_branches_go_on_beyond_the_map() -> None:
    # 45 -> 22 -> 45, then ten windows of three: place p sees from the least of p - 10 to the most of p + 10.
    seen = [(min(p, low := 2 * (22 * p // 45)), max(p, low + 1)) for p in range(45)]
    widest = max(seen[p + 10][1] - seen[p - 10][0] + 1 for p in range(10, 35))
    body = "maxpool 2 ; upsample like=@x ; add @x\n"
    assert field(f"{body} x10 conv 3x3 1", 45) == (widest, widest)
    # The same windows reach beyond the picture, which cuts nothing.
    assert field(f"{body} x40 conv 3x3 1", 45) > (80, 80)


def test_what_repeats_too_late_is_not_told() -> None:
    body = "conv 1x1 1 ; maxpool 2 ; upsample like=@x ; add @x ; conv 3x3 1"
    assert isinstance(field(body, 9_001), Unavailable)
    assert field(body, 9_000) == (4, 4)


def test_tables_of_all_values_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    arch = archdsl.loads("arch a\ninput x[1, 45, 45]\nmaxpool 2 ; upsample like=@x ; add @x\n" + "conv 3x3 1\n" * 40)
    assert arch.cost().receptive_field == (83, 83)
    monkeypatch.setattr("archdsl.analysis.metrics.receptive_field.MOST_ENTRIES", 45 * 2 * 20)
    cost = arch.cost()
    assert isinstance(cost.receptive_field, Unavailable)
    assert not [layer for layer in cost.rows if layer.seen]


def test_calls_with_other_pools_are_other_regions() -> None:
    """Both have the same shapes. Place o of the second is in windows that see from o - 3 to o + 2."""
    pools = "a: maxpool 2x2 ; unpool @a ; b: maxpool 3x3 stride=2 pad=1"
    text = f"def back(p) < unpool @p >\n{pools} ; back(@b)"
    assert field(text) == field(f"{pools} ; unpool @b") == (6, 6)
    twice = "p: maxpool 2x2 ; back(@p) ; q: maxpool 3x3 stride=2 pad=1 ; back(@q)"
    assert field(f"def back(p) < unpool @p >\n{twice}") == (6, 6)


def test_free_sizes() -> None:
    assert field("maxpool 2 ; upsample 4 ; conv 3x3 1", "H") == (4, 4)
    assert field("maxpool 2 ; conv 3x3 1 ; upsample 2 ; conv 3x3 1", "H") == (8, 8)


@pytest.mark.parametrize(
    "body",
    [
        "upsample size=8",
        "maxpool 2 ; upsample like=@x",
        "upsample 2 align_corners=true mode=bilinear",
        # Where 7 does not divide H, windows overlap differently.
        "adaptive_avgpool 7 ; conv 3x3 1",
        # Whether one window covers the map is open.
        "attention heads=1 window=7",
        "attention heads=1 window=7 grid=true",
    ],
)
def test_what_no_formula_tells_of_a_free_size_is_not_told(body: str) -> None:
    assert isinstance(field(body, "H"), Unavailable)
    assert isinstance(field(body, 42), tuple)


def test_what_comes_before_the_unknown_is_told() -> None:
    arch = archdsl.loads(
        "arch a\ninput x[1, H, H]\nstem < conv 3x3 1 stride=2 >\nhead < upsample size=8 >\nexpect stem.receptive_field == 3"
    )
    assert [layer.seen and layer.seen.size for layer in arch.cost().rows] == [(3, 3), None]


UNET = """arch a
input image[1, 572, 1]
def convs < x2 conv 3x1 1 pad=valid >
def up(skip) < now: deconv 2x1 1 stride=[2, 1] ; concat < @skip ; crop like=@now | @now > ; convs >
a: convs
b: < maxpool 2x1 ; convs >
c: < maxpool 2x1 ; convs >
d: < maxpool 2x1 ; convs >
maxpool 2x1 ; convs
up(@d) ; up(@c) ; up(@b) ; up(@a)
"""
FCN8S = """arch a
input image[1, 1100, 1]
conv 3x1 1 pad=[100, 0] ; conv 3x1 1 ; maxpool 2x1 ceil=true
x2 conv 3x1 1 ; maxpool 2x1 ceil=true
x3 conv 3x1 1 ; pool3: maxpool 2x1 ceil=true
x3 conv 3x1 1 ; pool4: maxpool 2x1 ceil=true
x3 conv 3x1 1 ; maxpool 2x1 ceil=true
conv 7x1 1 pad=valid
score16: deconv 4x1 1 stride=[2, 1]
add < @score16 | @pool4 ; crop like=@score16 offset=[5, 0] >
score8: deconv 4x1 1 stride=[2, 1]
add < @score8 | @pool3 ; crop like=@score8 offset=[9, 0] >
deconv 16x1 1 stride=[8, 1] ; crop like=@image offset=[31, 0]
"""


@pytest.mark.parametrize(("name", "rows", "seen"), [("unet", UNET, 204), ("fcn8s", FCN8S, 468)])
def test_decoders_of_the_zoo_by_the_gradients_of_their_rows(name: str, rows: str, seen: int) -> None:
    """The same windows along one axis, with one channel, on a picture that is large enough."""
    assert archdsl.load(name).cost().receptive_field == (seen, seen)
    arch = archdsl.loads(rows)
    found = footprints(arch, 1)
    assert max(high - low + 1 for _, (low, high), _ in found) == seen
    table = Fields(arch.network).values(UnrolledPlace())[arch.network.root.results[0]][0][0]
    assert all(one.fits(table.ends(one.position)) for one in found)


def test_programs_by_chance() -> None:
    """`python -m helpers.footprints` judges more of them, on larger pictures."""
    found = [judged(program(random.Random(seed), 10, 20)) for seed in range(30)]
    assert not [one.fault for one in found if one.fault]
    assert sum(one.footprints > 10 for one in found) >= 12
