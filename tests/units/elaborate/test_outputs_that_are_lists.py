"""A network, an output or an auxiliary head that is a list: contracts, Python, the module and its source."""

from __future__ import annotations

from typing import Any

import pytest

import archdsl
from archdsl.analysis.contracts import check

LEVELS = "arch t\ninput x[3, 32, 32]\n"


def test_a_network_ends_in_a_list() -> None:
    text = LEVELS + "parallel < conv 3x3 4 | conv 3x3 8 stride=2 >\nexpect out.0 == [4, 32, 32]\nexpect out.1 == [8, 16, 16]\n"
    arch = archdsl.loads(text)
    assert arch.outputs == {"out.0": (4, 32, 32), "out.1": (8, 16, 16)}
    assert arch.cost().out == ((4, 32, 32), (8, 16, 16))
    assert "[4, 32, 32], [8, 16, 16]" in repr(arch)
    assert check(arch.network, arch.cost()) == []
    wrong = archdsl.loads(text + "expect out.2 == [8, 16, 16]\n")
    assert [found.message for found in check(wrong.network, wrong.cost())] == ["this network has no output `2`"]


def test_outputs_of_loops_and_repetitions_are_lists() -> None:
    text = LEVELS + "for c in [4, 8] < conv 3x3 c stride=2 ; output level >\nx2 < conv 3x3 8 ; output run >\ngap\n"
    arch = archdsl.loads(text)
    assert arch.outputs == {
        "out": (8,),
        "level.0": (4, 16, 16),
        "level.1": (8, 8, 8),
        "run.0": (8, 8, 8),
        "run.1": (8, 8, 8),
    }


def test_what_a_loop_gives_once_is_no_list() -> None:
    assert list(archdsl.loads(LEVELS + "for c in [4] < conv 3x3 c ; output level >\n").outputs) == ["out", "level"]


def test_a_definition_gives_a_list_as_a_member() -> None:
    text = "def net() < for c in [4, 8] < conv 3x3 c stride=2 ; output level > ; gap >\nn: net()\n@n.level[1] ; conv 1x1 2\n"
    assert archdsl.loads(LEVELS + text).cost().out == (2, 8, 8)
    assert archdsl.loads(LEVELS + text + "expect n.out.level.1 == [8, 8, 8]\n").cost().out == (2, 8, 8)


@pytest.mark.torch
def test_the_module_returns_tuples() -> None:
    import torch

    text = (
        "for c in [4, 8] < conv 3x3 c stride=2 ; aux early < gap ; linear 5 > ; output level >\n"
        "parallel < gap | conv 1x1 2 >\noutput both\n"
    )
    arch = archdsl.loads(LEVELS + text)
    module: Any = arch.module()
    x = torch.zeros(2, 3, 32, 32)
    result = module.train()(x)
    assert [tuple(one.shape) for one in result.out] == [(2, 8), (2, 2, 8, 8)]
    assert [tuple(one.shape) for one in result.level] == [(2, 4, 16, 16), (2, 8, 8, 8)]
    assert [tuple(one.shape) for one in result.early] == [(2, 5), (2, 5)]
    assert result.both[0] is result.out[0]
    assert module.eval()(x).early == (None, None)
    alone: Any = archdsl.loads(LEVELS + "parallel < gap | relu >\n").module()
    assert type(alone(x)) is tuple
