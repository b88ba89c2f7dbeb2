"""Inputs of indices: what they are to steps, costs, sizes, targets and Python."""

from __future__ import annotations

import json
import pickle

import pytest
from helpers.shell import Shell

import archdsl
from archdsl.shapes import Indices

WORDS = "arch t\ninput words[6] of 10\n"


def test_properties_are_those_of_the_places() -> None:
    arch = archdsl.loads(WORDS + "embedding (in.t + 2)\n")
    assert arch.cost().out == (6, 8)
    assert archdsl.loads("arch t\ninput p[3, 4] of 9\nembedding (in.h * in.w)\n").cost().out == (12, 3, 4)


def test_equal_sizes_of_another_kind_are_another_network() -> None:
    ten, nine = (archdsl.loads(WORDS.replace("10", below) + "embedding 4\n") for below in ("10", "9"))
    assert ten != nine
    assert ten.cost().params == 40
    assert nine.cost().params == 36
    assert ten.inputs == {"words": Indices((6,), 10)}
    assert ten.inputs != {"words": (6,)}
    assert pickle.loads(pickle.dumps(ten)).inputs == ten.inputs


def test_another_length_leaves_the_number_of_words() -> None:
    arch = archdsl.loads(WORDS + "embedding 4\n", inputs={"words": (9,)})
    assert arch.inputs == {"words": Indices((9,), 10)}
    assert arch.cost().params == 40


def test_an_index_has_eight_bytes() -> None:
    assert archdsl.loads(WORDS + "embedding 4 ; linear 2\n").cost(batch=3).training().input == 3 * 6 * 8


def test_steps_that_make_a_value_of_their_own_pass_over_indices() -> None:
    arch = archdsl.loads(WORDS + "t: learned 10 4\n@words ; lookup @t ; linear 4\n")
    assert arch.cost().params == 40 + 20


def test_a_free_number_of_words() -> None:
    arch = archdsl.loads("arch t\ninput words[T] of 10\nembedding 4 ; linear 2\n")
    assert str(arch.cost().macs) == "8*T"
    assert str(arch.cost().out) == str(archdsl.loads("arch t\ninput x[T, 4]\nlinear 2\n").cost().out)


@pytest.mark.parametrize("kind", ["[6]", "[6] of 11"])
def test_an_arch_called_like_a_definition_takes_its_own_kind(kind: str, shell: Shell) -> None:
    shell.write("inner.arch", "arch inner\ninput words[6] of 10\nembedding 4\n")
    shell.write("outer.arch", f'from "inner.arch" import inner\narch outer\ninput x{kind}\ninner\n')
    assert "`inner` takes [6] of 10, but this is [6]" in shell("check", "outer.arch").err
    shell.write("outer.arch", 'from "inner.arch" import inner\narch outer\ninput x[6] of 10\ninner\n')
    assert shell("check", "outer.arch").code == 0


def test_json_says_below_what(shell: Shell) -> None:
    shell.write("words.arch", WORDS + "embedding 4\n")
    assert json.loads(shell("cost", "words.arch", "--format", "json").out)["indices"] == {"words": 10}
    assert json.loads(shell("compile", "words.arch", "--target", "json", "-o", "-").out)["indices"] == {"words": 10}


@pytest.mark.torch
def test_the_module_takes_whole_numbers() -> None:
    import torch

    module = archdsl.loads(WORDS + "embedding 4 ; linear 2\n").module()
    assert module(torch.randint(10, (3, 6))).shape == (3, 6, 2)
