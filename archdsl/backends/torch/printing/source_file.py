"""The generated file: header, imports, support, a class per definition, the network, the function that builds it.

Must not decide what the classes say: plans do. The text is laid out as Python's formatters would.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from textwrap import wrap
from typing import TYPE_CHECKING

from archdsl.backends.torch import support
from archdsl.backends.torch.expressions.identifiers import GLOBALS, Names, checked, class_name, one_line, titled_class_name
from archdsl.backends.torch.expressions.terms import literal
from archdsl.backends.torch.expressions.torch_defaults import NoDefault
from archdsl.backends.torch.plan.arch_parameters import Again, showing
from archdsl.backends.torch.plan.class_plan import Plan
from archdsl.backends.torch.plan.forms import Forms
from archdsl.backends.torch.plan.grouping import Groups
from archdsl.backends.torch.plan.unused_inputs import trimmed
from archdsl.backends.torch.printing import initialise
from archdsl.backends.torch.printing.class_scope import plain as plain_value
from archdsl.backends.torch.printing.import_lines import imports
from archdsl.backends.torch.printing.input_names import Hints
from archdsl.backends.torch.printing.line_breaking import INDENT, WIDTH, folded
from archdsl.backends.torch.printing.outputs import Outputs
from archdsl.backends.torch.printing.planner import Planner
from archdsl.ir import Declare, Use
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from archdsl.backends.torch.plan.grouping import Group
    from archdsl.ir import Network, Step

_FILE = re.compile(r"[\w.+-]+\Z", re.ASCII)


class Generated(NamedTuple):
    """The text, the function in it that builds the network, and what that takes without a default."""

    text: str
    function: str
    required: tuple[str, ...]


def generate(network: Network, recipe: Again | None = None) -> Generated:
    """The file of a network.

    `recipe` elaborates the arch with other values of its parameters. Those from which the class follows become its own
    (`classes: int = 1000`).
    """
    plain = trimmed(network)
    looked: dict[tuple[Network, ...], _File | None] = {}

    def beside(others: Sequence[Network]) -> _File | None:
        key = tuple(others)
        if key not in looked:
            looked[key] = _file(plain, [trimmed(other) for other in others])
        return looked[key]

    def shows(others: Sequence[Network]) -> frozenset[str] | None:
        file = beside(others)
        return frozenset(parameter.name for parameter in file.plans[-1].parameters) if file is not None else None

    names, others = showing(network, recipe, shows) if recipe is not None and not network.symbols else (frozenset(), [])
    file = beside(others)
    assert file is not None
    return file.generated({name: value for name, value in network.parameters.items() if name not in names})


def _file(network: Network, others: Sequence[Network]) -> _File | None:
    """The file of a network beside others; None if their structures differ."""
    forms = Forms()
    groups = Groups(forms, [network.root, *(other.root for other in others)])
    if any(group is not groups.roots[0] for group in groups.roots):
        return None
    return _File(network, forms, groups)


class _File:
    def __init__(self, network: Network, forms: Forms, groups: Groups) -> None:
        self._network = network
        self._groups = groups
        self._root = groups.roots[0]
        hints = Hints()
        hints.set_root(network.root, [name for name, _ in network.inputs])
        for group in reversed(groups.ordered):
            for region in group.members:
                hints.look(region, forms.steps(region))
        self._planner = Planner(forms, groups, hints, network.symbols)
        self._names = Names(GLOBALS, support.has)
        self._function = self._names.take(checked(network.name))
        self._initialise = self._names.take("initialise")

    def generated(self, settled: Mapping[str, object]) -> Generated:
        plans = self.plans
        root = plans[-1]
        outputs = Outputs(self._network.root, root, self._names)
        codes = [code for plan in plans for _, code in plan.items]
        own = [name for name in self._planner.constructor.callees if "." not in name and name != "OrderedDict"]
        parts = support.with_needs([*own, *self._planner.functions])
        layers = initialise.layers([name for name in self._planner.constructor.callees if name != "OrderedDict"], parts)
        is_grouped = any(", groups=" in code for code in codes)
        setter = initialise.function(self._initialise, layers, is_grouped, initialise.keeps_scale(self._network))
        body: list[list[str]] = [support.part(name).source.splitlines() for name in parts]
        body += [self._class(plan) for plan in plans[:-1]]
        if setter:
            body.append(setter)
        if outputs.class_lines:
            body.append(outputs.class_lines)
        body.append(self._root_class(root, outputs, bool(setter)))
        body.append(self._builder(root, settled))
        lines = [*self._header(), "", *imports(parts, bool(outputs.class_lines), body)]
        for block in body:
            lines += ["", "", *block]
        required = tuple(p.name for p in root.parameters if isinstance(p.default, NoDefault))
        text = "\n".join(lines) + "\n"
        # What is not valid Python must not leave here: so a fault of ours is seen at once, not by whoever imports the file.
        ast.parse(text)
        return Generated(text, self._function, required)

    @cached_property
    def plans(self) -> list[Plan]:
        """The plans of all classes, the network's own last."""
        title = self._network.title or str(self._network.meta.get("title", ""))
        wanted = titled_class_name(self._network.name, title)
        root_name = self._names.take(wanted if wanted != self._function else f"{wanted}Network")
        plans = []
        for group in self._groups.ordered:
            if group is self._root:
                plans.append(self._planner.plan(group, root_name, is_root=True))
            elif self._groups.is_class(group):
                plans.append(self._planner.plan(group, self._names.take(self._class_name(group))))
        return plans

    @staticmethod
    def _class_name(group: Group) -> str:
        region = group.first
        name = region.name.rstrip("0123456789") if region.kind not in ("definition", "arch") else region.name
        if not name or name in ("repeat", "group"):
            # A body without a name: what it is made of.
            words = [word for step in region.steps if (word := _word(step))]
            name = "_".join(words) if 0 < len(words) <= 4 else "Block"
        return class_name(name)

    # Parts of the file

    def _header(self) -> list[str]:
        from archdsl.backends.torch.printing.header import figures

        title = one_line(self._network.title or str(self._network.meta.get("title", ""))) or self._network.name
        return _comment(f"{title}: {figures(self._network)}")

    def _class(self, plan: Plan) -> list[str]:
        base = "nn.Sequential" if plan.is_sequence else "nn.Module"
        lines = [f"class {plan.name}({base}):", *self._docstring(plan), *self._constructor(plan)]
        if plan.is_sequence:
            return lines
        region = plan.group.first
        types = Outputs.types(region)
        returns = types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
        return [
            *lines,
            *([""] if plan.items or plan.parameters else []),
            *_forward(plan, returns, [f"return {', '.join(plan.forward.results)}"]),
        ]

    def _docstring(self, plan: Plan) -> list[str]:
        region = plan.group.first
        name = region.span.source.name.replace("\\", "/").rsplit("/", 1)[-1]
        if region.kind != "definition" or not _FILE.match(name):
            return []
        return [f'{INDENT}"""`{region.name}` of {name}, line {region.span.place.line}."""', ""]

    def _constructor(self, plan: Plan, end: Sequence[str] = ()) -> list[str]:
        if not plan.items and not plan.parameters and not end:
            return []
        lines = folded(f"def __init__({', '.join(['self', *_parameters(plan)])}) -> None:", 1)
        lines.append(f"{INDENT * 2}super().__init__()")
        for attribute, code in plan.items:
            lines += folded(f"self.{attribute} = {code}", 2)
        return [*lines, *(f"{INDENT * 2}{line}" for line in end)]

    def _root_class(self, plan: Plan, outputs: Outputs, is_initialised: bool) -> list[str]:
        end = [f"self.apply({self._initialise})"] if is_initialised else []
        lines = [f"class {plan.name}(nn.Module):"]
        constructor = self._constructor(plan, end)
        return [*lines, *constructor, *([""] if constructor else []), *_forward(plan, outputs.returns, outputs.returned(plan))]

    def _builder(self, plan: Plan, settled: Mapping[str, object]) -> list[str]:
        lines = folded(f"def {self._function}({', '.join(_parameters(plan))}) -> {plan.name}:", 0)
        lines += _docstring("The network with fresh weights.", _settled(settled))
        return [*lines, *folded(f"return {plan.name}({', '.join(p.name for p in plan.parameters)})", 1)]


def _parameters(plan: Plan) -> list[str]:
    """`c: int, stride: int = 1`, one by one."""
    found = []
    for parameter in plan.parameters:
        default = "" if isinstance(parameter.default, NoDefault) else f" = {literal(parameter.default)}"
        found.append(f"{parameter.name}: {parameter.annotation}{default}")
    return found


def _forward(plan: Plan, returns: str, returned: Sequence[str]) -> list[str]:
    inputs = [f"{name}: Tensor" for name in plan.inputs] + [f"{name}: nn.Module" for name in plan.modules]
    lines = folded(f"def forward({', '.join(['self', *inputs])}) -> {returns}:", 1)
    for text, depth in plan.forward.lines:
        lines += folded(text, 2 + depth)
    for text in returned:
        level = (len(text) - len(text.lstrip())) // len(INDENT)
        lines += folded(text.lstrip(), 2 + level)
    return lines


def _settled(parameters: Mapping[str, object]) -> str:
    """Parameters of the arch that the class does not have, with the values that it was written for."""
    plain = {name: value[0] for name, argument in parameters.items() if (value := plain_value(argument)) is not None}
    if not plain:
        return ""
    return f"It was written for {', '.join(f'{name}={literal(value)}' for name, value in plain.items())}."


def _docstring(first: str, more: str) -> list[str]:
    """A docstring of one sentence, and a paragraph if there is more."""
    if not more:
        return [f'{INDENT}"""{first}"""']
    # Strings of the text are quoted, and what a docstring must not hold has a backslash.
    safe = more.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return [f'{INDENT}"""{first}', "", *wrap(safe, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT), f'{INDENT}"""']


def _word(step: Step) -> str:
    """What a step is called in a name made of steps; a declaration does nothing, its calls are what it declares."""
    if isinstance(step, Declare):
        return ""
    if isinstance(step, Use) and step.shared is not None:
        return step.shared.name
    return step.name.rstrip("0123456789")


def _comment(text: str) -> list[str]:
    """A comment, wrapped at words."""
    lines, line = [], "#"
    for word in text.split(" "):
        if len(line) + 1 + len(word) > WIDTH and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]
