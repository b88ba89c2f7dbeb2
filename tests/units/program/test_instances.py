"""What is elaborated once and used again, counted: definitions and bodies that double do not double the work."""

from __future__ import annotations

import pytest
from helpers.doubling import BODIES, doubling, doubling_bodies

import archdsl
from archdsl import compiler
from archdsl.analysis.cost import Cost
from archdsl.limits import DEFAULTS
from archdsl.program.state import Context
from archdsl.resources import zoo_names, zoo_path
from archdsl.text import Source


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[Context]:
    """Every elaboration's context, as it is made."""
    made: list[Context] = []
    create = Context.__init__

    def noted(self: Context, *given: object) -> None:
        create(self, *given)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(Context, "__init__", noted)
    return made


@pytest.mark.parametrize("text", [*(doubling(40, body) for body in BODIES.values()), doubling_bodies(40, "body")])
def test_doubling_definitions_cost_what_is_different(text: str, contexts: list[Context]) -> None:
    program = compiler.run(Source("mine.arch", text))
    assert not program.report
    assert program.network is not None
    assert Cost(program.network).params == 2**40 * 12
    assert sum(ctx.steps for ctx in contexts) <= 4 * 41 + 2


def test_a_body_that_is_handed_on_is_the_body_itself() -> None:
    start = "arch t\ninput x[3, 8, 8]\ndef f(c) < conv 1x1 c ; body >\n"
    direct = archdsl.loads(f"{start}def g < f(4) < relu > ; f(5) < relu > >\ng")
    handed = archdsl.loads(f"{start}def g < f(4) < body > ; f(5) < body > >\ng < relu >")
    names = [[row.name for row in arch.cost().rows] for arch in (direct, handed)]
    assert names[0] == names[1] == ["g1.f1.conv1", "g1.f1.relu1", "g1.f2.conv1", "g1.f2.relu1"]


@pytest.mark.parametrize(
    "text",
    [
        doubling_bodies(40, "body ; relu"),
        "arch t\ninput x[3, 8, 8]\ndef d0(c) < if (c % 2 == 0) < relu > else < tanh > >\n"
        + "".join(f"def d{level}(c) < d{level - 1} (2 * c) ; d{level - 1} (2 * c + 1) >\n" for level in range(1, 41))
        + "d40 1",
    ],
)
def test_instances_that_differ_are_refused_early(text: str, contexts: list[Context]) -> None:
    assert [diagnostic.name for diagnostic in compiler.run(Source("mine.arch", text)).report] == ["too-large"]
    assert contexts[-1].steps <= 1.1 * DEFAULTS["instances"]


def test_the_limit_is_far_above_what_networks_need(contexts: list[Context]) -> None:
    for name in zoo_names():
        path = zoo_path(name)
        assert path is not None
        compiler.run(Source(name, path.read_text("utf-8")), path.parent)
    assert 30 * max(ctx.again for ctx in contexts) < DEFAULTS["instances"]
