"""What forwards call their inputs. Must not know what is done with them."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.torch.expressions.identifiers import Names
from archdsl.backends.torch.plan.unused_inputs import value_arguments
from archdsl.ir import Declare, Node, Region, Use


class Hints:
    """Names for what comes into a region's forward: labels of the surroundings, if there is one."""

    def __init__(self) -> None:
        self._labels: dict[int, dict[int, str]] = {}
        self._root: Region | None = None
        self._root_names: tuple[str, ...] = ()

    def set_root(self, root: Region, names: Sequence[str]) -> None:
        """Note the root region and the names of its inputs."""
        self._root = root
        self._root_names = tuple(names)

    def look(self, region: Region, steps: Sequence[Node | Use | Declare]) -> None:
        """Note the names of the values that nested regions take in addition to the first."""
        labels = {value: step.label for step in steps if not isinstance(step, Declare) and step.label for value in step.outputs}
        labels |= {at: name for at, name in self._labels.get(id(region), {}).items() if at < region.inputs}
        for step in steps:
            if isinstance(step, Use):
                found = {at: labels[value] for at, value in enumerate(step.inputs) if at and value in labels}
                self._labels.setdefault(id(step.region), found)

    def inputs(self, region: Region) -> list[str]:
        """A name for each input of the region, all different."""
        names = Names()
        if region is self._root and region.inputs > 1:
            return [names.take(name) for name in self._root_names]
        labels = {**self._labels.get(id(region), {}), **_value_arguments(region)}
        return [names.take(labels.get(at, "x")) for at in range(region.inputs)]

    def modules(self, region: Region, inputs: Sequence[str]) -> list[str]:
        """A name for each shared module that the region takes from outside, different from those of the inputs."""
        names = Names(inputs)
        return [names.take(module.name) for module in region.modules]


def _value_arguments(region: Region) -> dict[int, str]:
    """What a definition calls the values that it takes as arguments."""
    names = value_arguments(region)
    end = region.inputs - region.captures
    return dict(enumerate(names, end - len(names)))
