"""The syntax tree: one NamedTuple a form, each with the offsets of its first and last character. Must not evaluate anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Union

from archdsl.syntax.expression_tree import Attribute as Attribute
from archdsl.syntax.expression_tree import Binary as Binary
from archdsl.syntax.expression_tree import Compare as Compare
from archdsl.syntax.expression_tree import Comprehension as Comprehension
from archdsl.syntax.expression_tree import Conditional as Conditional
from archdsl.syntax.expression_tree import Constant as Constant
from archdsl.syntax.expression_tree import Current as Current
from archdsl.syntax.expression_tree import Expression as Expression
from archdsl.syntax.expression_tree import Function as Function
from archdsl.syntax.expression_tree import Ident as Ident
from archdsl.syntax.expression_tree import Index as Index
from archdsl.syntax.expression_tree import ListOf as ListOf
from archdsl.syntax.expression_tree import Logic as Logic
from archdsl.syntax.expression_tree import Number as Number
from archdsl.syntax.expression_tree import Reference as Reference
from archdsl.syntax.expression_tree import SizeLiteral as SizeLiteral
from archdsl.syntax.expression_tree import Slice as Slice
from archdsl.syntax.expression_tree import String as String
from archdsl.syntax.expression_tree import Unary as Unary
from archdsl.syntax.expression_tree import Variable as Variable
from archdsl.syntax.expression_tree import WrittenArgument as WrittenArgument
from archdsl.syntax.form import Form

Role = Literal["stem", "stage", "block", "branch", "neck", "head"]


if TYPE_CHECKING:
    from typing import Protocol

    from archdsl.shapes.dimension import Relation

    class Placed(Protocol):
        """Whatever has a place in the text: the offsets of its first and last character."""

        @property
        def start(self) -> int:
            """Before its first character."""

        @property
        def end(self) -> int:
            """After its last character."""


class RoleName(Form):
    """A role, with its place."""

    text: Role
    start: int
    end: int


class Parameter(Form):
    """`name` or `name=default` of a definition or arch."""

    name: Ident
    default: Expression | None
    start: int
    end: int


# Units: what a step does


class Over(Form):
    """The `for a, b in LIST` of a join."""

    targets: tuple[Ident, ...]
    source: Expression
    start: int
    end: int


class Branch(Form):
    """The statements between `<`, `|` and `>`."""

    statements: tuple[Statement, ...]
    start: int
    end: int


class Body(Form):
    """`< a | b >`: one branch unless it belongs to a join."""

    branches: tuple[Branch, ...]
    start: int
    end: int


class Call(Form):
    """`name args`, `name(args)`, with the loop and the body of a join, or the body that is passed to a definition."""

    name: Ident
    arguments: tuple[WrittenArgument, ...]
    touching: bool
    over: Over | None
    body: Body | None
    start: int
    end: int


Used = Union[Reference, Attribute, Index, Slice, ListOf]
"""Values that are there already, as a step: `@label`, `@part.label`, `@list[1:]`, `[@p3, @p4]`."""
USED = (Reference, Attribute, Index, Slice, ListOf)
Unit = Union[Call, Body, Used]


def is_used(expression: object) -> bool:
    """Whether an expression can only be a value that is there already: a label, or what is reached from one."""
    while isinstance(expression, (Attribute, Index, Slice)):
        expression = expression.value
    if isinstance(expression, ListOf):
        return bool(expression.items) and all(map(is_used, expression.items))
    return isinstance(expression, Reference)


# Statements


class Step(Form):
    """`label: role repeat unit`; all but the unit may be absent."""

    label: Ident | None
    role: RoleName | None
    repeat: Expression | None
    unit: Unit
    start: int
    end: int


class Let(Form):
    """`let name = value`."""

    name: Ident
    value: Expression
    start: int
    end: int


class SideValue(Form):
    """`let k = < linear d >`: a value made of the current one, which stays; it is read as `@k`."""

    name: Ident
    body: Body
    start: int
    end: int


class Default(Form):
    """`default operator settings`."""

    operator: Ident
    settings: tuple[WrittenArgument, ...]
    start: int
    end: int


class Definition(Form):
    """`def name(parameters) < body >`."""

    name: Ident
    parameters: tuple[Parameter, ...]
    body: Body
    start: int
    end: int


class For(Form):
    """`for targets in source < body >`."""

    targets: tuple[Ident, ...]
    source: Expression
    body: Body
    start: int
    end: int


class If(Form):
    """`if (condition) < body > elif … else < otherwise >`; an arm for each condition."""

    arms: tuple[tuple[Expression, Body], ...]
    otherwise: Body | None
    start: int
    end: int


class SharedLine(Form):
    """`shared name < body >`."""

    name: Ident
    body: Body
    start: int
    end: int


class OutputOf(Form):
    """`output name`."""

    name: Ident
    start: int
    end: int


class Aux(Form):
    """`aux name < body >`."""

    name: Ident
    body: Body
    start: int
    end: int


class Meta(Form):
    """`meta settings`."""

    settings: tuple[WrittenArgument, ...]
    start: int
    end: int


class Downsample(Form):
    """`downsample settings`."""

    settings: tuple[WrittenArgument, ...]
    start: int
    end: int


class Expect(Form):
    """`expect path(operator) relation value`; `path` as written parts."""

    path: tuple[str, ...]
    operator: Ident | None
    relation: Relation | Literal["~="]
    value: Expression
    metric_end: int
    start: int
    end: int


class Input(Form):
    """`input name[dims]`, or `input name[dims] of n`: whole numbers below n."""

    name: Ident
    dims: tuple[Expression, ...]
    below: Expression | None
    start: int
    end: int


class ArchLine(Form):
    """`arch NAME(parameters)`."""

    name: Ident
    parameters: tuple[Parameter, ...]
    start: int
    end: int


class DerivedArch(Form):
    """`arch NAME = BASE(arguments)`."""

    name: Ident
    base: Ident
    arguments: tuple[WrittenArgument, ...]
    start: int
    end: int


class Import(Form):
    """`from path import names`."""

    path: String
    names: tuple[Ident, ...]
    start: int
    end: int


class Broken(Form):
    """A statement with a syntax mistake, already reported, and the word of the language that it starts with, if any."""

    word: str | None
    start: int
    end: int


Statement = Union[
    Step,
    Let,
    SideValue,
    Default,
    Definition,
    For,
    If,
    SharedLine,
    OutputOf,
    Aux,
    Meta,
    Downsample,
    Expect,
    Input,
    ArchLine,
    DerivedArch,
    Import,
    Broken,
]


class File(Form):
    """A whole text; `is_broken`: parts of it could not be read."""

    statements: tuple[Statement, ...]
    is_broken: bool = False


Part = tuple[object, ...]
"""A part of the tree, whatever its form, or several of them: where a walk comes by."""


def parts(part: Part) -> list[Part]:
    """The parts directly in a part, in the order of the text; those of a name are none."""
    return [] if isinstance(part, Ident) else [inner for inner in part if isinstance(inner, tuple)]


def fields(part: Part) -> tuple[str, ...]:
    """The names of a form's parts, in order; none for several forms."""
    names: tuple[str, ...] = getattr(part, "_fields", ())
    return names


def walk(part: Part) -> Iterator[Part]:
    """The part and every part below it, in no order."""
    stack = [part]
    while stack:
        part = stack.pop()
        yield part
        # As `parts` does, without its call: every load walks its text.
        if type(part) is not Ident:
            stack += [inner for inner in part if isinstance(inner, tuple)]
