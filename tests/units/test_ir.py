"""The IR: frozen, and no field of it that nothing fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.torch_programs import PROGRAMS, network_of, zoo

from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.records import Record, default, fields

TEXTS = [
    *PROGRAMS.values(),
    "def se(r=4) < let c = in.c ; mul < identity | gap keep=true ; conv 1x1 (c // r) ; conv 1x1 c > >\nconv 3x3 8 ; se",
    """
default conv bias=false
head < x2 conv 3x3 8 >
block conv 1x1 8
aux side < gap ; linear 5 >
output middle
m: maxpool 2x2 ; unpool @m
each rows < linear 4 >
frozen < conv 3x3 8 ; x2 conv 3x3 8 >
tokens ; scan h=[8] < let h = < add < identity | @h > > ; @h >
""",
]


def parts() -> Iterator[Any]:
    """Every node, use and region of some programs, and their networks."""
    for network in [*(network_of(text) for text in TEXTS), zoo("resnet18", classes=10)]:
        yield network
        waiting = [network.root]
        while waiting:
            region = waiting.pop()
            yield region
            yield from region.steps
            waiting += [step.region for step in region.steps if isinstance(step, Use)]
            shared = [step.shared for step in region.steps if isinstance(step, Declare | Use) and step.shared is not None]
            waiting += [module.region for module in shared if module.region is not None]


@pytest.fixture(scope="module")
def all_parts() -> list[Any]:
    return list(parts())


FIELDS = [(kind, field) for kind in (Node, Use, Region) for field in fields(kind)]


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=[f"{kind.__name__}.{field}" for kind, field in FIELDS])
def test_some_program_fills_every_field(kind: type[Record], field: str, all_parts: list[Any]) -> None:
    usual = default(kind, field)
    if field == "memo":
        for part in all_parts:
            if isinstance(part, Network):
                from archdsl.analysis.cost import Cost

                assert Cost(part, 1, "float32").params is not None
    values = [getattr(part, field) for part in all_parts if isinstance(part, kind)]
    assert any(value not in (usual, (), None) for value in values)


def test_what_is_built_stays_as_it_is(all_parts: list[Any]) -> None:
    for part in all_parts:
        name = fields(type(part))[0]
        with pytest.raises(AttributeError, match="is frozen"):
            setattr(part, name, None)


def test_calls_and_definitions_know_their_syntax(all_parts: list[Any]) -> None:
    for part in all_parts:
        if isinstance(part, Region):
            assert (part.syntax is None) == (part.kind not in ("definition", "arch"))
        if isinstance(part, Use) and part.region.kind == "definition":
            assert part.call is not None
