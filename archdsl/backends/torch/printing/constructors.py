"""From templates to the expressions that construct modules: `nn.Conv2d(in_channels, c, 3)`. Must not lay out lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from archdsl.backends.torch.expressions import terms
from archdsl.backends.torch.expressions.columns import MISSING, Column, Missing
from archdsl.backends.torch.expressions.loops import Loop
from archdsl.backends.torch.expressions.solver import GIVES, Solving, one_less
from archdsl.backends.torch.expressions.terms import Literal, Name, Operation, Term, same
from archdsl.backends.torch.expressions.torch_defaults import NoDefault
from archdsl.backends.torch.plan.templates import ChainAll, MakeAll, NothingAll, Perhaps, RepeatAll, Template, Times
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple
from archdsl.shapes import Dim

if TYPE_CHECKING:
    from archdsl.backends.torch.plan.class_plan import Plan

IDENTITY = "nn.Identity()"


class Made(NamedTuple):
    """An expression that constructs a module, with the channels of what the module gives."""

    code: str
    given: Term | None
    parts: tuple[tuple[Column, Term], ...] = ()


class Constructor:
    """Writes constructing expressions and notes which classes of torch and support they use."""

    def __init__(self, plans: Mapping[int, Plan]) -> None:
        self._plans = plans
        self.callees: dict[str, None] = {}

    def made(self, template: Template, solver: Solving, taken: Term | None, name: str = "") -> Made:
        """`taken` are the channels of what the module takes, `name` is its name in the class."""
        if isinstance(template, MakeAll):
            return self._make(template, solver, taken)
        if isinstance(template, ChainAll):
            return self._chain(template, solver, taken)
        if isinstance(template, RepeatAll):
            return self._repeat(template, solver, taken)
        if isinstance(template, Perhaps):
            return self._perhaps(template, solver, taken, name)
        return Made(IDENTITY, taken)

    def _make(self, template: MakeAll, solver: Solving, taken: Term | None) -> Made:
        taken = solver.channels(template.taken, [taken])
        plan = self._plans[template.callee] if isinstance(template.callee, int) else None
        parts = [(column, solver.term(column, taken)) for column in template.args]
        code = [terms.text(term) for _, term in parts]
        for column, default in template.kwargs:
            if plan is not None:
                default = plan.default(column.name)
            is_optional = not isinstance(default, NoDefault)
            if is_optional and all(same(value, default) for value in column.known):
                continue
            term = self._half_kernel(column, parts, solver) or solver.term(column, taken)
            parts.append((column, term))
            code.append(terms.text(term) if plan is not None and not is_optional else f"{column.name}={terms.text(term)}")
        name = plan.name if plan is not None else str(template.callee)
        if plan is None:
            self.callees[name] = None
        return Made(f"{name}({', '.join(code)})", self._given(template, solver, taken, parts, plan), tuple(parts))

    @staticmethod
    def _half_kernel(column: Column, parts: Sequence[tuple[Column, Term]], solver: Solving) -> Term | None:
        """Padding that follows a kernel size which is a parameter."""
        kernel = next((term for column, term in parts if column.name == "kernel_size"), None)
        if column.name != "padding" or not isinstance(kernel, Name):
            return None
        half = Operation("//", kernel, Literal(2))
        return half if solver.channels(column.values, [half]) == half else None

    def _given(
        self, template: MakeAll, solver: Solving, taken: Term | None, parts: list[tuple[Column, Term]], plan: Plan | None
    ) -> Term | None:
        candidates: list[Term | None] = [term for column, term in parts if column.name in GIVES]
        if plan is not None and plan.given is not None:
            replacements = {column.name: term for column, term in parts}
            replacements |= {name: Literal(value) for name, value in plan.defaults() if name not in replacements}
            candidates.append(terms.substitute(plan.given, replacements))
        candidates.append(taken)
        candidates += [term for _, term in parts if not isinstance(term, Literal)]
        return solver.channels(template.given, candidates)

    def _chain(self, template: ChainAll, solver: Solving, taken: Term | None) -> Made:
        items: list[str] = []
        parts: list[tuple[Column, Term]] = []
        for name, inner in template.items:
            made = self.made(inner, solver, taken, name)
            items.append(f"{name}={made.code}")
            parts += made.parts
            taken = made.given
        self.callees["OrderedDict"] = None
        return Made(f"nn.Sequential(OrderedDict({', '.join(items)}))", taken, tuple(parts))

    def _perhaps(self, template: Perhaps, solver: Solving, taken: Term | None, name: str) -> Made:
        made = self.made(template.template, solver, taken, name)
        condition = solver.condition(template.present, made.parts, taken, f"use_{name.rstrip('0123456789')}")
        return Made(f"{made.code} if {terms.text(condition)} else {IDENTITY}", made.given, made.parts)

    # Repetitions

    def _repeat(self, template: RepeatAll, solver: Solving, taken: Term | None) -> Made:
        items: list[str] = []
        for at, part in enumerate(template.parts):
            before = template.parts[at - 1] if at else None
            item, taken = self._times(part, before, solver, taken)
            items += [item] if item else []
        if template.is_list:
            only = len(items) == 1 and items[0].startswith("*(")
            inside = items[0][2:-1] if only else f"[{', '.join(items)}]"
            return Made(f"nn.ModuleList({inside})", taken)
        return Made(f"nn.Sequential({', '.join(items)})", taken)

    def _times(self, part: Times, before: Times | None, solver: Solving, taken: Term | None) -> tuple[str, Term | None]:
        """The item of a sequence for some runs, and the channels after them."""
        if part.runs is not None:
            return self._loop(part, before, solver, taken)
        if isinstance(part.template, NothingAll) and not any(count for count in part.number.known):
            return "", taken
        made = self.made(part.template, solver, taken)
        if part.number.is_constant:
            count = part.number.known[0]
            if count == 1:
                return made.code, made.given
            return (f"*({made.code} for _ in range({count}))" if count else ""), made.given
        term = self._number(part, before, solver)
        return f"*({made.code} for _ in range({terms.text(term)}))", taken if before is not None and taken else made.given

    @staticmethod
    def _number(part: Times, before: Times | None, solver: Solving) -> Term:
        """How many runs; one less if the first one is written separately."""
        if part.number.is_constant or before is None or any(count != 1 for count in before.number.known):
            return solver.term(part.number, None)
        return one_less(solver, part.number)

    def _loop(self, part: Times, before: Times | None, solver: Solving, taken: Term | None) -> tuple[str, Term | None]:
        assert part.runs is not None
        loop = Loop(solver, part.runs)
        made = self.made(part.template, loop, taken)
        count = self._number(part, before, solver)
        text = f"*({made.code} {self._header(loop, count)})"
        return text, self._behind(part, loop, solver, taken, count)

    def _behind(self, part: Times, loop: Loop, solver: Solving, taken: Term | None, count: Term) -> Term | None:
        """The channels after a loop: those of its last run."""
        given = _outermost_given(part.template)
        if given is None:
            return None
        last: list[Setting | Missing] = []
        at = 0
        assert part.runs is not None
        for runs in part.runs:
            at += runs
            last.append(given[at - 1] if runs else MISSING)
        candidates: list[Term | None] = [taken]
        if taken is not None:
            growths = [term.left for term in loop.grown if isinstance(term, terms.Operation) and term.sign == "*"]
            candidates += [terms.binary("+", taken, terms.binary("*", count, growth)) for growth in growths]
        return solver.channels(last, candidates)

    @staticmethod
    def _header(loop: Loop, count: Term) -> str:
        tables = loop.tables
        if not tables:
            return f"for {loop.index or '_'} in range({terms.text(count)})"
        names = ", ".join(name for name, _ in tables)
        if len(tables) == 1:
            source = terms.text(tables[0][1])
        elif all(isinstance(table, Literal) for _, table in tables):
            source = terms.literal(tuple(zip(*(table.value for _, table in tables if isinstance(table, Literal)), strict=True)))
        else:
            source = f"zip({', '.join(terms.text(table) for _, table in tables)})"
        if not loop.index:
            return f"for {names} in {source}"
        return f"for {loop.index}, {f'({names})' if len(tables) > 1 else names} in enumerate({source})"


def _outermost_given(template: Template) -> tuple[Dim | Missing | None, ...] | None:
    """The channels that each run gives."""
    while isinstance(template, ChainAll) and template.items:
        template = template.items[-1][1]
    return template.given if isinstance(template, MakeAll) else None
