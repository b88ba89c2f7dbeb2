"""What a generated file holds of classes and functions: nothing that nothing in it comes to use. Reading needs no torch."""

from __future__ import annotations

import ast
import sys
from types import FrameType
from typing import Any

import pytest
from helpers.regions import Build, network
from helpers.sizes import numbers
from samples import SAMPLES, Sample

import archdsl
from archdsl.backends.torch import source
from archdsl.backends.torch.printing.source_file import Generated, generate
from archdsl.ir import Network
from archdsl.resources import zoo_names, zoo_path

ON_TOKENS = [row for row in SAMPLES if row.operator == "attention" and all(len(shape) == 2 for shape in row.inputs)]


def unreached(text: str, start: str) -> set[str]:
    """The top-level classes and functions that `start` does not lead to, from name to name."""
    defined = {node.name: node for node in ast.parse(text).body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    left, waiting = set(defined), [start]
    while waiting:
        name = waiting.pop()
        if name in left:
            left.remove(name)
            waiting += [node.id for node in ast.walk(defined[name]) if isinstance(node, ast.Name)]
    return left


def network_of(sample: Sample) -> Network:
    build = Build(*sample.inputs)
    build.node(sample.operator, *range(len(sample.inputs)), **sample.written)
    return network(build.done())


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_sample_leads_to_all_that_its_file_defines(sample: Sample) -> None:
    generated = generate(network_of(sample))
    assert unreached(generated.text, generated.function) == set()


@pytest.mark.parametrize("name", sorted(zoo_names()))
def test_a_zoo_entry_leads_to_all_that_its_file_defines(name: str) -> None:
    path = zoo_path(name)
    assert path is not None
    generated = generate(archdsl.load(path).network)
    assert unreached(generated.text, generated.function) == set()


def test_what_is_left_over_is_found() -> None:
    text = source(network_of(Sample("layernorm", ((6, 8, 8),))))
    assert unreached(text, "built") == set()
    assert unreached(f"{text}\ndef one(x): return two(x)\ndef two(x): return one(x)\n", "built") == {"one", "two"}


@pytest.mark.torch
@pytest.mark.parametrize("sample", ON_TOKENS, ids=str)
def test_attention_over_tokens_calls_every_function_of_its_file(sample: Sample) -> None:
    """What windows alone need stays out: a name that leads somewhere is not yet a call."""
    import torch

    generated = generate(network_of(sample))
    defined = {node.name for node in ast.parse(generated.text).body if isinstance(node, ast.FunctionDef)}
    xs = [torch.rand(1, *numbers(shape)) for shape in sample.inputs]
    assert defined <= called(generated, xs)


def called(generated: Generated, xs: list[Any]) -> set[str]:
    """The functions that building the network and running it calls."""
    from archdsl.backends.torch.running.execute import execute

    make = getattr(execute(generated, "called"), generated.function)
    file, names = make.__code__.co_filename, set()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == file:
            names.add(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        make()(*xs)
    finally:
        sys.setprofile(before)
    return names
