"""The plan of one class: its parameters, what its constructor and its `forward` say. Must not lay out lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archdsl.backends.torch.expressions.columns import Column
from archdsl.backends.torch.expressions.terms import Term
from archdsl.backends.torch.expressions.torch_defaults import NO_DEFAULT, NoDefault
from archdsl.backends.torch.plan.annotations import annotation
from archdsl.backends.torch.plan.grouping import Group
from archdsl.backends.torch.plan.templates import Origin
from archdsl.ir import Region
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple


class Printed(NamedTuple):
    """Statements, each with its depth of indentation, and the expressions of the results."""

    lines: list[tuple[str, int]]
    results: list[str]


class ClassParameter(NamedTuple):
    """One parameter of the constructor; `default` is `NO_DEFAULT` if it has none."""

    name: str
    annotation: str
    default: Setting | NoDefault


class Plan:
    """A class of the generated file.

    Attributes:
        name: the class.
        parameters: of its constructor, those with a default last.
        items: attribute and constructing expression, in the order of the steps.
        is_sequence: it extends `nn.Sequential` and needs no forward.
        forward: the statements of its forward.
        given: the channels of its result as a term of its parameters, if that is known.
    """

    def __init__(self, name: str, group: Group) -> None:
        self.name = name
        self.group = group
        self.parameters: tuple[ClassParameter, ...] = ()
        self.items: list[tuple[str, str]] = []
        self.is_sequence = False
        self.forward = Printed([], [])
        self.inputs: list[str] = []
        self.modules: list[str] = []
        self.given: Term | None = None
        self._values: dict[int, dict[str, Setting]] = {}
        self._origins: dict[int, dict[str, Origin]] = {}

    def default(self, name: str) -> Setting | NoDefault:
        """The default of a parameter; `NO_DEFAULT` if it has none."""
        return next((parameter.default for parameter in self.parameters if parameter.name == name), NO_DEFAULT)

    def defaults(self) -> Iterator[tuple[str, Setting]]:
        """The parameters that have a default, with it."""
        return ((p.name, p.default) for p in self.parameters if not isinstance(p.default, NoDefault))

    def arguments(self, region: Region) -> tuple[tuple[str, Setting], ...]:
        """What an instance of the class gets."""
        values = self._values[id(region)]
        return tuple((parameter.name, values[parameter.name]) for parameter in self.parameters)

    def origins(self, region: Region) -> Mapping[str, Origin]:
        """In which step of the instance, and as which setting, its arguments are written."""
        return self._origins[id(region)]

    def set_parameters(
        self,
        names: Sequence[str],
        environments: Sequence[dict[str, Setting]],
        defaults: Mapping[str, Setting],
        origins: Mapping[str, Column],
    ) -> None:
        """The parameters, what each instance gives for them, and where that is written."""
        found = []
        for name in names:
            kind = annotation([environment[name] for environment in environments])
            found.append(ClassParameter(name, kind, defaults.get(name, NO_DEFAULT)))
        self.parameters = tuple(sorted(found, key=lambda parameter: not isinstance(parameter.default, NoDefault)))
        for region, environment in zip(self.group.members, environments, strict=True):
            self._values[id(region)] = {name: environment[name] for name in names}
        for at, region in enumerate(self.group.members):
            self._origins[id(region)] = {
                name: (column.hole or column.name, column.steps[at]) for name, column in origins.items()
            }
