"""Random regions with repetitions, captures and lists: every metric agrees with the naive count over the unrolled program."""

from __future__ import annotations

from typing import Any

from helpers.regions import Build, network
from helpers.unrolled import Program, unrolled
from hypothesis import given, settings
from hypothesis import strategies as st

from archdsl.analysis.cost import Cost
from archdsl.analysis.training.saved import Saves
from archdsl.analysis.training.timeline import Timeline
from archdsl.analysis.training.worst_moment import worst_moment
from archdsl.ir import Declare, Region

SHAPE = (2, 8, 8)
JOIN = "add"
UNARY = ("conv", "relu", "bn", "identity", "dropout", "sigmoid")


@st.composite
def bodies(draw: st.DrawFn, depth: int = 2, inputs: int = 1, captures: int = 0, live: bool = False) -> Region:
    """A region from `inputs` values (and `captures` more) to as many values, all of one shape; `live`: every value is used."""
    build = Build(*[SHAPE] * (inputs + captures), captures=captures)
    for _ in range(draw(st.integers(0, 4))):
        value = st.integers(0, len(build.shapes) - 1)
        kind = draw(st.sampled_from(["unary", "add", "use"] if depth else ["unary", "add"]))
        if kind == "unary":
            name = draw(st.sampled_from(UNARY))
            written: dict[str, Any] = {"k": draw(st.sampled_from([1, 3, 5])), "c": 2} if name == "conv" else {}
            build.node(name, draw(value), count=draw(st.integers(1, 4)), **written)
        elif kind == "add":
            build.node(JOIN, draw(value), draw(value), count=draw(st.integers(1, 3)))
        else:
            chained, captured = draw(st.integers(1, 2)), draw(st.integers(0, 2))
            region = draw(bodies(depth - 1, chained, captured, live))
            given_values = [draw(value) for _ in range(chained + captured)]
            build.use(region, *given_values, count=draw(st.integers(1, 6)))
    results = [draw(st.integers(0, len(build.shapes) - 1)) for _ in range(inputs)]
    if live:
        used = {value for step in build.steps if not isinstance(step, Declare) for value in step.inputs} | set(results[1:])
        for idle in set(range(len(build.shapes))) - used - {results[0]}:
            results[0] = build.node(JOIN, results[0], idle)
    return build.done(*results)


@settings(max_examples=150)
@given(bodies())
def test_sums_depth_and_peak_are_those_of_the_unrolled_program(region: Region) -> None:
    program, cost = Program(region), Cost(network(region))
    sites = [run.node.site for run in program.runs]
    assert cost.macs == sum(run.node.operator.macs(run.node.site) for run in program.runs)
    assert cost.params == sum(tensor.numel for site in sites for tensor in site.parameters if tensor.learned)
    assert cost.depth == program.depth()
    assert cost.peak == program.peak()
    kept = Saves().network(region)
    assert kept.bytes + kept.fixed == program.saved()
    assert len(cost.rows) == len(program.runs)
    assert sum(row.macs for row in cost.rows) == cost.macs == sum(row.macs * row.times for row in cost.folded_rows)


@settings(max_examples=100)
@given(bodies())
def test_the_receptive_field_is_that_of_the_unrolled_program(region: Region) -> None:
    program, cost = Program(region), Cost(network(region))
    reach = [0] * len(program.shapes)
    for node, inputs, output in program.runs:
        height = node.site.a.k[0] if "k" in node.site.a else 1
        assert isinstance(height, int)
        reach[output] = max(reach[value] for value in inputs) + height // 2
    result = program.results[0]
    assert cost.receptive_field == (2 * reach[result] + 1,) * 2
    seen = [row.seen.size[0] if row.seen else None for row in cost.rows]
    assert seen == [2 * reach[run.output] + 1 for run in program.runs]


@settings(max_examples=150)
@given(bodies(live=True))
def test_a_training_step_is_that_of_the_unrolled_program(region: Region) -> None:
    whole, apart = (worst_moment(Timeline(one, Saves()), 2, 4, 4) for one in (region, unrolled(region)))
    assert whole == apart
