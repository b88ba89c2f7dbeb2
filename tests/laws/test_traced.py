"""A number that remembers its formula computes as plain integers do, and what it notes is when it would do so again."""

from __future__ import annotations

import math
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archdsl.checks.input_sizes.conditions import Columns
from archdsl.shapes import Formula
from archdsl.shapes.dimension import value_at
from archdsl.shapes.traced import Trace, Traced, identity_of, is_traced, pinned, plain, quotient_of

Program = Callable[[Any], Any]
_MOST = 60

# What programs do with a size `n`. Each gives a number, a text or a truth value.
_INTEGER: list[Program] = [
    lambda n: n + 3,
    lambda n: 3 + n,
    lambda n: n - 3,
    lambda n: 40 - n,
    lambda n: n * n,
    lambda n: 2 * n,
    lambda n: -n,
    lambda n: +n,
    lambda n: abs(n - 20),
    lambda n: n // 4,
    lambda n: 100 // (n + 1),
    lambda n: n % 3,
    lambda n: 100 % (n + 1),
    lambda n: divmod(n, 5),
    lambda n: divmod(100, n + 1),
    lambda n: n**2,
    lambda n: 2 ** (n % 3),
    lambda n: pow(n, 2, 7),
    lambda n: n / 4,
    lambda n: 4 / (n + 1),
    lambda n: n + 0.5,
    lambda n: n == 7,
    lambda n: n != 7,
    lambda n: n < 7,
    lambda n: n <= 7,
    lambda n: n > 7,
    lambda n: n >= 7,
    lambda n: n < 7.5,
    lambda n: n == "7",
    lambda n: "some" if n else "none",
    float,
    int,
    lambda n: list(range(pinned(n))),
    round,
    lambda n: round(n, -1),
    math.floor,
    math.ceil,
    math.trunc,
    lambda n: Fraction(n, 3),
    lambda n: math.sqrt(n),
    lambda n: n + Fraction(1, 2),
    lambda n: n.numerator,
]
_FRACTION: list[Program] = [
    lambda q: q + 1,
    lambda q: 1 + q,
    lambda q: q - 1,
    lambda q: 1 - q,
    lambda q: q * 3,
    lambda q: 3 * q,
    lambda q: -q,
    lambda q: q + 0.25,
    math.floor,
    math.ceil,
    round,
    lambda q: round(q, 1),
    float,
    lambda q: q == 2,
    lambda q: q < 2,
    lambda q: q <= 2,
    lambda q: q > 2,
    lambda q: q >= 2,
    lambda q: q < 2.25,
    lambda q: q == "2",
    lambda q: q.numerator,
    lambda q: q.denominator,
    lambda q: quotient_of(q, 3),
    lambda q: quotient_of(3, q + 1),
    lambda q: quotient_of(q, q + 1),
]


def _same_runs(trace: Trace, size: int) -> bool:
    """Whether a run at `size` decides as the traced one did."""
    columns = Columns(_MOST)
    return all(columns.holds(condition)[size] for condition in trace.conditions)


def _at(value: object, size: int) -> object:
    """What a traced result is at another size."""
    if isinstance(value, tuple):
        return tuple(_at(item, size) for item in value)
    return value_at(value.formula, size) if is_traced(value) else value


def _agrees(make: Callable[[int], Any], start: Any, trace: Trace, program: Program) -> int:
    """A traced run against plain ones; how many sizes run like it."""
    found = program(start)
    alike = [size for size in range(_MOST) if _same_runs(trace, size)]
    for size in alike:
        expected = program(make(size))
        assert _at(found, size) == expected
        assert not is_traced(expected)
    return len(alike)


# Each of a few sizes with each pair would be 30,000 runs: a sample of the pairs, and each program alone at one size.
@pytest.mark.parametrize("at", range(len(_INTEGER)))
def test_each_way_to_compute_with_an_integer(at: int) -> None:
    trace = Trace()
    assert _agrees(lambda n: n, Traced(7, Formula.symbol("n"), trace), trace, _INTEGER[at]) >= 1


@pytest.mark.parametrize("at", range(len(_FRACTION)))
def test_each_way_to_compute_with_a_fraction(at: int) -> None:
    trace = Trace()
    start = quotient_of(Traced(7, Formula.symbol("n"), trace), 4)
    assert _agrees(lambda n: Fraction(n, 4), start, trace, _FRACTION[at]) >= 1


@given(st.sampled_from(_INTEGER), st.sampled_from(_INTEGER[:13]), st.integers(0, _MOST - 1))
def test_integers(outer: Program, inner: Program, size: int) -> None:
    trace = Trace()
    start = Traced(size, Formula.symbol("n"), trace)
    assert _agrees(lambda n: n, start, trace, lambda n: outer(inner(n))) >= 1


@given(st.sampled_from(_FRACTION), st.integers(1, 5), st.integers(0, _MOST - 1))
def test_fractions(program: Program, divisor: int, size: int) -> None:
    trace = Trace()
    start = quotient_of(Traced(size, Formula.symbol("n"), trace), divisor)
    assert _agrees(lambda n: Fraction(n, divisor), start, trace, program) >= 1


def test_what_depends_on_nothing_is_plain() -> None:
    trace = Trace()
    size = Traced(7, Formula.symbol("n"), trace)
    assert not is_traced(size - size)
    assert not is_traced(quotient_of(size * 6, 3) - 2 * size)
    assert trace.conditions == {}


def test_looking_decides_nothing() -> None:
    trace = Trace()
    size = Traced(7, Formula.symbol("n"), trace)
    half = quotient_of(size, 2)
    assert (plain(size), plain(half)) == (7, Fraction(7, 2))
    assert identity_of((size, 7)) == (("traced", Formula.symbol("n")), 7)
    assert hash(size) == hash(7)
    assert trace.conditions == {}


def test_a_copy_is_plain() -> None:
    trace = Trace()
    copied = pickle.loads(pickle.dumps(Traced(7, Formula.symbol("n"), trace)))
    assert type(copied) is int
    assert len(trace.conditions) == 1


@pytest.mark.parametrize("join", [operator.add, operator.sub, operator.floordiv, operator.mod])
def test_no_arithmetic_with_texts(join: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(TypeError):
        join(Traced(7, Formula.symbol("n"), Trace()), "7")
