"""A constant of a class in all of its instances. Must not know how modules are built of it."""

from __future__ import annotations

from fractions import Fraction

from archdsl.backends.torch.expressions.terms import same
from archdsl.ir import Node, Use
from archdsl.ops.arguments import Size
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple
from archdsl.shapes import Formula


class Missing:
    """No value: the instance has no such part."""


MISSING = Missing()


DEPTH = "depth"
"""The name of a column that counts runs."""


class Column(NamedTuple):
    """A constant in all instances.

    Attributes:
        name: what the callee calls it.
        values: one an instance.
        steps: the step of each instance that it belongs to.
        is_channels: it is the channels of what comes in.
        hole: what the steps call it, if these are steps of a group inside.
    """

    name: str
    values: tuple[Setting | Missing, ...]
    steps: tuple[Node | Use | None, ...]
    is_channels: bool = False
    hole: str = ""

    @property
    def known(self) -> list[Setting]:
        """The values of the instances that have one."""
        return [value for value in self.values if not isinstance(value, Missing)]

    @property
    def is_constant(self) -> bool:
        """Whether all instances that have a value have the same one."""
        known = self.known
        return all(same(value, known[0]) for value in known)


def constant(value: object) -> Setting:
    """A setting as a plain value of Python: square sizes are one number, fractions the nearest float."""
    if isinstance(value, Size):
        return value[0] if len(set(value)) == 1 else tuple(value)
    if isinstance(value, tuple):
        return tuple(constant(item) for item in value)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or value is None or isinstance(value, (float, Formula)):
        return value
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"{value!r} is not a plain value")
