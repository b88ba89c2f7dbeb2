"""What `print(arch.cost())` shows."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.cli.main import main


@pytest.mark.parametrize("name", ["resnet18", "vit_b_16"])
def test_printed_costs_are_the_table_of_the_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    cost = archdsl.load(name).cost(batch=2)
    assert main(["cost", name, "--batch", "2", "-q"]) == 0
    wide = capsys.readouterr().out.split()
    printed = str(cost)
    assert not printed.endswith("\n")
    assert printed.split()[:10] == wide[:10]
    assert f"{cost.params:,}" in printed
    assert repr(cost).startswith(f"<costs of {name}: ")


def test_costs_with_free_dimensions_are_printed() -> None:
    free = archdsl.loads("arch a(width=8)\ninput x[3, 8, 8]\nconv 3x3 width\n", free=["width"])
    assert "width" in str(free.cost())
