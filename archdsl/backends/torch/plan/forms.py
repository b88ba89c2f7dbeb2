"""What becomes of a region in PyTorch: nothing, a sequence, a list to loop over, or a class. Must not print."""

from __future__ import annotations

from enum import Enum
from typing import TypeGuard

from archdsl.ir import Declare, Node, Region, Step, Use
from archdsl.ops.operator import TorchCall, TorchLowering, TorchModule
from archdsl.records import replace

ALIAS = "{0}"
"""The template of an operator that passes its input on."""


class Form(Enum):
    """What a region becomes in PyTorch."""

    IDENTITY = "nn.Identity"
    CHAIN = "modules one after the other"
    RUNS = "the runs of a repetition, one after the other"
    LOOP = "the runs of a repetition that take more than the current value"
    AGAIN = "a shared module, several times in a row"
    CLASS = "a class with a forward of its own"


def is_module(lowering: TorchLowering) -> TypeGuard[TorchModule]:
    """Whether it is a module, not a call."""
    return isinstance(lowering, TorchModule)


def is_plain(region: Region) -> bool:
    """It takes one tensor, gives one, and has no other tie to its surroundings."""
    return region.inputs == 1 and len(region.results) == 1 and not region.modules and not region.outputs


def _is_again(region: Region) -> bool:
    """One shared module that the runs of a repetition apply, and nothing else."""
    if region.kind != "repetition" or len(region.steps) != 1:
        return False
    step = region.steps[0]
    return isinstance(step, Use) and step.shared is not None and not step.region.outputs


class Forms:
    """The form and the lowered steps of each region, computed once.

    Everything here is memoized on identity: equal regions are one object. The entry holds the region, so that its
    `id` stays its own.
    """

    def __init__(self) -> None:
        self._forms: dict[int, tuple[Region, Form]] = {}
        self._lowered: dict[int, TorchLowering] = {}
        self._steps: dict[int, tuple[Step, ...]] = {}

    def lowering(self, node: Node) -> TorchLowering:
        """What the node becomes in PyTorch; computed once."""
        found = self._lowered.get(id(node))
        if found is None:
            found = self._lowered[id(node)] = node.operator.torch(node.site)
        return found

    def steps(self, region: Region) -> tuple[Step, ...]:
        """The region's steps; in a repetition what has no module of its own gets a region (so a class) around it."""
        if region.kind != "repetition" or _is_again(region):
            return region.steps
        found = self._steps.get(id(region))
        if found is None:
            found = self._steps[id(region)] = tuple(self._as_run(step) for step in region.steps)
        return found

    def form(self, region: Region) -> Form:
        """What the region becomes in PyTorch; computed once."""
        found = self._forms.get(id(region))
        if found is None:
            found = self._forms[id(region)] = (region, self._form(region))
        return found[1]

    def _form(self, region: Region) -> Form:
        if region.is_identity and is_plain(region):
            return Form.IDENTITY
        if _is_again(region):
            return Form.AGAIN
        is_chain = self._is_chain(region)
        if region.kind == "repetition":
            return Form.RUNS if is_chain else Form.LOOP
        return Form.CHAIN if is_chain else Form.CLASS

    def _is_chain(self, region: Region) -> bool:
        """Each step takes the current value as it is, and leaves the next one; nothing else happens."""
        if not is_plain(region):
            return False
        current: tuple[int, ...] = (0,)
        for step in self.steps(region):
            if isinstance(step, Declare) or step.inputs != current or step.frozen:
                return False
            if isinstance(step, Use):
                if step.shared is not None or step.aux or not is_plain(step.region):
                    return False
                if self.form(step.region) in (Form.LOOP, Form.AGAIN):
                    return False
            elif step.indices is not None or not (is_module(self.lowering(step)) or self.is_alias(step)):
                return False
            current = step.outputs
        return region.results == current

    def is_alias(self, node: Node) -> bool:
        """Whether the node passes its input on unchanged."""
        lowering = self.lowering(node)
        return isinstance(lowering, TorchCall) and lowering.template == ALIAS

    def _as_run(self, step: Step) -> Step:
        """What has no module of its own gets a region around it, which has one."""
        if isinstance(step, Declare) or (isinstance(step, Node) and is_module(self.lowering(step))):
            return step
        if isinstance(step, Use) and step.shared is None and not _is_again(step.region):
            return step
        count = len(step.inputs)
        inputs, outputs = tuple(range(count)), tuple(range(count, count + len(step.outputs)))
        inside: Node | Use
        if isinstance(step, Use):
            name = step.shared.name if step.shared is not None else step.region.name
            modules = tuple(dict.fromkeys([*([step.shared] if step.shared is not None else []), *step.region.modules]))
            shapes = [*step.region.input_shapes, *step.region.result_shapes]
            inside = replace(step, name=name, inputs=inputs, outputs=outputs, count=1, label=None, role=None)
        else:
            name, modules, shapes = step.operator.name, (), [*step.site.xs, step.site.y]
            inside = Node(step.operator, step.site, f"{name}1", inputs, outputs[0], step.span, step.call)
        captures = count - len(outputs)
        region = Region(
            "group", name, tuple(shapes), count, (inside,), outputs, step.span, None, captures=captures, modules=modules
        )
        return Use(
            region, step.name, step.inputs, step.outputs, step.span, None, count=step.count, label=step.label, role=step.role
        )
