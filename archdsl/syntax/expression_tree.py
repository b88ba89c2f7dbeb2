"""The expressions of the syntax tree, with the offsets of their first and last character. Must not evaluate anything.

`archdsl.syntax.tree` has them too, as part of the whole tree.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Union

from archdsl.syntax.form import Form

if TYPE_CHECKING:
    from archdsl.shapes.dimension import Relation


class Ident(Form):
    """A name, with its place."""

    text: str
    start: int
    end: int


class Number(Form):
    """An exact number; `digits` are the significant digits as written, for `~=`."""

    value: int | Fraction
    start: int
    end: int


class SizeLiteral(Form):
    """`3x3`, `1x3x3`: a number for each spatial axis."""

    numbers: tuple[int, ...]
    start: int
    end: int


class String(Form):
    """`"text"`, its quotes and backslashes resolved."""

    value: str
    start: int
    end: int


class Constant(Form):
    """`true`, `false`, `none`."""

    value: bool | None
    start: int
    end: int


class Variable(Form):
    """`name`."""

    name: str
    start: int
    end: int


class Current(Form):
    """`in`."""

    start: int
    end: int


class Reference(Form):
    """`@label`."""

    label: str
    start: int
    end: int


class ListOf(Form):
    """`[a, b]`."""

    items: tuple[Expression, ...]
    start: int
    end: int


class Comprehension(Form):
    """`[element for targets in source if condition]`."""

    element: Expression
    targets: tuple[Ident, ...]
    source: Expression
    condition: Expression | None
    start: int
    end: int


class Unary(Form):
    """`-a` or `not a`."""

    operator: str
    operand: Expression
    start: int
    end: int


class Binary(Form):
    """`left operator right`, also `and` and `or`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


class Logic(Form):
    """`a and b`, `a or b`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


class Compare(Form):
    """`a < b`, or a chain `a < b <= c` as first operand and (relation, operand) pairs."""

    first: Expression
    rest: tuple[tuple[Relation, Expression], ...]
    start: int
    end: int


class Conditional(Form):
    """`value if condition else otherwise`."""

    value: Expression
    condition: Expression
    otherwise: Expression
    start: int
    end: int


class Index(Form):
    """`value[position]`."""

    value: Expression
    position: Expression
    start: int
    end: int


class Slice(Form):
    """`list[1:]`, `list[:2]`; an end that is not written is None."""

    value: Expression
    first: Expression | None
    last: Expression | None
    start: int
    end: int


class Attribute(Form):
    """`value.name`."""

    value: Expression
    name: Ident
    start: int
    end: int


class Function(Form):
    """`min(a, b)` inside an expression."""

    name: Ident
    arguments: tuple[WrittenArgument, ...]
    start: int
    end: int


Expression = Union[
    Number,
    SizeLiteral,
    String,
    Constant,
    Variable,
    Current,
    Reference,
    Slice,
    ListOf,
    Comprehension,
    Unary,
    Binary,
    Logic,
    Compare,
    Conditional,
    Index,
    Attribute,
    Function,
]


class WrittenArgument(Form):
    """`value` or `name=value` in a call."""

    name: Ident | None
    value: Expression
    start: int
    end: int
