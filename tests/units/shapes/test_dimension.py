"""The algebra of dimensions: what is computed with symbols is what is computed with numbers in their place."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archdsl.shapes import Formula, Undecided, decide, floor_divide
from archdsl.shapes.dimension import Relation, square_root, value_at

H, W = Formula.symbol("H"), Formula.symbol("W")
SIZES = st.integers(1, 40)
Pair = tuple[Any, Any]
"""A value with symbols, and the same with numbers in their place."""
RELATIONS: dict[Relation, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@st.composite
def pairs(draw: st.DrawFn, h: int, w: int, depth: int = 3) -> Pair:
    """A random dimension over `H` and `W`, with its value at one size of each."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        number = draw(st.integers(-6, 9))
        return draw(st.sampled_from([(H, h), (W, w), (number, number)]))
    (left, a), (right, b) = (draw(pairs(h, w, depth - 1)) for _ in range(2))
    form = draw(st.sampled_from(["+", "-", "*", "//", "%", "**"]))
    if form in ("//", "%"):
        divisor = draw(st.integers(1, 7))
        if form == "%":
            return left % divisor, a % divisor
        return floor_divide(left, divisor), a // divisor
    if form == "**":
        power = draw(st.integers(0, 2))
        return left**power, a**power
    apply = {"+": operator.add, "-": operator.sub, "*": operator.mul}[form]
    return apply(left, right), apply(a, b)


def at(dim: Any, h: int, w: int) -> Any:
    return dim.substitute({"H": h, "W": w}) if isinstance(dim, Formula) else dim


def formula(dim: object) -> Formula:
    assert isinstance(dim, Formula)
    return dim


@given(st.data(), SIZES, SIZES)
def test_symbols_and_numbers_give_the_same(data: st.DataObject, h: int, w: int) -> None:
    dim, number = data.draw(pairs(h, w))
    assert at(dim, h, w) == number


@given(st.data(), SIZES, SIZES)
def test_equal_formulas_are_one_key(data: st.DataObject, h: int, w: int) -> None:
    (one, _), (other, _) = data.draw(pairs(h, w)), data.draw(pairs(h, w))
    assert one + other == other + one
    assert hash(one * other) == hash(other * one)
    assert (one - one, one * 0) == (0, 0)


@given(st.data(), SIZES, SIZES, st.sampled_from(list(RELATIONS)))
def test_what_is_decided_holds_at_every_size(data: st.DataObject, h: int, w: int, relation: Relation) -> None:
    (left, a), (right, b) = data.draw(pairs(h, w)), data.draw(pairs(h, w))
    with suppress(Undecided):
        assert decide(relation, left, right) is RELATIONS[relation](a, b)


@given(st.data(), SIZES, SIZES)
def test_a_quotient_times_its_divisor_is_the_dividend(data: st.DataObject, h: int, w: int) -> None:
    (left, _), (right, _) = data.draw(pairs(h, w)), data.draw(pairs(h, w))
    assume(isinstance(left, Formula) and isinstance(right, Formula))
    product = left * right
    assert product / right == left
    assert product // right == left


@given(st.data(), SIZES, SIZES)
def test_the_root_of_a_square(data: st.DataObject, h: int, w: int) -> None:
    root, _ = data.draw(pairs(h, w))
    assume(isinstance(root, Formula))
    square = root * root
    found = square_root(formula(square))
    assert found is not None
    assert found * found == square


def test_some_by_hand() -> None:
    assert floor_divide(2 * H - 1, 2) == H - 1
    assert floor_divide(floor_divide(H, 2) + 1, 3) == floor_divide(H + 2, 6)
    assert square_root(formula(H * H + 2 * H + 1)) == H + 1
    assert 6 * H * W / (2 * W) == 3 * H
    assert Fraction(1, 2) * (2 * H) == H
    assert (4 * H) / 2 == 2 * H
    assert 3 - H == -(H - 3)
    assert H - W != W - H
    assert value_at(H * H + floor_divide(W, 2), 5) == 27
    assert value_at(7, 5) == 7
    assert repr(2 * H) == "Formula(2*H)"


@pytest.mark.parametrize("dim", [H * H + 1, -(H * H), 2 * H * H, H * W, H * H + H, H * H * H])
def test_what_is_no_square_has_no_root(dim: object) -> None:
    assert square_root(formula(dim)) is None


NOT_THERE: list[Callable[[], object]] = [
    lambda: H + "1",
    lambda: H - "1",
    lambda: 0.5 - H,
    lambda: H * 0.5,
    lambda: H / 0.5,
    lambda: 0.5 / H,
    lambda: H // 0.5,
    lambda: H % W,
    lambda: H**-1,
    lambda: H**W,  # type: ignore[operator]
    lambda: H / W,
    lambda: H // W,
    lambda: 1 / H,
    lambda: H / (H + 1),
]


@pytest.mark.parametrize("made", NOT_THERE)
def test_what_has_no_exact_result_is_not_there(made: Callable[[], object]) -> None:
    """Rounding would give a wrong shape, so Python's own error comes."""
    with pytest.raises(TypeError):
        made()


def test_nothing_is_divided_by_zero() -> None:
    for dim in (H, 3):
        with pytest.raises(ZeroDivisionError):
            floor_divide(dim, 0)
    with pytest.raises(TypeError):
        H / 0


def test_a_rounded_number_decides_nothing() -> None:
    with pytest.raises(Undecided, match=r"H against 0\.5"):
        decide(">", H, 0.5)
    assert decide(">", 1.0, 0.5)
