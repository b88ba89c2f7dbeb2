"""What the constructor of a class may refer to: channels of its inputs, the definition's arguments. Must not look at steps."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.torch.expressions.columns import constant
from archdsl.backends.torch.expressions.identifiers import GLOBALS, Names
from archdsl.backends.torch.expressions.solver import Solver
from archdsl.backends.torch.expressions.terms import Literal, Name, Term
from archdsl.backends.torch.expressions.written import ClassNames as Known
from archdsl.backends.torch.expressions.written import default_value
from archdsl.backends.torch.plan.grouping import Group
from archdsl.ir import Region
from archdsl.ops.operator import Setting
from archdsl.shapes import Formula, Shape, channels
from archdsl.syntax import tree


class Setup:
    """What the constructor of a class may refer to, before its steps are looked at.

    Attributes:
        taken: the channels of the inputs.
        stored: attributes that hold settings.
    """

    def __init__(self, group: Group, inputs: Sequence[str], symbols: Sequence[str], is_root: bool) -> None:
        members = group.members
        names = Names({*GLOBALS, *inputs})
        self.environments: list[dict[str, Setting]] = [{} for _ in members]
        self.taken: list[Term | None] = []
        self.defaults: dict[str, Setting] = {}
        self.stored: dict[Term, str] = {}
        order: list[str] = []
        known: dict[str, str] = {}
        is_definition = group.first.kind in ("definition", "arch") and not is_root
        for at, name in enumerate(inputs):
            self._add_channels([region.shapes[at] for region in members], at, name, is_definition, names, order)
        behind = order[1:]
        del order[1:]
        if is_definition or is_root:
            self._add_arguments(members, is_root, names, order, known)
        for symbol in symbols:
            order.append(symbol)
            for environment in self.environments:
                environment[symbol] = Formula.symbol(symbol)
        start = self.taken[0] if self.taken else None
        self.solver = Solver(self.environments, Known(known, group.first.syntax, start), [*order, *behind], names)

    def _add_channels(
        self, shapes: Sequence[Shape], at: int, name: str, is_definition: bool, names: Names, order: list[str]
    ) -> None:
        """A parameter for the channels of an input, if they are not the same everywhere."""
        values = [channels(shape) if shape else None for shape in shapes]
        if any(value is None for value in values):
            self.taken.append(None)
            return
        if len(set(values)) == 1 and not is_definition:
            self.taken.append(Literal(values[0]) if not isinstance(values[0], Formula) else None)
            return
        wanted = ("in_channels" if len(shapes[0]) > 2 else "dim") if at == 0 else f"{name}_channels"
        own = names.take(wanted)
        order.append(own)
        for environment, value in zip(self.environments, values, strict=True):
            environment[own] = value
        self.taken.append(Name(own))

    def _add_arguments(
        self, members: Sequence[Region], is_root: bool, names: Names, order: list[str], known: dict[str, str]
    ) -> None:
        """The definition's arguments, as far as they are numbers and the like; a root's if there are several of it."""
        if is_root and len(members) == 1:
            return
        given = [dict(region.arguments) for region in members]
        for name in given[0]:
            values = [plain(arguments.get(name)) for arguments in given]
            if any(value is None for value in values) or (is_root and all(value == values[0] for value in values)):
                continue
            own = names.take(name)
            known[name] = own
            order.append(own)
            for environment, value in zip(self.environments, values, strict=True):
                assert value is not None
                environment[own] = value[0]
            if is_root:
                self.defaults[own] = self.environments[0][own]
        self._add_defaults(members[0], known)

    def _add_defaults(self, region: Region, known: dict[str, str]) -> None:
        if not isinstance(region.syntax, tree.Definition):
            return
        for parameter in region.syntax.parameters:
            default = default_value(parameter.default)
            if default is not None and parameter.name.text in known:
                self.defaults[known[parameter.name.text]] = default[0]


def plain(value: object) -> tuple[Setting] | None:
    """An argument as a plain value of Python in a 1-tuple; None for definitions and the like."""
    try:
        return (constant(value),)
    except (TypeError, ValueError):
        return None
