"""`depth`: layers on the longest path, which starts where numbers come from."""

from __future__ import annotations

import pytest

import archdsl


@pytest.mark.parametrize(
    ("steps", "depth"),
    [
        ("linear 4 ; linear 4", 2),
        ("linear 4 ; learned 3 8", 0),  # nothing of the linear layer is in the result
        ("linear 4 ; learned 3 8 ; linear 5", 1),
        ("a: linear 4 ; linear 8 ; add < identity | @a ; linear 8 >", 2),
    ],
)
def test_what_gives_only_its_size_is_not_on_a_path(steps: str, depth: int) -> None:
    assert archdsl.loads(f"arch t\ninput x[8]\n{steps}\n").cost().depth == depth


def test_the_size_of_a_map_brings_no_layers() -> None:
    text = "arch t\ninput x[3, 16, 16]\na: conv 3x3 8 ; conv 3x3 8\n@x ; {} ; conv 3x3 2\n"
    for steps in ("upsample like=@a", "crop like=@a"):
        assert archdsl.loads(text.format(steps)).cost().depth == 1
    assert archdsl.loads(text.format("crop size=8")).cost().depth == 1
