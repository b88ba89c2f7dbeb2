"""Expressions that are nested past Python's own depth: reported where they are, and the rest of the text is checked."""

from __future__ import annotations

import pytest

import archdsl
from archdsl import ArchError


@pytest.mark.parametrize("expression", ["1+" * 30_000 + "1", "in" + ".c" * 30_000, "-" * 30_000 + "1"])
def test_the_place_is_the_step(expression: str) -> None:
    text = f"arch t\ninput x[3, 8, 8]\nstage <\n  conv 1x1 ({expression})\n>\nlet a = nothing\n"
    with pytest.raises(ArchError) as caught:
        archdsl.loads(text)
    found = [
        (one.name, one.primary.span.source.place(one.primary.span.start).line)
        for one in caught.value.diagnostics
        if one.primary
    ]
    assert found == [("too-deep", 4), ("unknown-name", 6)]
