"""Regions without the inputs that nothing in them reads. Must not lower.

A body takes the current value, but one that starts with a reference leaves it alone: `k: < @z ; linear 64 ; relu >` is a
function of `@z`. As code it is then `self.k(z)`, often a sequence, and not a class whose `forward` has an argument too many.
"""

from __future__ import annotations

from archdsl.ir import Declare, Network, Region, Step, Use
from archdsl.records import replace
from archdsl.syntax import tree


def trimmed(network: Network) -> Network:
    """The network without inputs of regions that nothing reads."""
    return replace(network, root=trimmed_region(network.root))


def trimmed_region(root: Region) -> Region:
    """The region, its own inputs untouched and those of the regions inside trimmed; equal ones stay one object."""
    return _Trimmer().trim(root, is_fixed=True)[0]


def value_arguments(region: Region) -> list[str]:
    """The parameters of a definition that take values; they come between the current value and the captured ones."""
    if not isinstance(region.syntax, tree.Definition):
        return []
    plain = {name for name, _ in region.arguments}
    return [parameter.name.text for parameter in region.syntax.parameters if parameter.name.text not in plain]


class _Trimmer:
    def __init__(self) -> None:
        # Memoized on identity; the entry holds the region, so that its `id` stays its own.
        self._done: dict[tuple[int, bool], tuple[Region, Region, tuple[int, ...]]] = {}

    def trim(self, region: Region, is_fixed: bool) -> tuple[Region, tuple[int, ...]]:
        """The new region, and which inputs are left. One that is fixed, or repeats, keeps its own."""
        key = (id(region), is_fixed)
        if key not in self._done:
            self._done[key] = (region, *self._trimmed(region, is_fixed or region.kind == "repetition"))
        return self._done[key][1:]

    def _trimmed(self, region: Region, is_fixed: bool) -> tuple[Region, tuple[int, ...]]:
        # A run's results are the next one's inputs, so runs are fixed; and a shared module is one for all who apply it.
        steps = tuple(self._step(step, region.kind == "repetition") for step in region.steps)
        kept = range(region.inputs) if is_fixed else self._read(region, steps)
        if len(kept) < region.inputs:
            return self._renumbered(region, steps, kept), tuple(kept)
        if any(new is not old for new, old in zip(steps, region.steps, strict=True)):
            return replace(region, steps=steps), tuple(kept)
        return region, tuple(kept)

    def _step(self, step: Step, is_run: bool) -> Step:
        if not isinstance(step, Use) or step.shared is not None:
            return step
        inner, kept = self.trim(step.region, is_run)
        if inner is step.region:
            return step
        return replace(step, region=inner, inputs=tuple(step.inputs[at] for at in kept))

    @staticmethod
    def _read(region: Region, steps: tuple[Step, ...]) -> list[int]:
        read = {*region.results, *(output.value for output in region.outputs)}
        for step in steps:
            if not isinstance(step, Declare):
                read.update(step.inputs)
        end = region.inputs - region.captures
        named = range(end - len(value_arguments(region)), end)
        return [at for at in range(region.inputs) if at in read or at in named]

    @staticmethod
    def _renumbered(region: Region, steps: tuple[Step, ...], kept: range | list[int]) -> Region:
        stays = [*kept, *range(region.inputs, len(region.shapes))]
        new = {value: at for at, value in enumerate(stays)}

        def moved(values: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(new[value] for value in values)

        def step_moved(step: Step) -> Step:
            if isinstance(step, Declare):
                return step
            if isinstance(step, Use):
                return replace(step, inputs=moved(step.inputs), outputs=moved(step.outputs))
            indices = None if step.indices is None else new[step.indices]
            return replace(step, inputs=moved(step.inputs), output=new[step.output], indices=indices)

        captured = range(region.inputs - region.captures, region.inputs)
        return replace(
            region,
            shapes=tuple(region.shapes[value] for value in stays),
            inputs=len(kept),
            steps=tuple(step_moved(step) for step in steps),
            results=moved(region.results),
            outputs=tuple(output._replace(value=new[output.value]) for output in region.outputs),
            captures=sum(at in captured for at in kept),
        )
