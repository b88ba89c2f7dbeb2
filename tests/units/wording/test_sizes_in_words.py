"""Sets of sizes in words: what a person reads for each form that a set can have."""

from __future__ import annotations

import pytest

from archdsl import wording
from archdsl.checks.input_sizes.accepted import Axis, Sizes, Stretch
from archdsl.checks.input_sizes.conditions import Repeats
from archdsl.checks.input_sizes.sets import EMPTY, SizeSet, set_of

HEIGHT, WIDTH = Axis("image", 1, "height"), Axis("image", 2, "width")
TOKENS = Axis("text", 0, "tokens")
FROM_32 = SizeSet((), 32, 32, (0,))


def by_rule(start: int, period: int, rests: tuple[int, ...]) -> SizeSet:
    return set_of(lambda size: size >= start and size % period in rests, Repeats(start + period, period))


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (None, "not known"),
        (EMPTY, "no size"),
        (SizeSet((7,), 8, 1, ()), "7"),
        (SizeSet((1, 2, 3, 7), 8, 1, ()), "1 to 3 and 7"),
        (SizeSet((3, 5), 8, 1, (0,)), "3, 5, and from 8 up"),
        (SizeSet((), 5, 1, (0,)), "from 5 up"),
        (FROM_32, "multiples of 32 from 32 up"),
        (SizeSet((), 33, 32, (1,)), "multiples of 32 plus 1 from 33 up"),
        (SizeSet((), 32, 32, (0, 31)), "multiples of 32, or up to 1 less, from 32 up"),
        (SizeSet((), 32, 32, (0, 1, 2)), "multiples of 32, or up to 2 more, from 32 up"),
        (SizeSet((), 32, 32, (0, 1, 30, 31)), "multiples of 32, or up to 2 less or up to 1 more, from 32 up"),
        (SizeSet((), 3, 8, (3, 5)), "sizes with remainder 3 or 5 after division by 8 from 3 up"),
    ],
)
def test_a_set_in_words(sizes: SizeSet | None, words: str) -> None:
    assert wording.sizes.size_set(sizes) == words


def test_a_set_is_found_again_in_words() -> None:
    assert wording.sizes.size_set(by_rule(20, 4, (0, 3))) == "multiples of 4, or up to 1 less, from 20 up"


def test_axes_that_are_independent_are_listed_one_by_one() -> None:
    sizes = Sizes(True, (Stretch((HEIGHT,), FROM_32), Stretch((WIDTH,), None)))
    assert wording.sizes.accepted(sizes) == "height multiples of 32 from 32 up; width not known"


def test_axes_that_depend_on_one_another_are_told_along_each_way() -> None:
    sizes = Sizes(False, (Stretch((HEIGHT, WIDTH), FROM_32), Stretch((HEIGHT,), SizeSet((224,), 225, 1, ()))))
    words = "height and width equal: multiples of 32 from 32 up; height 224 with the rest unchanged"
    assert wording.sizes.accepted(sizes) == words


def test_axes_of_several_inputs_are_told_with_their_names() -> None:
    other = Axis("mask", 1, "height")
    assert wording.sizes.axes([HEIGHT, WIDTH, other], several_inputs=True) == "height and width of `image` and height of `mask`"
    assert (
        wording.sizes.axes([HEIGHT, other, TOKENS], several_inputs=True) == "height of `image` and `mask` and tokens of `text`"
    )


def test_nothing_is_known() -> None:
    assert wording.sizes.accepted(Sizes(False, (Stretch((HEIGHT, WIDTH), None),))) == "not known"


def test_the_nearest_sizes_are_named() -> None:
    assert wording.sizes.nearest("multiples of 32", (96, 128)) == "this network accepts multiples of 32; nearest: 96 or 128"
    assert wording.sizes.nearest("no size", ()) == "this network accepts no size"


def test_there_is_no_other_part_of_the_wording() -> None:
    assert not hasattr(wording, "nothing")
