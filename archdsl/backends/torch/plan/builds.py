"""From steps of a region to builds of their modules. Must not choose expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.backends.torch.expressions.identifiers import module_name
from archdsl.backends.torch.plan.forms import Form, Forms, is_module
from archdsl.backends.torch.plan.grouping import Groups
from archdsl.backends.torch.plan.inplace import Overwriting
from archdsl.backends.torch.plan.templates import Build, Chain, Make, Nothing, Repeat
from archdsl.ir import Declare, Node, Region, Use
from archdsl.ops.operator import Setting
from archdsl.shapes import Dim, Shape, channels

if TYPE_CHECKING:
    from archdsl.backends.torch.plan.class_plan import Plan


class Builds:
    """Builds of steps; classes that they use must have their plans."""

    def __init__(self, forms: Forms, groups: Groups, plans: dict[int, Plan]) -> None:
        self._forms = forms
        self._groups = groups
        self._plans = plans
        self._overwriting = Overwriting(forms)

    def of_step(self, step: Node | Use | Declare, region: Region) -> Build | None:
        """What constructs the step's module; None if it has none (an expression, a shared module's application)."""
        if isinstance(step, Node):
            return self._of_node(step, region) if is_module(self._forms.lowering(step)) else None
        if isinstance(step, Declare):
            return self._of_region(step.shared.region, None) if step.shared.region is not None else None
        if step.shared is not None or self._forms.form(step.region) is Form.AGAIN:
            return None
        return self._of_region(step.region, step)

    def _of_node(self, node: Node, region: Region) -> Make:
        lowering = self._forms.lowering(node)
        assert is_module(lowering)
        extra: list[tuple[str, Setting]] = []
        if node.indices is not None:
            extra.append(("return_indices", True))
        if self._overwriting.is_safe(node, region):
            extra.append(("inplace", True))
        kwargs = tuple((name, value) for name, value in lowering.kwargs if name != "inplace")
        taken = channels(node.site.x) if node.site.xs else None
        return Make(lowering.name, lowering.args, (*kwargs, *extra), node, taken, channels(node.site.y))

    def _of_region(self, region: Region, step: Use | None) -> Build:
        group = self._groups.of(region)
        if group.form is Form.IDENTITY:
            return Nothing()
        if self._groups.is_class(group):
            plan = self._plans[group.number]
            taken, given = _single(region.input_shapes[:1]), _single(region.result_shapes)
            origins = {} if region.kind == "definition" else plan.origins(region)
            return Make(group.number, (), plan.arguments(region), step, taken, given, origins)
        if region.kind == "repetition":
            return self._of_repetition(region, group.form is Form.LOOP, step)
        items = []
        for inner in region.steps:
            build = self.of_step(inner, region)
            if build is not None:
                items.append((module_name(inner.name), build))
        return Chain(tuple(items))

    def _of_repetition(self, region: Region, is_list: bool, use: Use | None) -> Repeat:
        segments = []
        for steps in self._groups.segments(region):
            entries = []
            for step in steps:
                build = self.of_step(step, region)
                assert build is not None
                entries.append((build, step.count))
            segments.append(tuple(entries))
        return Repeat(tuple(segments), is_list, use)


def _single(shapes: tuple[Shape, ...]) -> Dim | None:
    return channels(shapes[0]) if len(shapes) == 1 and shapes[0] else None
