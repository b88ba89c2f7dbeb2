"""Frozen records: they cannot be changed, print their fields, and come whole through a copy or a pickle."""

from __future__ import annotations

import copy
import pickle

import pytest

import archdsl
from archdsl.backends.dump import document
from archdsl.records import Record, default, fields, fresh, replace


class Point(Record):
    x: int
    y: int = 2
    notes: list[str] = fresh(list)


def test_a_field_cannot_be_set_or_deleted() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="Point is frozen; `replace` makes another one"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is frozen"):
        del point.x
    assert (point.x, point.y) == (1, 2)


def test_what_is_made_for_each_record_is_made_again() -> None:
    point = Point(1)
    point.notes.append("seen")
    other = replace(point, x=5)
    assert (other.x, other.y, other.notes) == (5, 2, [])
    with pytest.raises(TypeError):
        replace(point, z=1)


def test_fields_and_defaults() -> None:
    assert fields(Point) == ("x", "y", "notes")
    assert (default(Point, "x"), default(Point, "y"), default(Point, "notes")) == (None, 2, [])
    assert repr(Point(1)) == "Point(x=1, y=2)"


def test_a_copy_and_a_pickle_are_whole() -> None:
    point = Point(1, 7)
    point.notes.append("seen")
    for other in (copy.deepcopy(point), pickle.loads(pickle.dumps(point))):
        assert (other.x, other.y, other.notes) == (1, 7, ["seen"])


def test_a_network_may_be_copied() -> None:
    network = archdsl.load("googlenet").network
    other = copy.deepcopy(network)
    assert other.root is not network.root
    assert document(other) == document(network)
