"""The sizes that a file accepts are told without trying, and trying finds the same; `helpers.sizes_by_force` tries more."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from helpers.folders import ZOO
from helpers.sizes_by_force import Force, Tried, force, programs

from archdsl.text import Source

_ENTRIES = ("alexnet_2012", "conv5x5", "enet", "fcn8s", "googlenet", "swin_t", "unet", "vgg_stage", "vit_b_16")
_MANY = (*range(1, 70), 96, 97, 112, 128, 223, 224, 225, 239, 240, 255, 256, 299, 320)


def _agree(found: Force | None, tried: Tried, sizes: tuple[int, ...], pairs: int) -> None:
    assert found is not None
    assert found.answer is not None
    found.compare(sizes, pairs, random.Random(1))
    assert not tried.wrong


@pytest.mark.parametrize("name", _ENTRIES)
def test_networks_are_there_at_the_sizes_that_are_told(name: str) -> None:
    path, tried = ZOO / f"{name}.arch", Tried()
    sizes = tuple(random.Random(name).sample(_MANY, 16))
    _agree(force(name, Source(str(path), path.read_text()), path.parent, tried), tried, sizes, 8)
    assert tried.builds > 40


def test_random_programs_are_there_at_the_sizes_that_are_told() -> None:
    tried, answers = Tried(), 0
    for name, source in programs(300, 25):
        found = force(name, source, None, tried)
        if found is not None and found.answer is not None:
            answers += 1
            found.compare((*range(1, 12), 16, 31, 64), 10, random.Random(1))
    assert not tried.wrong
    assert answers > 12
    assert tried.builds > 1000


def test_trying_finds_what_is_told_falsely() -> None:
    """The law can fail: an answer for another text does not agree."""
    tried = Tried()
    found = force("a", Source("a", "arch a\ninput x[3, 32, 32]\nconv 8x8 4 pad=valid\n"), None, tried)
    other = force("b", Source("b", "arch b\ninput x[3, 32, 32]\nconv 9x9 4 pad=valid\n"), None, tried)
    assert found is not None
    assert other is not None
    found.answer = other.answer
    found.compare((7, 8, 9), 0, random.Random(1))
    assert {text.split(" at ")[1] for text in tried.wrong} == {
        f"{axes}: told False, found True" for axes in ("x.1=8", "x.2=8", "x.1=8, x.2=8")
    }


_TOKENS = "tokens ; attention heads=2 ; grid"
_TOWER = """
  conv 10x10 64 pad=valid ; relu ; maxpool 2x2
  conv 7x7 128 pad=valid ; relu ; maxpool 2x2
  conv 4x4 128 pad=valid ; relu ; maxpool 2x2
  conv 4x4 256 pad=valid ; relu
  flatten ; linear 16
"""


@pytest.mark.parametrize(
    ("text", "fit", "exists"),
    [
        # Squares only.
        (
            f"input x[8, 32, 32]\n{_TOKENS}",
            *["height and width equal: from 1 up"] * 2,
        ),
        # Learned positions are weights of one number of places: 196 here, also those of a strip.
        (
            "input x[3, 224, 224]\nconv 16x16 8 stride=16 pad=valid ; tokens ; posembed",
            (
                "height 224 to 239 with the rest unchanged; width 224 to 239 with the rest unchanged; "
                "height and width equal: 224 to 239"
            ),
            "height and width from 16 up",
        ),
        # Flattened in front of a linear layer.
        (
            "input x[3, 224, 224]\nx5 < conv 3x3 8 ; maxpool 2x2 >\nflatten ; linear 10",
            (
                "height 224 to 255 with the rest unchanged; width 224 to 255 with the rest unchanged; "
                "height and width equal: 224 to 255"
            ),
            "height and width from 32 up",
        ),
        # An upper end.
        (
            "input x[3, 224, 224]\nconv 32x32 8 stride=32 pad=valid\nresidual < conv 7x7 8 pad=valid | gap keep=true >",
            "height and width 224 to 255",
            "height and width 224 to 255",
        ),
        # The declared size is refused itself; what would do is told all the same.
        (
            "input x[3, 33, 32]\nresidual < conv 3x3 3 stride=2 ; upsample 2 >",
            None,
            "height and width multiples of 2 from 2 up",
        ),
        # The first input is no picture.
        (
            "input z[100]\ninput x[3, 64, 64]\nconcat < @z | @x ; conv 5x5 3 pad=valid ; flatten >",
            "height and width from 5 up",
            "height and width from 5 up",
        ),
        # A picture and its mask.
        (
            "input x[3, 64, 64]\ninput m[1, 64, 64]\nconcat < @x | @m >",
            *[
                (
                    "height of `x` 1 and 64 with the rest unchanged; width of `x` 1 and 64 with the rest unchanged; "
                    "height of `m` 1 and 64 with the rest unchanged; width of `m` 1 and 64 with the rest unchanged; "
                    "height and width of `x` equal: 1 and 64 with the rest unchanged; "
                    "height and width of `m` equal: 1 and 64 with the rest unchanged; "
                    "height of `x` and `m` equal: from 1 up with the rest unchanged; "
                    "width of `x` and `m` equal: from 1 up with the rest unchanged; "
                    "height and width of `x` and `m` equal: from 1 up"
                )
            ]
            * 2,
        ),
        # Free dimensions: multiples of 32, because of the text.
        ("input x[3, 32*H, 32*W]\nconv 3x3 8", *["height and width multiples of 32 from 32 up"] * 2),
        ("input x[3, H, H]\nconv 3x3 8", *["height 8 with the rest unchanged; height and width equal: from 1 up"] * 2),
    ],
)
def test_sets_of_sizes_are_exact(text: str, fit: str | None, exists: str) -> None:
    from archdsl.wording.sizes import accepted

    found = force("a", Source("a", f"arch a\n{text}\n"), Path(), Tried())
    assert found is not None
    assert found.answer is not None
    weights, there = found.answer.weights_fit.inference, found.answer.network_exists.inference
    assert there is not None
    assert (None if weights is None else accepted(weights), accepted(there)) == (fit, exists)


def test_two_inputs_of_one_tower_belong_together() -> None:
    text = f"arch a\ninput a[1, 105, 105]\ninput b[1, 105, 105]\nshared tower <{_TOWER}>\nx: tower\n@b ; tower ; add @x\n"
    found = force("a", Source("a", text), Path(), Tried())
    assert found is not None
    assert found.answer is not None
    there = found.answer.network_exists.inference
    assert there is not None
    sizes = {tuple((axis.input, axis.position) for axis in s.axes): s.sizes for s in there.stretches}
    alone, together = sizes[("a", 1),], sizes[("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    assert alone is not None
    assert together is not None
    assert [size for size in range(1, 400) if alone.holds(size)] == list(range(105, 113))
    assert [size for size in range(1, 400) if together.holds(size)] == list(range(65, 400))
