"""What forwards call their inputs. Must not know what is done with them."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.torch.expressions.identifiers import Names
from archdsl.backends.torch.plan.unused_inputs import value_arguments
from archdsl.ir import Declare, Node, Region, Use


class Hints:
    """Names for what comes into a region's forward: labels of the surroundings, if there is one."""

    def __init__(self) -> None:
        # By region and position: every label under which a value comes in there, in the order of the text.
        self._labels: dict[int, dict[int, dict[str, None]]] = {}
        self._root: Region | None = None
        self._root_names: tuple[str, ...] = ()

    def set_root(self, root: Region, names: Sequence[str]) -> None:
        """Note the root region and the names of its inputs."""
        self._root = root
        self._root_names = tuple(names)

    def look(self, region: Region, steps: Sequence[Node | Use | Declare]) -> None:
        """Note the names of the values that nested regions take in addition to the first."""
        labels = {value: step.label for step in steps if not isinstance(step, Declare) and step.label for value in step.outputs}
        labels |= {at: next(iter(names)) for at, names in self._labels.get(id(region), {}).items() if at < region.inputs}
        for step in steps:
            if not isinstance(step, Use):
                continue
            known = self._labels.setdefault(id(step.region), {})
            for at, value in enumerate(step.inputs):
                if at and value in labels:
                    known.setdefault(at, {})[labels[value]] = None

    def inputs(self, members: Sequence[Region]) -> list[str]:
        """A name for each input of the regions of one class, all different: the label that they all have, or its role there."""
        region = members[0]
        names = Names()
        if region is self._root and region.inputs > 1:
            return [names.take(name) for name in self._root_names]
        labels = {**{at: self._label(members, at) for at in range(1, region.inputs)}, **_value_arguments(region)}
        return [names.take(labels.get(at, "x")) for at in range(region.inputs)]

    def _label(self, members: Sequence[Region], at: int) -> str:
        """The label of what comes in; of several labels none tells it, but the parameter to which it is passed may."""
        labels: dict[str, None] = {}
        for member in members:
            labels |= self._labels.get(id(member), {}).get(at, {})
        passed = _passed_to(members[0], at) if len(labels) > 1 else set()
        return passed.pop() if len(passed) == 1 else next(iter(labels), "x")

    def modules(self, region: Region, inputs: Sequence[str]) -> list[str]:
        """A name for each shared module that the region takes from outside, different from those of the inputs."""
        names = Names(inputs)
        return [names.take(module.name) for module in region.modules]


def _value_arguments(region: Region) -> dict[int, str]:
    """What a definition calls the values that it takes as arguments."""
    names = value_arguments(region)
    end = region.inputs - region.captures
    return dict(enumerate(names, end - len(names)))


def _passed_to(region: Region, value: int) -> set[str]:
    """The parameters of definitions to which steps of a region, and of the groups in it, pass a value."""
    found: set[str] = set()
    for step in region.steps:
        if not isinstance(step, Use):
            continue
        names = _value_arguments(step.region)
        for at, number in enumerate(step.inputs):
            if number == value:
                found |= {names[at]} if at in names else _passed_to(step.region, at)
    return found
