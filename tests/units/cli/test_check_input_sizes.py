"""`check --input-sizes`: what it prints, as text and as JSON; `laws/test_input_sizes.py` tries whether it is true."""

from __future__ import annotations

import json

import pytest
from helpers.shell import Shell

_FREE = "arch free\ninput x[C, H, W]\nconv 3x3 8\n"
_ALONG_32_TO_35 = (
    "height 32 to 35 with the rest unchanged; width 32 to 35 with the rest unchanged; height and width equal: 32 to 35"
)
_ALONG_29_TO_32 = (
    "height 29 to 32 with the rest unchanged; width 29 to 32 with the rest unchanged; height and width equal: 29 to 32"
)
_AUXILIARY = """\
arch net
input x[3, 32, 32]
conv 3x3 8
aux head < conv 8x8 4 pad=valid stride=4 ; flatten ; linear 2 >
gap
linear 2
"""
_STRETCHED = "arch net\ninput x[4, 32, 32]\ntokens\nattention heads=2\ngrid\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("arch net\ninput x[12]\nlinear 3\n", ["net.arch: no input whose size is known"]),
        (
            "arch net\ninput x[3, 32, 32]\nconv 5x5 8 pad=valid stride=4\nflatten\nlinear 3\n",
            [
                "net.arch:",
                f"  weights_fit: {_ALONG_29_TO_32}",
                "  network_exists: height and width from 5 up",
            ],
        ),
        (
            _STRETCHED,
            [
                "net.arch:",
                "  weights_fit: height and width equal: from 1 up",
                "  network_exists: height and width equal: from 1 up",
            ],
        ),
        # Free channels are weights of some number; free heights are no weights of any number.
        (_FREE, ["net.arch:", "  weights_fit: height and width from 1 up", "  network_exists: height and width from 1 up"]),
        (
            f"{_FREE}flatten\nlinear 3\n",
            [
                "net.arch:",
                "  weights_fit: no weights, since the declared input settles none",
                "  network_exists: height and width from 1 up",
            ],
        ),
    ],
)
def test_a_line_for_each_set(shell: Shell, text: str, lines: list[str]) -> None:
    shell.write("net.arch", text)
    assert shell("check", "net.arch", "--input-sizes").out.splitlines()[1:] == lines


def test_training_has_its_own_sizes_where_auxiliary_heads_need_more(shell: Shell) -> None:
    shell.write("net.arch", _AUXILIARY)
    assert shell("check", "net.arch", "--input-sizes").out.splitlines()[1:] == [
        "net.arch:",
        "  weights_fit: height and width from 1 up",
        "  network_exists: height and width from 1 up",
        "  in training, with the auxiliary heads:",
        f"    weights_fit: {_ALONG_32_TO_35}",
        "    network_exists: height and width from 8 up",
    ]


def test_a_given_input_settles_what_the_declared_one_leaves_free(shell: Shell) -> None:
    shell.write("net.arch", f"{_FREE}flatten\nlinear 3\n")
    assert "  weights_fit: height 16 with the rest unchanged; width 16 with the rest unchanged; height and width equal: 16" in (
        shell("check", "net.arch", "--input-sizes", "--input", "x=3x16x16").out
    )


def test_json_has_the_sets_as_numbers(shell: Shell) -> None:
    shell.write("net.arch", "arch net\ninput x[3, 32, 32]\nconv 5x5 8 pad=valid stride=4\nflatten\nlinear 3\n")
    shell.write("vector.arch", "arch vector\ninput x[12]\nlinear 3\n")
    found = json.loads(shell("check", "net.arch", "vector.arch", "--input-sizes", "--format", "json").out)["input_sizes"]
    height, width = {"input": "x", "axis": 1}, {"input": "x", "axis": 2}
    up = {"listed": [], "from": 5, "period": 1, "remainders": [0]}
    fit = {"listed": [29, 30, 31, 32], "from": 33, "period": 1, "remainders": []}
    modes = found[0]["weights_fit"], found[0]["network_exists"]
    assert [mode["inference"] == mode["training"] for mode in modes] == [True, True]
    assert [mode["inference"]["text"] for mode in modes] == [_ALONG_29_TO_32, "height and width from 5 up"]
    assert [mode["inference"]["independent"] for mode in modes] == [False, True]
    assert modes[0]["inference"]["axes"] == [{"axes": axes, "sizes": fit} for axes in ([height], [width], [height, width])]
    assert modes[1]["inference"]["axes"] == [{"axes": [height, width], "sizes": up}]
    assert found[1] == {"file": "vector.arch", "weights_fit": None, "network_exists": None}


def test_json_has_null_for_weights_and_sizes_that_are_not_there(shell: Shell) -> None:
    shell.write("net.arch", f"{_FREE}flatten\nlinear 3\n")
    (found,) = json.loads(shell("check", "net.arch", "--input-sizes", "--format", "json").out)["input_sizes"]
    assert found["weights_fit"] == {"inference": None, "training": None}
