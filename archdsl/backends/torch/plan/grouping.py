"""Which regions are instances of one class: those with equal steps, wiring and names, but any numbers. Must not print.

The definition `bottleneck` of a ResNet has a dozen instances; they differ in constants (`Conv2d(64, …)`) and in whether the
shortcut does anything. Two regions are alike if they are instances of one definition (or groups of one name), their steps
agree one by one, and nested regions are alike in turn. A region that does nothing is like every other in its place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from archdsl.backends.torch.expressions import torch_defaults
from archdsl.backends.torch.plan.forms import Form, Forms
from archdsl.backends.torch.plan.optional_residual import without_tail
from archdsl.ir import Declare, Node, Region, Use
from archdsl.ops.operator import TorchModule

Key = tuple[Hashable, ...]
_ANY = None
"""The slot of a nested region that does nothing: every group fits."""


class Group:
    """Regions that are alike.

    Attributes:
        members: distinct regions, in order of appearance.
        slots: for each nested region that a step of theirs uses, its group; None if it does nothing in all of them.
        tails: for each member whether its result is the sum of what its steps make and its input (`residual when=…`).
        in_repetition: one of them is a run of a repetition.
    """

    __slots__ = ("_form", "in_repetition", "members", "number", "slots", "tails")

    def __init__(self, number: int, form: Form, slots: list[int | None]) -> None:
        self.number = number
        self._form = form
        self.slots = slots
        self.members: list[Region] = []
        self.tails: list[bool] = []
        self.in_repetition = False

    @property
    def form(self) -> Form:
        """What the group becomes in PyTorch; a class if any member ends in a residual sum."""
        return Form.CLASS if any(self.tails) else self._form

    @property
    def first(self) -> Region:
        """The member that shows all steps."""
        return self.members[self.tails.index(True) if any(self.tails) else 0]

    @property
    def is_residual_at_times(self) -> bool:
        """Whether some members end in a residual sum and others do not."""
        return any(self.tails) and not all(self.tails)

    def takes(self, slots: list[int | None]) -> bool:
        """Whether a region with these groups in its slots fits into this group."""
        return all(theirs is _ANY or ours is _ANY or theirs == ours for theirs, ours in zip(slots, self.slots, strict=True))

    def add(self, region: Region, slots: list[int | None], has_tail: bool) -> None:
        """Add a region; its slots decide those that were open."""
        self.members.append(region)
        self.tails.append(has_tail)
        self.slots = [theirs if ours is _ANY else ours for theirs, ours in zip(slots, self.slots, strict=True)]


class Groups:
    """All groups below some roots; in `ordered`, each group comes after those that it uses."""

    def __init__(self, forms: Forms, roots: Iterable[Region]) -> None:
        self.forms = forms
        self._all: list[Group] = []
        self._by_key: dict[Key, list[Group]] = {}
        self._of: dict[int, Group] = {}
        self._texts: dict[object, int] = {}
        self.roots: list[Group] = []
        for root in roots:
            self.roots.append(self._place(root))
            if len(self.roots) == 1:
                self._own = {group.number: len(group.members) for group in self._all}
        self.ordered: list[Group] = []
        self._order(self.roots[0], set())

    def of(self, region: Region) -> Group:
        """The group of a region."""
        return self._of[id(region)]

    def _order(self, group: Group, seen: set[int]) -> None:
        """Used groups first. A group may be made before one that it uses: its first instance had nothing in that place."""
        if group.number in seen:
            return
        seen.add(group.number)
        for region in group.members:
            for step in self.forms.steps(region):
                inner = step.shared.region if isinstance(step, Declare) else getattr(step, "region", None)
                if inner is not None and id(inner) in self._of:
                    self._order(self._of[id(inner)], seen)
        self.ordered.append(group)

    def is_class(self, group: Group) -> bool:
        """Whether the group is printed as a class, not where it is used: definitions, and what would else be written twice."""
        if group.form is Form.IDENTITY:
            return False
        if group.form is Form.CLASS or group.first.kind in ("definition", "arch"):
            return True
        # The same part of another root is not a second use.
        several = self._own.get(group.number, 0) > 1 or group.in_repetition
        return group.form is Form.CHAIN and several and len(group.first.steps) > 1

    def _place(self, region: Region) -> Group:
        known = self._of.get(id(region))
        if known is not None:
            return known
        slots: list[int | None] = []
        core = without_tail(region)
        form = self.forms.form(core or region)
        key = (form, *self._frame(core or region), *self._step_keys(core or region, slots))
        alike = self._by_key.setdefault(key, [])
        # Regions with one key have the same steps. Whether the regions inside these agree too, the slots decide.
        for group in alike:
            if group.takes(slots):
                break
        else:
            group = Group(len(self._all), form, slots)
            alike.append(group)
            self._all.append(group)
        group.add(region, slots, core is not None)
        self._of[id(region)] = group
        return group

    def _frame(self, region: Region) -> Key:
        outputs = tuple((output.name, output.value, output.aux) for output in region.outputs)
        modules = tuple(module.name for module in region.modules)
        # How many runs there are does not matter, so neither do the numbers of their values.
        results = len(region.results) if region.kind == "repetition" else region.results
        return (*self._text(region), region.inputs, results, outputs, modules)

    def _text(self, region: Region) -> Key:
        """What distinguishes the places where regions are written: the definition, or the group's name without its number."""
        if region.kind == "repetition":
            return ("repetition",)
        if region.kind not in ("definition", "arch"):
            return (region.kind, region.name.rstrip("0123456789"))
        definition = region.definition
        try:
            number = self._texts.setdefault(definition, len(self._texts))
        except TypeError:
            number = id(definition)
        return (region.kind, region.name, number)

    def _step_keys(self, region: Region, slots: list[int | None]) -> Iterable[Hashable]:
        if region.kind == "repetition":
            yield from self._runs(region)
            return
        for step in self.forms.steps(region):
            if isinstance(step, Node):
                yield (step.name, step.label, step.inputs, step.outputs, step.frozen, self.callee(step))
            elif isinstance(step, Declare):
                slots.append(self._slot(step.shared.region) if step.shared.region is not None else _ANY)
                yield ("declare", step.name, step.frozen, step.shared.region is not None)
            else:
                if step.shared is None:
                    slots.append(self._slot(step.region))
                place = (step.name, step.label, step.inputs, step.outputs, step.frozen)
                yield (*place, step.aux, self._called(step, region), self._call_form(step))

    def callee(self, node: Node) -> Key:
        """What the node calls, without the constants."""
        lowering = self.forms.lowering(node)
        if isinstance(lowering, TorchModule):
            unknown = sorted(
                name
                for name, _ in lowering.kwargs
                if isinstance(torch_defaults.default(lowering.name, name), torch_defaults.NoDefault)
            )
            return (lowering.name, len(lowering.args), *unknown)
        return (lowering.template, *(name for name, _ in lowering.settings))

    def _slot(self, region: Region) -> int | None:
        group = self._place(region)
        return _ANY if group.form is Form.IDENTITY else group.number

    def _called(self, use: Use, region: Region) -> Hashable:
        """For a shared module, which one: declared here under its name, or the n-th that comes from outside."""
        if use.shared is None:
            return None
        return region.modules.index(use.shared) if use.shared in region.modules else use.shared.name

    def _call_form(self, use: Use) -> Key:
        inner = use.region
        modules = tuple(module.name for module in inner.modules)
        is_loop = self.forms.form(inner) is Form.LOOP
        return (is_loop, inner.inputs, len(inner.results), len(inner.outputs), inner.scans, modules)

    # Repetitions

    def _runs(self, region: Region) -> Iterable[Hashable]:
        """The runs, those of one class in sequence as one entry, no matter how many."""
        counted = self._is_counted(region)
        for steps in self.segments(region):
            yield (self._run(steps[0]), *((step.count for step in steps) if counted else ()))

    def segments(self, region: Region) -> list[list[Node | Use]]:
        """The runs of a repetition, those of one class in sequence together."""
        found: list[list[Node | Use]] = []
        before: Hashable = None
        for step in self.forms.steps(region):
            assert not isinstance(step, Declare)
            key = self._run(step)
            if found and key == before:
                found[-1].append(step)
            else:
                found.append([step])
            before = key
        return found

    def _run(self, step: Node | Use) -> Hashable:
        if isinstance(step, Node):
            return *self.callee(step), self.tie(step)
        if step.shared is not None:
            return step.shared.name, self.tie(step)
        group = self._place(step.region)
        group.in_repetition = True
        return group.number, self.tie(step)

    @staticmethod
    def tie(step: Node | Use) -> Key:
        """What a run takes in addition to the current value, and whether it gives more than the next one takes."""
        if isinstance(step, Node):
            return (step.inputs[1:],)
        region = step.region
        return (step.inputs[len(region.results) :], tuple(module.name for module in region.modules), len(region.outputs))

    def is_uniform_loop(self, region: Region) -> bool:
        """Every run is called the same way and gives nothing but the next value."""
        ties = {self.tie(step) for step in self.forms.steps(region) if not isinstance(step, Declare)}
        return len(ties) == 1 and not region.outputs

    def _is_counted(self, region: Region) -> bool:
        return self.forms.form(region) is Form.LOOP and not self.is_uniform_loop(region)
