"""Makes the plan of each class from its instances. Must not lay out lines."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.torch import support
from archdsl.backends.torch.expressions import terms
from archdsl.backends.torch.expressions.columns import Column, constant
from archdsl.backends.torch.expressions.identifiers import MODULE_ATTRIBUTES, Names, module_name
from archdsl.backends.torch.expressions.terms import Literal, Term
from archdsl.backends.torch.plan.builds import Builds
from archdsl.backends.torch.plan.class_plan import Plan
from archdsl.backends.torch.plan.forms import Form, Forms, is_module
from archdsl.backends.torch.plan.grouping import Group, Groups
from archdsl.backends.torch.plan.templates import NothingAll
from archdsl.backends.torch.plan.unify import unify
from archdsl.backends.torch.printing.class_scope import Setup
from archdsl.backends.torch.printing.constructors import Constructor
from archdsl.backends.torch.printing.forward import ForwardBody
from archdsl.backends.torch.printing.input_names import Hints
from archdsl.ir import Declare, Node, Region, Use
from archdsl.ops.operator import TorchCall
from archdsl.shapes import Formula, channels


def _holds_tensors(step: Node | Use | Declare) -> bool:
    """Whether it has parameters or buffers, so that freezing it does something."""
    if isinstance(step, Node):
        return bool(step.site.parameters)
    region = step.shared.region if isinstance(step, Declare) else step.region
    return region is not None and any(_holds_tensors(inner) for inner in region.steps)


class Planner:
    """Makes plans, each class after those that it uses."""

    def __init__(self, forms: Forms, groups: Groups, hints: Hints, symbols: Sequence[str]) -> None:
        self.plans: dict[int, Plan] = {}
        self.constructor = Constructor(self.plans)
        self.functions: dict[str, None] = {}
        self._forms = forms
        self._groups = groups
        self._hints = hints
        self._symbols = symbols
        self._builds = Builds(forms, groups, self.plans)

    def plan(self, group: Group, name: str, is_root: bool = False) -> Plan:
        """Plan the class of a group, after those that it uses."""
        plan = self.plans[group.number] = Plan(name, group)
        plan.is_sequence = group.form is Form.CHAIN and not is_root
        plan.inputs = self._hints.inputs(group.members)
        plan.modules = self._hints.modules(group.first, plan.inputs)
        setup = Setup(group, plan.inputs, self._symbols if is_root else (), is_root)
        body = ForwardBody(self._forms, self._groups, group.first, plan.modules, is_root)
        attributes = Names({*MODULE_ATTRIBUTES, *(module_name(step.name) for step in group.first.steps)})
        given: dict[int, Term | None] = dict(enumerate(setup.taken))
        for at, step in enumerate(group.first.steps):
            if group.is_residual_at_times and at == len(group.first.steps) - 1:
                self._tail(step, plan, setup, body, attributes, given)
                break
            steps = [self._forms.steps(region)[at] for region in group.members]
            self._step(step, steps, plan, setup, body, attributes, given)
        if not plan.is_sequence:
            plan.forward = body.printed(plan.inputs)
        result = group.first.results[0] if len(group.first.results) == 1 else None
        plan.given = given.get(result) if result is not None else None
        plan.set_parameters(setup.solver.parameters, setup.environments, setup.defaults, setup.solver.made)
        self.functions |= dict.fromkeys(name for name in setup.solver.called if support.has(name))
        return plan

    def _step(
        self,
        step: Node | Use | Declare,
        steps: Sequence[Node | Use | Declare],
        plan: Plan,
        setup: Setup,
        body: ForwardBody,
        attributes: Names,
        given: dict[int, Term | None],
    ) -> None:
        """One step in all instances: its item in the constructor, its part of the forward."""
        solver, members = setup.solver, plan.group.members
        taken = given.get(step.inputs[0]) if not isinstance(step, Declare) and step.inputs else None
        if isinstance(step, Declare) and step.shared.region is not None:
            shape = step.shared.region.shapes[0]
            taken = Literal(channels(shape)) if shape and not isinstance(channels(shape), Formula) else None
        builds = [self._builds.of_step(own, region) for own, region in zip(steps, members, strict=True)]
        candidates: list[Term | None] = []
        attribute: str | None = None
        if all(build is not None for build in builds):
            template = unify([build for build in builds if build is not None])
            if not isinstance(template, NothingAll):
                attribute = module_name(step.name)
                made = self.constructor.made(template, solver, taken, step.name)
                code = made.code
                if step.frozen and _holds_tensors(step):
                    code = f"frozen({code})"
                    self.functions["frozen"] = None
                plan.items.append((attribute, code))
                candidates.append(made.given)
        settings: dict[str, str] = {}
        if isinstance(step, Node) and not is_module(self._forms.lowering(step)):
            nodes = [own for own in steps if isinstance(own, Node)]
            settings, candidates = self._settings(nodes, plan, setup, attributes, taken)
        if isinstance(step, Declare):
            return
        if isinstance(step, Use) and step.region.scans:
            self.functions["scanned"] = None
        body.add(step, attribute, settings)
        placed = [own for own in steps if not isinstance(own, Declare)]
        self._note_given(step, placed, members, setup, given, [*candidates, taken])

    def _tail(
        self,
        step: Node | Use | Declare,
        plan: Plan,
        setup: Setup,
        body: ForwardBody,
        attributes: Names,
        given: dict[int, Term | None],
    ) -> None:
        """The last addition, which some instances do not have."""
        assert isinstance(step, Node)
        group = plan.group
        result = max(step.inputs)
        attribute = attributes.take("is_residual")
        condition = setup.solver.unchanged(group.tails, given.get(0), given.get(result), attribute)
        plan.items.append((attribute, terms.text(condition)))
        body.add_perhaps(step, f"self.{attribute}", step.inputs.index(result))
        values = [channels(region.result_shapes[0]) for region in group.members]
        given[step.output] = setup.solver.channels(values, [given.get(result), given.get(0)])

    def _settings(
        self, steps: Sequence[Node], plan: Plan, setup: Setup, attributes: Names, taken: Term | None
    ) -> tuple[dict[str, str], list[Term | None]]:
        """The settings of an expression: literals are written into it, others become attributes."""
        lowerings = [lowering for node in steps if isinstance(lowering := self._forms.lowering(node), TorchCall)]
        first = lowerings[0]
        self.functions |= dict.fromkeys(first.support)
        found: dict[str, str] = {}
        parts: list[Term | None] = []
        for name, _ in first.settings:
            values = tuple(constant(dict(lowering.settings)[name]) for lowering in lowerings)
            term = setup.solver.term(Column(name, values, tuple(steps)), taken)
            parts.append(term)
            if isinstance(term, Literal):
                found[name] = terms.text(term)
                continue
            attribute = setup.stored.get(term)
            if attribute is None:
                attribute = setup.stored[term] = attributes.take(name)
                plan.items.append((attribute, terms.text(term)))
            found[name] = f"self.{attribute}"
        return found, parts

    def _note_given(
        self,
        step: Node | Use,
        steps: Sequence[Node | Use],
        members: Sequence[Region],
        setup: Setup,
        given: dict[int, Term | None],
        candidates: list[Term | None],
    ) -> None:
        """The channels of the step's outputs, as expressions."""
        inputs = [given.get(value) for value in step.inputs]
        total: Term | None = None
        for term in inputs:
            total = term if total is None else terms.binary("+", total, term) if term is not None else None
        for output in step.outputs:
            shapes = [region.shapes[self._output(own, step, output)] for own, region in zip(steps, members, strict=True)]
            values = [channels(shape) if shape else None for shape in shapes]
            given[output] = setup.solver.channels(values, [*candidates, *inputs, total])

    @staticmethod
    def _output(own: Node | Use, step: Node | Use, output: int) -> int:
        return own.outputs[step.outputs.index(output)]
