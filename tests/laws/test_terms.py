"""Expressions of generated files: what the compiler makes of a term, Python makes of its text."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archdsl.backends.torch.expressions import terms
from archdsl.backends.torch.expressions.terms import (
    CALLS,
    Chosen,
    FunctionCall,
    Item,
    Literal,
    Name,
    Operation,
    Several,
    Term,
    Unevaluable,
    evaluate,
    literal,
    names_in,
    same,
    substitute,
    text,
)
from archdsl.backends.torch.support.make_divisible import make_divisible
from archdsl.shapes import Formula

_VALUES: dict[str, Any] = {"a": 3, "b": -2, "flag": True, "rate": 0.1, "sizes": (8, 16, 24), "empty": ()}
_PYTHON = {"__builtins__": {"min": min, "max": max, "abs": abs, "len": len, "sum": sum, "round": round}, "math": math}
_NUMBERS = st.integers(-9, 9) | st.sampled_from([0.5, 0.25, -1.5, 0.1, 3.0]) | st.booleans() | st.none() | st.just("same")
_LEAVES: st.SearchStrategy[Term] = st.builds(Literal, _NUMBERS | st.tuples(st.integers(0, 9))) | st.builds(
    Name, st.sampled_from([*_VALUES, "missing"])
)


def _larger(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return (
        st.builds(Operation, st.sampled_from(sorted(terms._SIGNS)), inner, inner)
        | st.builds(Item, inner, st.integers(-2, 3))
        | st.builds(FunctionCall, st.sampled_from(sorted(CALLS)), st.lists(inner, min_size=1, max_size=2).map(tuple))
        | st.builds(Several, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Chosen, inner, inner, inner)
    )


_TERMS = st.recursive(_LEAVES, _larger, max_leaves=8)


def _in_python(written: str) -> Any:
    return eval(written, {**_PYTHON, "make_divisible": make_divisible}, dict(_VALUES))


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=600)
@given(_TERMS)
def test_python_makes_the_same_of_the_text(term: Term) -> None:
    try:
        ours = evaluate(term, _VALUES)
    except Unevaluable:
        return
    theirs = _in_python(text(term))
    # Sums of three decimal numbers may be added in another order.
    assert same(theirs, ours) or theirs == pytest.approx(ours, rel=1e-12)


@settings(max_examples=300)
@given(_TERMS)
def test_values_may_stand_for_names(term: Term) -> None:
    try:
        ours = evaluate(term, _VALUES)
    except Unevaluable:
        return
    filled = substitute(term, {name: Literal(value) for name, value in _VALUES.items()})
    assert same(evaluate(filled, {}), ours)


@given(_TERMS)
def test_names_are_those_of_the_text(term: Term) -> None:
    found = set(names_in(term))
    assert found <= {*_VALUES, "missing"}
    assert all(name in text(term) for name in found)


def test_what_python_would_not_compute_has_no_value() -> None:
    for term in (
        Operation("//", Literal(1), Literal(0)),
        Operation("**", Literal(2), Literal(65)),
        Operation("/", Literal(Formula.symbol("n")), Literal(2)),
        Item(Literal(3), 0),
        Name("missing"),
    ):
        with pytest.raises(Unevaluable):
            evaluate(term, {})


def test_formulas_are_written_with_their_names() -> None:
    n, m = Formula.symbol("n"), Formula.symbol("m")
    for formula, written in (
        (n * 2 + 1, "2 * n + 1"),
        (m - n, "m - n"),
        (n * n * m, "m * n**2"),
        ((n + 1) // 2, "(n + 1) // 2"),
        (1 - n, "1 - n"),
        (-3 - n, "(-1) * n - 3"),
    ):
        assert isinstance(formula, Formula)
        assert literal(formula) == written
        assert set(names_in(Literal(formula))) == set(formula.symbols)
        for value in range(1, 9):
            expected = formula.substitute({"n": value, "m": 7})
            assert eval(written, {"__builtins__": {}}, {"n": value, "m": 7}) == expected


def test_what_has_no_literal() -> None:
    with pytest.raises(TypeError, match="cannot be written"):
        literal(object())
