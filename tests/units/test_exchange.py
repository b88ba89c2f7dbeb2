"""What leaves the process or enters it: errors and warnings that are pickled, Python's own numbers as values."""

from __future__ import annotations

import pickle
from collections import namedtuple
from fractions import Fraction
from typing import Any

import pytest

import archdsl
from archdsl.diagnostics.error import ArchWarning
from archdsl.ops.arguments import Size
from archdsl.sources import language_values
from archdsl.text import Source

_AUXILIARY = "arch net\ninput x[3, 8, 8]\naux head < conv 8x8 4 pad=valid ; gap ; linear 2 >\ngap ; linear 2\n"
Pair = namedtuple("Pair", "a b")


class Whole:
    """A whole number of another library, such as NumPy's."""

    def __index__(self) -> int:
        return 7


def test_an_error_is_the_same_in_another_process() -> None:
    with pytest.raises(archdsl.ArchError) as caught:
        archdsl.loads("arch net\ninput x[3, 8, 8]\nconvv 3x3 8\n")
    copied = pickle.loads(pickle.dumps(caught.value))
    assert type(copied) is archdsl.ArchError
    assert [one.message for one in copied.diagnostics] == [one.message for one in caught.value.diagnostics]
    assert str(copied) == str(caught.value)


def test_a_warning_is_the_same_in_another_process() -> None:
    with pytest.warns(ArchWarning) as caught:
        archdsl.loads(_AUXILIARY, inputs={"x": (3, 4, 4)})
    warning = caught.pop(ArchWarning).message
    assert isinstance(warning, ArchWarning)
    copied = pickle.loads(pickle.dumps(warning))
    assert type(copied) is ArchWarning
    assert copied.diagnostic.message == warning.diagnostic.message
    assert str(copied) == str(warning) == "; ".join([warning.diagnostic.message, *warning.diagnostic.notes])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 3), Fraction(1, 3)),
        (Whole(), 7),
        (Pair(0.5, 2), (Fraction(1, 2), 2)),
        (Size((3, 5)), Size((3, 5))),
        ([Whole(), [2.0]], (7, (2,))),
    ],
)
def test_values_of_other_kinds(value: Any, expected: Any) -> None:
    found = language_values({"x": value})["x"]
    assert found == expected
    assert type(found) is type(expected)


def test_a_source_is_short_where_programmers_see_it() -> None:
    assert repr(Source("net.arch", "arch net\n" * 100)) == "Source('net.arch')"


def test_a_notebook_shows_the_picture() -> None:
    picture = archdsl.loads("arch net\ninput x[3, 8, 8]\nconv 3x3 8\n")._repr_svg_()
    assert picture.lstrip().startswith("<svg")
    assert picture.count("<g ") > 2


def test_a_network_without_its_text_says_what_it_was_made_from() -> None:
    network = archdsl.loads("arch net\ninput x[3, 8, 8]\nconv 3x3 8\n", "net.arch").network
    assert archdsl.Arch(network).origin.files == ("net.arch",)
