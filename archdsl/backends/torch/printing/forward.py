"""From the steps of a region to the ops of its `forward`. Must not choose names for values."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from archdsl.backends.torch.expressions.identifiers import module_name
from archdsl.backends.torch.plan.class_plan import Printed
from archdsl.backends.torch.plan.forms import Form, Forms
from archdsl.backends.torch.plan.grouping import Groups
from archdsl.backends.torch.printing.flow import Code, Flow, Op, call, expression
from archdsl.backends.torch.printing.local_names import printed
from archdsl.ir import Node, Region, Shared, Use
from archdsl.ops.operator import TorchCall, TorchModule

_KINDS = {"activation": "activation", "norm": "norm", "regularise": "other", "pool": "other", "join": "join"}


class ForwardBody:
    """Collects the ops of one class, step by step."""

    def __init__(self, forms: Forms, groups: Groups, region: Region, modules: Sequence[str], is_root: bool) -> None:
        self._forms = forms
        self._groups = groups
        self._region = region
        self._modules = list(modules)
        self._is_root = is_root
        self._flow = Flow()
        self._functions: list[str] = []
        self._wishes = self._wished()

    def add(self, step: Node | Use, attribute: str | None, settings: dict[str, str]) -> None:
        """A step; `attribute` is its module's, None if it has none; `settings` are the expressions in its template."""
        if isinstance(step, Node):
            self._node(step, attribute, settings)
        elif self._forms.form(step.region) is Form.AGAIN:
            self._again(step)
        elif self._forms.form(step.region) is Form.LOOP:
            assert attribute is not None
            self._loop(step, attribute)
        else:
            self._use(step, attribute)

    def add_perhaps(self, node: Node, condition: str, alone: int) -> None:
        """A sum that is made if the condition holds; else its input number `alone` is the result."""
        lowering = self._forms.lowering(node)
        assert isinstance(lowering, TorchCall)
        total = expression(lowering.template, {})

        def render(codes: Sequence[Code]) -> Code:
            return Code(f"{total(codes).text} if {condition} else {codes[alone].text}", is_atom=False)

        names = (self._wishes.get(node.output, ""),)
        self._flow.add(Op(node.inputs, node.outputs, render, "join", names, reads_twice=True))

    def printed(self, inputs: Sequence[str]) -> Printed:
        """The statements; the results are those of the region, then its outputs."""
        region = self._region
        self._flow.results = [*region.results, *(output.value for output in region.outputs)]
        is_split = self._is_root and bool(region.outputs)
        reserved = [*self._modules, *self._functions]
        return printed(self._flow, list(enumerate(inputs)), reserved, inline_results=not is_split)

    def _node(self, node: Node, attribute: str | None, settings: dict[str, str]) -> None:
        if self._forms.is_alias(node):
            self._flow.alias(node.output, node.inputs[0])
            return
        lowering = self._forms.lowering(node)
        names = (self._wishes.get(node.output, ""), "indices")[: len(node.outputs)]
        if isinstance(lowering, TorchModule):
            render = call(f"self.{attribute}")
            kind = "layer" if node.operator.depth else _KINDS.get(node.operator.symbol.paint, "other")
        else:
            self._functions += lowering.support
            render = expression(lowering.template, settings)
            kind = "join" if node.operator.joins else "other"
        self._flow.add(Op(node.inputs, node.outputs, render, kind, names))

    def _use(self, use: Use, attribute: str | None) -> None:
        if attribute is None and use.shared is None:
            for output, value in zip(use.outputs, use.inputs, strict=True):
                self._flow.alias(output, value)
            return
        names = tuple(self._wishes.get(output, "") for output in use.outputs)
        callee = self._callee(use.shared) if use.shared is not None else f"self.{attribute}"
        self._flow.add(self._call(use, callee, use.inputs, use.outputs, names))

    def _call(
        self, use: Use, callee: str, inputs: Sequence[Hashable], outputs: Sequence[Hashable], names: tuple[str, ...]
    ) -> Op:
        modules = [self._callee(module) for module in use.region.modules]
        aside = " if self.training else None" if use.aux else ""

        scans, states = use.region.scans, len(use.region.results) - 1
        if scans:
            self._functions.append("scanned")

        def render(codes: Sequence[Code]) -> Code:
            texts = [code.text for code in codes]
            if scans:
                groups = (texts[:scans], texts[scans : scans + states])
                first = [f"({', '.join(some)}{',' if len(some) == 1 else ''})" for some in groups]
                return Code(f"scanned({', '.join([callee, *first, *texts[scans + states :], *modules])})")
            arguments = ", ".join([*texts, *modules])
            return Code(f"{callee}({arguments}){aside}", is_atom=not aside)

        return Op(tuple(inputs), tuple(outputs), render, "block", names, stays=use.aux)

    def _callee(self, module: Shared) -> str:
        """A shared module: an argument of this forward if it comes from outside."""
        for own, name in zip(self._region.modules, self._modules, strict=True):
            if own is module:
                return name
        return f"self.{module_name(module.name)}"

    # Repetitions that are loops

    def _loop(self, use: Use, attribute: str) -> None:
        """The runs of a `nn.ModuleList`, in one loop if all are called the same way, else one by one."""
        region = use.region
        values: dict[int, Hashable] = dict(enumerate(use.inputs))
        steps = [step for step in self._forms.steps(region) if isinstance(step, (Node, Use))]
        if self._groups.is_uniform_loop(region):
            run = steps[0]
            inputs = [values[value] for value in run.inputs]
            self._flow.add(self._looped(run, f"self.{attribute}", inputs, use.outputs))
            return
        at = 0
        for step in steps:
            outputs = [(use.outputs, value) for value in step.outputs]
            inputs = [values[value] for value in step.inputs]
            if step.count > 1:
                self._flow.add(self._looped(step, f"self.{attribute}[{at}:{at + step.count}]", inputs, outputs))
            else:
                names = ("",) * len(outputs)
                callee = f"self.{attribute}[{at}]"
                if isinstance(step, Use):
                    self._flow.add(self._call(step, callee, inputs, outputs, names))
                else:
                    self._flow.add(Op(tuple(inputs), tuple(outputs), call(callee), "block", names))
            values |= dict(zip(step.outputs, outputs, strict=True))
            at += step.count
        left = [*region.results, *(output.value for output in region.outputs)]
        for output, value in zip(use.outputs, left, strict=True):
            self._flow.alias(output, values[value])

    def _again(self, use: Use) -> None:
        """A shared module, several times in a row: `for _ in range(3): x = self.head(x)`."""
        run = use.region.steps[0]
        assert isinstance(run, Use)
        assert run.shared is not None
        one = self._call(run, self._callee(run.shared), [use.inputs[value] for value in run.inputs], use.outputs, ())
        names = ("",) * len(use.outputs)
        render = one.render
        self._flow.add(
            one._replace(render=lambda codes: render(codes[1:]), names=names, stays=True, loop_over=f"range({run.count})")
        )

    def _looped(self, run: Node | Use, over: str, inputs: Sequence[Hashable], outputs: Sequence[Hashable]) -> Op:
        modules = [self._callee(module) for module in run.region.modules] if isinstance(run, Use) else []

        def render(codes: Sequence[Code]) -> Code:
            block, *arguments = codes
            return Code(f"{block.text}({', '.join([*(code.text for code in arguments), *modules])})")

        # A run's own outputs are for no one: the next run takes its results alone.
        given = outputs[: len(run.region.results)] if isinstance(run, Use) else outputs
        dropped = len(run.region.outputs) if isinstance(run, Use) else 0
        names = ("",) * len(given)
        return Op(tuple(inputs), tuple(given), render, "block", names, stays=True, loop_over=over, dropped=dropped)

    # Names

    def _wished(self) -> dict[int, str]:
        """What values would like to be called: their label, the output's name, or `branch1` if several are joined."""
        found: dict[int, str] = {}
        for step in self._region.steps:
            if isinstance(step, Use):
                inner = step.outputs[len(step.region.results) :]
                found |= {value: _plain(output.name) for value, output in zip(inner, step.region.outputs, strict=True)}
        for step in self._region.steps:
            if isinstance(step, Node) and step.operator.joins and len(set(step.inputs)) > 2 - (step.operator.name == "concat"):
                for at, value in enumerate(step.inputs):
                    if value >= self._region.inputs:
                        found.setdefault(value, f"branch{at + 1}")
        for step in self._region.steps:
            if isinstance(step, (Node, Use)) and step.label and len(step.outputs) >= 1:
                found[step.outputs[0]] = step.label
        for output in self._region.outputs:
            found.setdefault(output.value, _plain(output.name))
            if output.aux:
                found[output.value] = _plain(output.name)
        return found


def _plain(name: str) -> str:
    """A local name for an output: `levels0` for the first of the list `levels`."""
    return name.replace(".", "")
