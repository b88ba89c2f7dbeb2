"""What is kept from run to run changes nothing: a network and a report are the same in the first run and after any others."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from fuzz.corpus import program
from helpers.bad_cases import Case, cases
from helpers.every_form import FORMS, PARTS

from archdsl import compiler
from archdsl.analysis.cost import Cost
from archdsl.backends.dump import document
from archdsl.diagnostics.json import to_json
from archdsl.ir import Use
from archdsl.program import cache
from archdsl.resources import zoo_names, zoo_path
from archdsl.text import Source

METRICS = ("params", "macs", "flops", "memory", "peak", "depth", "receptive_field", "stride", "out")

VALUES: dict[str, list[Any]] = {
    "n": [0, 1, 2, 5],
    "c": [8, 12],
    "deep": [(1, 2, 3), (0, 0, 2), (2, 1, 1)],
    "late": [True, False],
}


def compiled(text: str, folder: Path | None, name: str = "mine.arch", **given: Any) -> tuple[Any, Any, Any]:
    """The report, the network written down, and its metrics."""
    ran = compiler.run(Source(name, text), folder, given, warnings=True)
    cost = Cost(ran.network) if ran.network is not None else None
    metrics = [str(getattr(cost, metric)) for metric in METRICS] if cost is not None else None
    return to_json(ran.report), ran.network and document(ran.network), metrics


def test_every_order_of_settings_gives_the_same(tmp_path: Path) -> None:
    (tmp_path / "parts.arch").write_text(PARTS)
    source = random.Random(0)
    for _ in range(50):
        given = {name: source.choice(values) for name, values in VALUES.items() if source.random() < 0.7}
        warm = compiled(FORMS, tmp_path, **given)
        assert warm[1] is not None, warm[0]
        cache.forget()
        assert compiled(FORMS, tmp_path, **given) == warm, given
        for _ in range(3):  # so that the next one does not start from nothing
            compiled(FORMS, tmp_path, **{name: source.choice(values) for name, values in VALUES.items()})


def test_an_imported_file_that_changed_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "parts.arch").write_text(PARTS)
    before = compiled(FORMS, tmp_path)
    (tmp_path / "parts.arch").write_text(PARTS.replace("size = 3", "size = 1"))
    after = compiled(FORMS, tmp_path)
    assert before[2] != after[2]
    (tmp_path / "parts.arch").write_text(PARTS)
    assert compiled(FORMS, tmp_path) == before


@pytest.mark.parametrize("name", zoo_names())
def test_an_entry_is_the_same_again(name: str) -> None:
    path = zoo_path(name)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    again = [compiled(text, path.parent, str(path)) for _ in range(2)]
    cache.forget()
    assert again == [compiled(text, path.parent, str(path))] * 2


@pytest.mark.parametrize("number", range(150))
def test_a_program_by_chance_is_the_same_again(number: int) -> None:
    text = program(number)
    first, second = compiled(text, None), compiled(text, None)
    assert first == second


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_mistake_is_told_again(case: Case, tmp_path: Path) -> None:
    for file in case.files:
        (tmp_path / file.name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.name).write_bytes(file.data)
    text = case.files[0].data.decode("utf-8", "replace")
    first, second = compiled(text, tmp_path), compiled(text, tmp_path)
    assert first == second


def test_networks_of_one_text_share_their_blocks() -> None:
    """Else none of this is worth its lines."""
    path = zoo_path("resnet50")
    assert path is not None
    text = path.read_text(encoding="utf-8")
    roots = []
    for depths in ((3, 4, 6, 3), (3, 4, 23, 3)):
        network = compiler.run(Source("mine.arch", text), path.parent, {"depths": depths}).network
        assert network is not None
        roots.append(network.root)
    first, second = ([step.region for step in root.steps if isinstance(step, Use)] for root in roots)
    assert [one is other for one, other in zip(first, second, strict=True)] == [True, True, True, False, True, True]
    blocks = [{step.region for step in root[3].steps if isinstance(step, Use)} for root in (first, second)]
    assert blocks[0] == blocks[1]
