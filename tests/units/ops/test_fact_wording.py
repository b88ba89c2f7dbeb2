"""What the facts of attention, joins and reshapes say: which shapes, which axes, which reason. Must not need torch."""

from __future__ import annotations

from typing import Any

import pytest
from samples.sample import Size, Word

from archdsl.ops.binding import complete
from archdsl.ops.facts import DivisibilityFact, Fact, MismatchFact, RankFact, SettingFact
from archdsl.ops.operator import Site
from archdsl.ops.registry import OPERATORS
from archdsl.shapes import Formula, Shape

MAP, TOKENS = (8, 11, 13), (5, 8)


def _site(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> Site:
    operator = OPERATORS[name]
    return operator.site(complete(operator, written, inputs), inputs)


def _fact(name: str, inputs: tuple[Shape, ...], written: dict[str, Any]) -> Any:
    with pytest.raises(Fact) as raised:
        _site(name, inputs, written)
    return raised.value


MISMATCHES: list[tuple[str, tuple[Shape, ...], dict[str, Any], tuple[int, ...]]] = [
    ("add", (MAP, (8, 11, 12)), {}, (2,)),
    ("add", (MAP, (4, 11, 13), (8, 10, 13)), {}, (0, 1)),
    ("add", (MAP, (5, 8)), {}, ()),
    ("mul", (MAP, (4, 1, 1)), {}, (0,)),
    ("mul", (MAP, (8, 11, 12)), {}, (2,)),
    ("mul", (TOKENS, (5,)), {}, ()),
    ("concat", (MAP, (4, 11, 12)), {}, (2,)),
    ("concat", (MAP, (4, 10, 12), MAP), {}, (1, 2)),
    ("concat", (TOKENS, (9, 7)), {"axis": Word("tokens")}, (1,)),
    ("concat", (TOKENS, (9, 7)), {}, (0,)),
    ("concat", (MAP, TOKENS), {}, ()),
    ("matmul", (TOKENS, (3, 7)), {"other": True, "transpose": True}, (1,)),
    ("matmul", (TOKENS, (7, 3)), {"other": True}, (0, 1)),
    ("attention", (TOKENS, MAP), {"heads": 2, "kv": True}, ()),
    ("upsample", (MAP, TOKENS), {"like": True}, ()),
    ("crop", (MAP, TOKENS), {"like": True}, ()),
]


@pytest.mark.parametrize(("name", "inputs", "written", "axes"), MISMATCHES)
def test_mismatch(name: str, inputs: tuple[Shape, ...], written: dict[str, Any], axes: tuple[int, ...]) -> None:
    fact = _fact(name, inputs, written)
    assert isinstance(fact, MismatchFact)
    assert (fact.shapes, fact.axes) == (inputs, axes)
    assert fact.rule


DIVISIBILITIES: list[tuple[str, Shape, dict[str, Any], int, str, int]] = [
    ("attention", TOKENS, {"heads": 3}, 8, "heads", 3),
    ("attention", TOKENS, {"heads": 4, "dim": 6}, 6, "heads", 4),
    ("shuffle", MAP, {"groups": 3}, 8, "groups", 3),
    ("pixelshuffle", MAP, {"factor": 3}, 8, "factor**2", 9),
    ("spacetodepth", MAP, {"factor": 3}, 11, "factor", 3),
    ("spacetodepth", (8, 12, 13), {"factor": 3}, 13, "factor", 3),
]


@pytest.mark.parametrize(("name", "x", "written", "value", "argument", "divisor"), DIVISIBILITIES)
def test_divisibility(name: str, x: Shape, written: dict[str, Any], value: int, argument: str, divisor: int) -> None:
    fact = _fact(name, (x,), written)
    assert isinstance(fact, DivisibilityFact)
    assert (fact.value, fact.argument, fact.divisor) == (value, argument, divisor)


SETTINGS: list[tuple[str, tuple[Shape, ...], dict[str, Any], str, str]] = [
    ("grid", ((10, 8),), {}, "size", "it is not known whether 10 tokens form a square"),
    ("grid", ((12, 8),), {"size": Size((3, 5))}, "size", "3x5 is 15 positions, but there are 12 tokens"),
    ("select", (TOKENS,), {"i": 5}, "i", "there are only 5 tokens, numbered from 0"),
    ("slice", (MAP,), {"from": 2, "to": 9}, "to", "there are only 8 channels"),
    ("slice", (MAP,), {"from": 6, "to": -5}, "to", "nothing is left from 6 to 3"),
    ("slice", (MAP,), {"from": 0, "to": 1, "axis": Word("tokens")}, "axis", "[8, 11, 13] has no tokens"),
    ("crop", (MAP,), {"size": 12}, "size", "the picture is only 11 high, but 12 are needed"),
    ("crop", (MAP, (8, 11, 14)), {"like": True}, "like", "the picture is only 13 wide, but 14 are needed"),
    ("crop", (MAP,), {"size": 6, "offset": (0, 8)}, "offset", "the picture is only 13 wide, but 8 + 6 are needed"),
    ("attention", (TOKENS,), {"heads": 2, "window": 7}, "window", "it needs a map, `[C, H, W]`, but this is [5, 8]"),
    ("attention", (MAP,), {"heads": 2, "window": 7, "shift": 7}, "shift", "it must be smaller than the window, which is 7"),
    ("attention", (MAP,), {"heads": 2, "shift": 3}, "shift", "there is no `window` to shift"),
]


@pytest.mark.parametrize(("name", "inputs", "written", "argument", "reason"), SETTINGS)
def test_setting(name: str, inputs: tuple[Shape, ...], written: dict[str, Any], argument: str, reason: str) -> None:
    fact = _fact(name, inputs, written)
    assert isinstance(fact, SettingFact)
    assert (fact.argument, fact.reason) == (argument, reason)


def test_queries_of_cross_attention_are_tokens() -> None:
    fact = _fact("attention", (MAP, TOKENS), {"heads": 2, "kv": True})
    assert isinstance(fact, RankFact)
    assert (fact.shape, fact.ranks) == (MAP, (2,))


def test_shapes_agree_as_formulas() -> None:
    h = Formula.symbol("H")
    assert _site("add", ((8, 2 * h, h), (8, h + h, h)), {}).y == (8, 2 * h, h)
    assert isinstance(_fact("add", ((8, h, h), (8, h + 1, h)), {}), MismatchFact)


def test_the_full_factor_may_stand_anywhere() -> None:
    assert _site("mul", ((1, 11, 13), MAP, (8, 1, 1), (8,)), {}).y == MAP
    assert _site("mul", ((8,), TOKENS), {}).y == TOKENS
