"""The types that `Attributes` declares for type checkers are those of the settings themselves, in every operator's samples."""

from __future__ import annotations

import ast
from fractions import Fraction
from types import UnionType
from typing import Union, get_args, get_origin

import pytest
from helpers.folders import PACKAGE
from samples import SAMPLES, Sample

from archdsl.ops import attributes
from archdsl.ops.binding import complete
from archdsl.ops.operator import Numbers, Sides
from archdsl.ops.registry import OPERATORS
from archdsl.shapes import Dim, Formula

FILE = PACKAGE / "ops" / "attributes.py"
OTHER_TYPES = {
    ("deform_conv", "mask"),
    ("lrn", "k"),
    ("roll", "axis"),
    ("learned", "d"),
    ("gain", "shift"),
    ("relpos", "keys"),
    ("lrn", "size"),
    ("slice", "from"),
}
"""Settings that are read as `a["k"]`: another operator's has the name, or Python does not allow it."""


def declared() -> dict[str, object]:
    """The types by name, as the class has them under `TYPE_CHECKING`."""
    classes = [node for node in ast.parse(FILE.read_text("utf-8")).body if isinstance(node, ast.ClassDef)]
    (settings,) = (node for node in classes if node.name == "Attributes")
    lines = [line for block in settings.body if isinstance(block, ast.If) for line in block.body]
    names = {**vars(attributes), "Fraction": Fraction}
    return {
        ast.unparse(line.target): eval(ast.unparse(line.annotation), names) for line in lines if isinstance(line, ast.AnnAssign)
    }


DECLARED = declared()


def is_a(value: object, kind: object) -> bool:
    """Whether a value is of a type; an integer is a float, but a truth value is no number."""
    if get_origin(kind) in (Union, UnionType):
        return any(is_a(value, one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        if kinds[1:] == (...,):
            return isinstance(value, tuple) and all(is_a(one, kinds[0]) for one in value)
        return isinstance(value, tuple) and len(value) == len(kinds) and all(map(is_a, value, kinds))
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    assert isinstance(kind, type)
    return isinstance(value, kind)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_setting_is_of_its_declared_type(sample: Sample) -> None:
    settings = complete(OPERATORS[sample.operator], sample.written, sample.inputs)
    for name, value in settings.items():
        if (sample.operator, name) not in OTHER_TYPES:
            assert is_a(value, DECLARED[name]), f"`{name}` of `{sample.operator}` is {value!r}; {FILE} declares its type"


def test_every_declared_setting_is_an_argument() -> None:
    known = {argument.name for entry in OPERATORS.values() for argument in entry.arguments}
    assert set(DECLARED) == known - {"from", "keys"}  # the names of a keyword and of a method of `dict`


def test_other_types_are_told_apart() -> None:
    h = Formula.symbol("H")
    assert is_a((3, h), Numbers)
    assert is_a((3, 3, 3), Numbers)
    assert not is_a((3, "x"), Numbers)
    assert is_a("tf", str | Sides)
    assert not is_a(2, str | Sides)
    assert is_a(3, float)
    assert not is_a(True, Dim)
    assert not is_a(None, Dim)
