"""`archdsl explain FILE:LINE`: the figures with their numbers in the formulas."""

from __future__ import annotations

import re

import pytest
from samples import SAMPLES
from samples.sample import Sample

import archdsl
from archdsl.analysis.reports.derivation import derive_line
from archdsl.expressions.evaluate import evaluate
from archdsl.ops.binding import complete
from archdsl.ops.registry import OPERATORS
from archdsl.program.scope import Scope
from archdsl.syntax.parser import parse_expression
from archdsl.text import Source

TEXT = """arch small
input image[3, 224, 224]
conv 11x11 64 stride=4 pad=2
maxpool 3x3 stride=2 ceil=true
gap ; linear 10
"""


def derived(line: int) -> dict[str, list[str]]:
    arch = archdsl.loads(TEXT)
    layers = arch.cost().folded_rows
    found = derive_line(layers, layers[0].node.span.source, line)
    return {d.layer.name: [f"{title}: {words}" for title, words in d.lines] for d in found}


def test_convolution_shows_its_numbers() -> None:
    lines = derived(3)["conv1"]
    assert "output: [64, 55, 55] from [3, 224, 224]" in lines
    assert ": height (224 + 2 + 2 - 11)//4 + 1 = 55" in lines
    assert "parameters: 64*3*11*11 weight + 64 bias = 23,296" in lines
    assert "MACs: 64*55*55 outputs * 3*11*11 products each = 70,276,800" in lines
    assert "receptive field: 11 x 11 pixels of the input, 4 x 4 between neighbors" in lines


def test_a_declaration_runs_nothing_itself() -> None:
    text = "arch a\ninput x[4, 8, 8]\nshared m < conv 3x3 4 ; relu >\nm ; m\n"
    layers = archdsl.loads(text).cost().folded_rows
    conv, relu = derive_line(layers, layers[0].node.span.source, 3)
    lines = dict(conv.lines)
    assert lines["MACs"] == "4*8*8 outputs * 4*3*3 products each, at each place where it is applied"
    assert lines["parameters"] == "4*4*3*3 weight + 4 bias = 148"
    assert dict(relu.lines)["MACs"] == "none"
    assert conv.others == ("m_call1.conv1", "m_call2.conv1")


def test_line_with_two_steps_derives_both() -> None:
    assert list(derived(5)) == ["gap1", "linear1"]


def test_a_kind_that_multiplies_nothing_has_no_macs() -> None:
    layers = archdsl.loads("arch a\ninput x[8, 3, 4]\nrelpos 2\n").cost().folded_rows
    (line,) = derive_line(layers, layers[0].node.span.source, 3)
    assert dict(line.lines)["MACs"] == "none"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.operator}-{s.note or s.written}")
def test_worked_macs_are_the_macs(sample: Sample) -> None:
    """Every operator that multiplies shows how often, and the shown sum is the count."""
    operator = OPERATORS[sample.operator]
    inputs = sample.inputs
    site = operator.site(complete(operator, sample.written, inputs), inputs)
    macs = operator.macs(site)
    if not macs:
        return
    assert operator.macs_worked is not None
    # Without its words the text is an expression of the language itself.
    text = re.sub(r"[A-Za-z]+", "", operator.macs_worked(site))
    expression = parse_expression(Source("worked", text), [])
    assert expression is not None
    assert evaluate(expression, Scope(None, Source("worked", text))) == macs
