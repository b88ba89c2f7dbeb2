"""Whatever is written and whatever comes in, an operator gives whole dimensions or raises a fact. Must not need torch."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from helpers.uses import use_of

from archdsl.ops.arguments import Size, Word
from archdsl.ops.captions import caption
from archdsl.ops.facts import Fact
from archdsl.ops.operator import REQUIRED, Operator
from archdsl.ops.registry import OPERATORS, WORDS
from archdsl.shapes import Formula, Shape, Undecided, shape_of

H, W = Formula.symbol("H"), Formula.symbol("W")
LIKELY = (1, 2, 3, 4, Size((3, 3)), True)
VALUES: tuple[Any, ...] = (
    *(0, 5, -1, 10**30, False, None, 0.5, float("inf"), float("nan"), Fraction(1, 3), Fraction(10**400, 3), "x"),
    *(
        Size((1, 7)),
        (2, 3),
        (1, 2, 3),
        (1, 2, 3, 4),
        (1, 0, 1, 0, 2, 1),
        Size((1, 3, 3)),
        (),
        (1,),
        H,
        2 * H,
        H - W,
        (H, W),
        (1, H),
    ),
    *(Word(word) for word in sorted(WORDS)),
)
SHAPES: tuple[Shape, ...] = (
    *((6,), (5, 6), (6, 8, 9), (64, 12, 12), (1, 1, 1), (6, 1, 1), (6, 4, 8, 9), (6, 1, 1, 1)),
    *((H,), (H, 6), (6, H, W), (2 * H, 2 * W, H), (H, W, W), (4, 2 * H, 2 * W), (6, 2 * H, H, W)),
)
USES = 600

each_operator = pytest.mark.parametrize("operator", {id(o): o for o in OPERATORS.values()}.values(), ids=lambda o: o.name)


@each_operator
def test_any_use_is_answered(operator: Operator) -> None:
    draw = random.Random(operator.name)
    for _ in range(USES):
        written, inputs = _use(operator, draw)
        try:
            site = use_of(operator, written, inputs)
        except (Fact, Undecided):
            continue
        assert all(isinstance(axis, Formula) or (isinstance(axis, int) and axis >= 1) for axis in site.y), (written, inputs)
        for facet in (operator.macs, operator.flops, operator.saved, operator.view, operator.torch):
            assert facet(site) is not None, (written, inputs)
        assert caption(operator, site), (written, inputs)


def _use(operator: Operator, draw: random.Random) -> tuple[dict[str, Any], tuple[Shape, ...]]:
    """Mostly values that may do, some that cannot; inputs of any rank, half the time all of one shape."""
    written: dict[str, Any] = {}
    for argument in operator.arguments:
        if draw.random() < (0.95 if argument.default is REQUIRED else 0.3):
            likely = argument.is_value or draw.random() < 0.6
            written[argument.name] = draw.choice(LIKELY if likely else VALUES)
    count = 3 if operator.joins else 1 + sum(argument.is_value for argument in operator.arguments)
    first = draw.choice([shape for shape in SHAPES if len(shape) in operator.ranks])
    alike = draw.random() < 0.5
    inputs = (first, *(first if alike else draw.choice(SHAPES) for _ in range(count - 1)))
    if operator.name != "unpool":
        return written, inputs
    # Its last input is that of the pool.
    return written, (*inputs[:2], shape_of(6, (24,) * max(len(inputs[1]) - 1, 1)))
