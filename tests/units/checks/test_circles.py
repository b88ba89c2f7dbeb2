"""Circles of definitions: found wherever they are, in any order of the lines."""

from __future__ import annotations

import random

import pytest

import archdsl
from archdsl import ArchError


def _program(calls: dict[int, list[int]], nested: bool) -> str:
    """Definitions that each call others; `nested`: all of them inside one."""
    lines = [
        f"def f{at}(c) < {' ; '.join([*(f'f{callee}(c)' for callee in callees), 'relu'])} >" for at, callees in calls.items()
    ]
    inner = "\n".join(lines)
    if nested:
        inner = f"def outer(c) <\n{inner}\nrelu\nf0(c)\n>"
    return f"arch t\ninput x[8]\n{inner}\n{'outer' if nested else 'f0'}(8)\n"


def _has_circle(calls: dict[int, list[int]]) -> bool:
    """By removing what calls nothing that is left, again and again."""
    left = {at: set(callees) for at, callees in calls.items()}
    while done := [at for at, callees in left.items() if not callees & left.keys()]:
        for at in done:
            del left[at]
    return bool(left)


@pytest.mark.parametrize("nested", [False, True])
def test_a_circle_is_reported_exactly_where_there_is_one(nested: bool) -> None:
    found = 0
    for seed in range(60):
        rng = random.Random(seed)
        order = rng.sample(range(5), 5)
        calls = {at: [to for to in range(5) if rng.random() < 0.22] for at in order}
        try:
            archdsl.loads(_program(calls, nested))
            is_refused = False
        except ArchError as error:
            is_refused = any(one.name == "definition-circle" for one in error.diagnostics)
        assert is_refused == _has_circle(calls), _program(calls, nested)
        found += is_refused
    assert 10 < found < 50


def test_a_circle_through_a_training_head() -> None:
    text = "arch t\ninput x[8]\ndef f(c) < aux side < g(c) > ; relu >\ndef g(c) < f(c) >\nf(8)\n"
    with pytest.raises(ArchError) as caught:
        archdsl.loads(text)
    assert caught.value.diagnostics[0].name == "definition-circle"
