"""One small program and what it must give; the names of the parameters in its IR. Must not hold programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from archdsl.analysis import contracts
from archdsl.analysis.cost import Cost
from archdsl.compiler import Program, run
from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.shapes import Shape
from archdsl.text import Source


class Case(NamedTuple):
    """A sentence of the language, a program that it decides, and what the program must give.

    Attributes:
        says: the sentence, shortened.
        text: the program. Without an `arch` line it gets one, without an `input` the input `x[8, 16, 16]`.
        out: the shape of the result, as in `8 16 16`.
        params, macs, aux: counts of the whole network; `aux` the parameters of the auxiliary heads.
        names: every learned parameter in the order of the module's own.
        outputs: shapes of the further outputs by name.
        meta: what expressions give, as `meta` lines write them.
        wrong: the names of the diagnostics, in the order of the text; at: the text that the first one marks.
        given: arch parameters that the user overrides; inputs: inputs that the user overrides.
    """

    says: str
    text: str
    out: str | None = None
    params: int | None = None
    macs: int | None = None
    aux: int | None = None
    names: str | None = None
    outputs: dict[str, str] | None = None
    meta: dict[str, Any] | None = None
    wrong: str | None = None
    at: str | None = None
    warns: str = ""
    given: dict[str, Any] | None = None
    inputs: dict[str, tuple[int, ...]] | None = None


def case(says: str, text: str, **expected: Any) -> Case:
    """A case whose program has an `arch` and an `input` line."""
    if not re.search(r"(^|\n)arch ", text):
        text = f"arch t\n{text}"
    if not re.search(r"(^|\n)input ", text):
        text = re.sub(r"(^|\n)(arch .*)", r"\1\2\ninput x[8, 16, 16]", text, count=1)
    return Case(says, text, **expected)


def refused(says: str, text: str, wrong: str, at: str | None = None, **more: Any) -> Case:
    """A case whose program has mistakes."""
    return case(says, text, wrong=wrong, at=at, **more)


def checked(one: Case) -> Program:
    """The program compiled, its contracts among the diagnostics."""
    program = run(Source("case.arch", one.text), None, one.given, one.inputs, warnings=True)
    if program.network is not None and not any(diagnostic.severity == "error" for diagnostic in program.report):
        program.report += contracts.check(program.network, Cost(program.network))
    return program


def shape_of(shape: Shape) -> str:
    return " ".join(str(axis) for axis in shape)


def results(network: Network) -> str:
    """The shape of the result; of a list the shapes with `/` between."""
    return " / ".join(map(shape_of, network.root.result_shapes))


def parameter_names(network: Network) -> list[str]:
    """Every learned parameter's name, runs one by one, in order."""
    return list(_of_region(network.root, ""))


def _of_region(region: Region, prefix: str) -> Iterator[str]:
    for step in region.steps:
        if isinstance(step, Declare):
            if step.shared.region is not None:
                yield from _of_region(step.shared.region, f"{prefix}{step.name}.")
            continue
        for run_name in _runs(step):
            yield from _of_step(step, prefix + run_name)


def _runs(step: Node | Use) -> list[str]:
    """A step that covers several runs of a repetition has the number of the first."""
    return [step.name] if step.count == 1 else [str(int(step.name) + run) for run in range(step.count)]


def _of_step(step: Node | Use, name: str) -> Iterator[str]:
    if isinstance(step, Node):
        yield from (f"{name}.{tensor.name}" for tensor in step.site.parameters if tensor.learned)
    elif step.shared is None:
        yield from _of_region(step.region, f"{name}.")
