"""Every sentence of the language on a program of its own: shapes, counts, names and mistakes computed by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from language import (
    arguments,
    definitions,
    downsample,
    expressions,
    joins,
    metrics,
    mistakes,
    names,
    operators,
    statements,
    text,
)
from language.case import Case, checked, parameter_names, results, shape_of

from archdsl.analysis.cost import Cost
from archdsl.ir import Network

TABLES = (text, definitions, statements, downsample, arguments, joins, expressions, names, operators, metrics, mistakes)
CASES = [
    pytest.param(one, id=f"{table.__name__.rpartition('.')[2]}-{number}")
    for table in TABLES
    for number, one in enumerate(table.CASES)
]


@pytest.mark.parametrize("one", CASES)
def test_sentence(one: Case) -> None:
    program = checked(one)
    errors = [diagnostic for diagnostic in program.report if diagnostic.severity == "error"]
    assert " ".join(error.name for error in errors) == (one.wrong or ""), (one.says, [error.message for error in errors])
    if one.at is not None:
        assert errors[0].primary is not None
        assert errors[0].primary.span.text == one.at, one.says
    if one.warns:
        assert one.warns in [diagnostic.name for diagnostic in program.report], one.says
    if one.wrong is None:
        assert program.network is not None
        assert _given(program.network, one) == _wanted(one), one.says


def _wanted(one: Case) -> dict[str, object]:
    names = None if one.names is None else one.names.split()
    wanted = {"out": one.out, "params": one.params, "macs": one.macs, "aux": one.aux, "names": names, "outputs": one.outputs}
    return {key: value for key, value in {**wanted, "meta": one.meta}.items() if value is not None}


def _given(network: Network, one: Case) -> dict[str, object]:
    cost = Cost(network)
    root = network.root
    given: dict[str, Callable[[], object]] = {
        "out": lambda: results(network),
        "params": lambda: cost.params,
        "macs": lambda: cost.macs,
        "aux": lambda: cost.params_aux,
        "names": lambda: parameter_names(network),
        "outputs": lambda: {output.name: shape_of(root.shapes[output.value]) for output in root.outputs},
        "meta": lambda: network.meta,
    }
    return {key: given[key]() for key in _wanted(one)}


def test_there_are_enough() -> None:
    assert len(CASES) >= 150
    assert len({one.values[0].text for one in CASES}) == len(CASES), "a program stands in the tables twice"  # type: ignore[union-attr]
