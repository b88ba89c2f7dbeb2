"""Whole files: parameters, inputs, `arch NEW = OLD(…)`, and the network at the end. Must not know single operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from keyword import iskeyword
from typing import TypeGuard

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent
from archdsl.elaborate import statements
from archdsl.elaborate.file_scope import file_scope, parameters_of, resolve_base
from archdsl.elaborate.reuse import run_kept
from archdsl.expressions.arithmetic import ARITHMETIC, simplified
from archdsl.expressions.evaluate import evaluate, is_number, refuse_twice, refuse_word
from archdsl.expressions.names import look_up
from archdsl.ir import Network
from archdsl.ir.network import Expectation
from archdsl.program.builder import Builder
from archdsl.program.callables import ArchClosure, Closure
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import UNKNOWN, Current, Evaluated, InputName, ListValue, Unknown, Value
from archdsl.shapes import MOST_AXES, Dim, Formula, Indices, Number, Shape, Undecided, decide
from archdsl.shapes.traced import plain
from archdsl.syntax import tree
from archdsl.syntax.reductions import significant_digits
from archdsl.text import Span

_MOST_DIM = 10**9


class Overrides:
    """What the user sets from outside: arch parameters and input shapes, by name."""

    __slots__ = ("inputs", "parameters")

    def __init__(self, parameters: Mapping[str, Evaluated] | None = None, inputs: Mapping[str, Shape] | None = None) -> None:
        self.parameters = dict(parameters or {})
        self.inputs = dict(inputs or {})


class _ArchRun:
    """One run over the statements of a file."""

    __slots__ = ("builder", "ctx", "file", "given_inputs", "inputs", "scope", "symbols")

    def __init__(self, ctx: Context, file: LoadedFile, scope: Scope, builder: Builder, given: Mapping[str, Shape]) -> None:
        self.ctx = ctx
        self.file = file
        self.scope = scope
        self.builder = builder
        self.given_inputs = given
        self.inputs: list[tuple[str, Shape]] = []
        self.symbols: list[str] = []

    def steps(self, replaced: Current | None) -> None:
        """Run everything that computes. `replaced` is the value of the only input if the arch is called like a definition."""
        for statement in self.file.tree.statements:
            if isinstance(statement, tree.Input):
                try:
                    self._input(statement, replaced)
                except (Mistake, Silent) as wrong:
                    self.ctx.say(wrong, self.scope)
                    self.scope.current = UNKNOWN
            elif not isinstance(statement, (tree.Meta, tree.Expect, tree.Import, tree.ArchLine, tree.DerivedArch)):
                self._before_input(statement)
                run_kept(self.ctx, self.file, statement, self.scope, self.builder)

    def _before_input(self, statement: tree.Statement) -> None:
        computes = isinstance(statement, (tree.Step, tree.For, tree.If, tree.Aux, tree.OutputOf))
        if computes and not self.inputs and not self.file.tree.is_broken:
            later = any(isinstance(s, tree.Input) for s in self.file.tree.statements)
            self.ctx.say(wording.inputs.step_without_input(self.scope.span(statement), later), self.scope)
            self.inputs.append(("", ()))

    def _input(self, s: tree.Input, replaced: Current | None) -> None:
        span = Span(self.scope.source, s.name.start, s.name.end)
        if self.builder.steps:
            raise wording.inputs.input_after_step(self.scope.span(s))
        name = s.name.text
        if name in self.scope.labels:
            first = self.scope.labels[name]
            raise wording.inputs.input_twice(name, span, first.step if isinstance(first, Value) else None)
        self.inputs.append((name, ()))
        shape = self._shape(s, replaced)
        self.inputs[-1] = (name, shape)
        if replaced is None:
            origin = InputName(*span)
            template = Value(self.builder, 0, shape, (origin,) * len(shape), origin)
            (value,) = self.builder.enter([template])
        else:
            assert isinstance(replaced, Value)
            value = replaced
        self.scope.labels[name] = value
        if len(self.inputs) == 1:
            self.scope.current = value
        elif replaced is not None:
            raise wording.inputs.second_input_of_called_arch(self.scope.span(s))

    def _shape(self, s: tree.Input, replaced: Current | None) -> Shape:
        span = self.scope.span(s)
        given: Shape | None = self.given_inputs.get(s.name.text)
        if isinstance(replaced, Value):
            given = replaced.shape
        for dim in s.dims:
            for name in _names(dim):
                if look_up(name, self.scope) is None:
                    self.symbols.append(name)
                    self.scope.names[name] = Formula.symbol(name)
        shape: Shape = tuple(self._dim(dim) for dim in s.dims)
        if s.below is not None:
            shape = self._indices(shape, s.below, span)
        if not 1 <= len(shape) <= MOST_AXES:
            raise wording.inputs.bad_number_of_axes(len(shape), span)
        if given is None:
            return shape
        is_other_kind = replaced is not None and _below(given) != _below(shape)
        if len(given) != len(shape) or is_other_kind:
            frame = self.scope.frame
            if replaced is not None and frame is not None and frame.call is not None:
                raise wording.inputs.does_not_fit_called_arch(frame.name, shape, given, frame.call, span)
            raise wording.inputs.other_number_of_axes(s.name.text, shape, given, span)
        self._solve(s.name.text, shape, given, span)
        return Indices(given, shape.below) if isinstance(shape, Indices) else given

    def _indices(self, sizes: Shape, below: tree.Expression, span: Span) -> Indices:
        if len(sizes) > 2:
            raise wording.inputs.bad_indices(len(sizes), span)
        number = self._dim(below)
        if isinstance(number, Formula):
            raise wording.inputs.free_number_of_indices(number, self.scope.span(below))
        return Indices(sizes, number)

    def _dim(self, dim: tree.Expression) -> Dim:
        value = evaluate(dim, self.scope)
        if isinstance(value, Formula):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1 and plain(value) <= _MOST_DIM:
            return value
        raise wording.inputs.bad_dimension(value, _MOST_DIM, self.scope.span(dim))

    def _solve(self, name: str, shape: Shape, given: Shape, span: Span) -> None:
        """A size given for `2*H` fixes H; one that fits no H is a mistake."""
        solved: dict[str, Dim] = {}
        for dim, size in zip(shape, given, strict=True):
            if not isinstance(dim, Formula):
                continue
            open_symbols = [symbol for symbol in dim.symbols if symbol not in solved]
            if not open_symbols:
                try:
                    fits = decide("==", dim.substitute(solved), size)
                except Undecided:
                    raise wording.expressions.undecided_comparison(dim.substitute(solved), size, span) from None
                if not fits:
                    raise wording.inputs.does_not_fit_symbols(name, dim, size, solved, span)
            elif len(open_symbols) == 1 and open_symbols[0] in self.symbols:
                (symbol,) = open_symbols
                factor = dim.terms.get(((symbol, 1),))
                if factor is None:
                    continue
                others = dim - factor * Formula.symbol(symbol)
                rest = others.substitute(solved) if isinstance(others, Formula) else others
                value = simplified(ARITHMETIC["/"](size - rest, factor))
                if not isinstance(value, Formula) and (not isinstance(value, int) or value < 1):
                    raise wording.inputs.does_not_fit_symbols(name, dim, size, solved, span)
                solved[symbol] = value
        for symbol, value in solved.items():
            self.scope.names[symbol] = value
            self.symbols.remove(symbol)


def _below(shape: Shape) -> int | None:
    return shape.below if isinstance(shape, Indices) else None


def _names(expression: tree.Part) -> Iterator[str]:
    """Names in an expression, in order."""
    if isinstance(expression, tree.Variable):
        yield expression.name
    for part in tree.parts(expression):
        yield from _names(part)


def run_as_definition(
    ctx: Context,
    file: LoadedFile,
    written: Mapping[str, Evaluated],
    current: Current,
    own: Builder,
    frame: Frame,
) -> Current:
    """An arch called like a definition: its steps on `current`."""
    core, settings = resolve_base(ctx, file, written)
    inner = file_scope(ctx, core, settings, frame)
    run = _ArchRun(ctx, core, inner, own, {})
    run.steps(replaced=current)
    return inner.current


def input_shapes(file: LoadedFile, overrides: Overrides) -> dict[str, Shape]:
    """The shapes of the inputs as declared or given, also if no network comes of them."""
    run = _run(Context([], drops_aux=True), file, overrides)
    return {} if run is None else {name: shape for name, shape in run.inputs if shape}


def _run(ctx: Context, file: LoadedFile, overrides: Overrides) -> _ArchRun | None:
    """Everything that computes in a root file; None if its arch line is wrong."""
    head = file.head
    assert head is not None
    try:
        _refuse_unknown(head, parameters_of(file), overrides, file)
        core, settings = resolve_base(ctx, file, overrides.parameters)
    except (Mistake, Silent) as wrong:
        ctx.say(wrong, Scope(None, file.source))
        return None
    scope = file_scope(ctx, core, settings, _frame_of_old(file, core))
    _refuse_second_head(ctx, file, scope)
    builder = Builder()
    ctx.steps_made = builder.steps
    run = _ArchRun(ctx, core, scope, builder, overrides.inputs)
    run.steps(replaced=None)
    return run


def build(ctx: Context, file: LoadedFile, overrides: Overrides) -> Network | None:
    """The network of a root file; None if a mistake left it unknown (the report says which)."""
    head = file.head
    run = _run(ctx, file, overrides) if head is not None else None
    if head is None or run is None:
        return None
    core, scope, builder = run.file, run.scope, run.builder
    known = [name for name, _ in run.inputs]
    for name in overrides.inputs:
        if name not in known:
            place = Span(file.source, head.name.start, head.name.end)
            ctx.say(wording.inputs.unknown_input(head.name.text, name, known, place), scope)
    own = scope if core is file else _own_scope(ctx, file, scope)
    expectations = _expectations(ctx, file, own)
    meta = _meta(ctx, file, own)
    span = Span(file.source, head.start, head.end)
    if not run.inputs and core.tree.is_broken:
        return None
    if not run.inputs:
        ctx.say(wording.inputs.arch_without_input(head.name.text, span), scope)
        return None
    _refuse_output_names(ctx, builder, scope)
    if isinstance(scope.current, Unknown) or ctx.report:
        return None
    parameters = {name: scope.names.get(name) for name in parameters_of(core)}
    arch = core.head if isinstance(core.head, tree.ArchLine) else None
    root = builder.finish("arch", head.name.text, scope.current, span, syntax=arch, arguments=tuple(parameters.items()))
    return Network(
        name=head.name.text,
        inputs=tuple(run.inputs),
        root=root,
        parameters=parameters,
        meta=meta,
        expectations=expectations,
        title=str(meta.get("title", head.name.text)),
        overridden=bool(overrides.parameters or overrides.inputs),
        symbols=tuple(run.symbols),
    )


def _refuse_output_names(ctx: Context, builder: Builder, scope: Scope) -> None:
    """An output of the network is a field beside `out` in Python, so it needs a name that a field can have."""
    taken = {"out", *builder.exported}
    for whole, (_, _, span) in builder.exported.items():
        name = whole.split(".")[0]
        if name != "out" and not name.startswith("_") and not iskeyword(name):
            continue
        bare = "result" if name == "out" else name.strip("_")
        is_name = bare and not bare[0].isdigit()
        wanted = (f"{bare}_" if iskeyword(bare) else bare) if is_name else f"output_{bare}".rstrip("_")
        free = next(other for number in count(1) if (other := wanted if number == 1 else f"{wanted}{number}") not in taken)
        taken.add(free)
        ctx.say(wording.outputs.bad_output_name(name, span, free), scope)


def _frame_of_old(file: LoadedFile, core: LoadedFile) -> Frame | None:
    """Mistakes in the steps of OLD name the `arch NEW = OLD(…)` that runs them."""
    head = file.head
    if core is file or not isinstance(head, tree.DerivedArch):
        return None
    return Frame(head.base.text, Span(file.source, head.base.start, head.end), (), None)


def _refuse_unknown(head: tree.ArchLine | tree.DerivedArch, known: list[str], overrides: Overrides, file: LoadedFile) -> None:
    for name in overrides.parameters:
        if name not in known:
            place = Span(file.source, head.name.start, head.name.end)
            raise wording.arch.unknown_parameter(head.name.text, name, known, place)


def _refuse_second_head(ctx: Context, file: LoadedFile, scope: Scope) -> None:
    for statement in file.tree.statements:
        if isinstance(statement, (tree.ArchLine, tree.DerivedArch)) and statement is not file.head:
            assert file.head is not None
            first = Span(file.source, file.head.start, file.head.end)
            place = Span(file.source, statement.start, statement.end)
            ctx.say(wording.arch.two_archs(place, first), scope)


def _own_scope(ctx: Context, file: LoadedFile, core: Scope) -> Scope:
    """The scope of a file that has only `meta` and `expect` of its own, above the parameters of OLD."""
    scope = Scope(core, file.source, core.current)
    scope.frame = None
    scope.names.update(file_scope(ctx, file, {}).names)
    for statement in file.tree.statements:
        if isinstance(statement, tree.Let):
            statements.run(ctx, [statement], scope, Builder())
        elif not isinstance(statement, (tree.Meta, tree.Expect, tree.Import, tree.DerivedArch, tree.Definition, tree.Broken)):
            ctx.say(wording.statements.steps_beside_structure(scope.span(statement)), scope)
    return scope


def _meta(ctx: Context, file: LoadedFile, scope: Scope) -> dict[str, Evaluated]:
    meta: dict[str, Evaluated] = {}
    settings = [
        setting for statement in file.tree.statements if isinstance(statement, tree.Meta) for setting in statement.settings
    ]
    try:
        refuse_twice([setting.name for setting in settings if setting.name is not None], scope)
    except Mistake as wrong:
        ctx.say(wrong, scope)
    for statement in file.tree.statements:
        if not isinstance(statement, tree.Meta):
            continue
        for setting in statement.settings:
            assert setting.name is not None
            try:
                value = evaluate(setting.value, scope)
                if isinstance(value, (Value, ListValue, Closure, ArchClosure)):
                    raise wording.arch.bad_fact(value, scope.span(setting))
                meta[setting.name.text] = value
            except (Mistake, Silent) as wrong:
                ctx.say(wrong, scope)
    return meta


def _expectations(ctx: Context, file: LoadedFile, scope: Scope) -> tuple[Expectation, ...]:
    found = []
    for statement in file.tree.statements:
        if not isinstance(statement, tree.Expect):
            continue
        # What compares with a number as it is written is the same in every run over the text.
        key = ("expect", statement.start) if isinstance(statement.value, tree.Number) else None
        known = file.results.get(key, Expectation) if key is not None else None
        try:
            known = known or expectation(statement, scope)
        except (Mistake, Silent) as wrong:
            ctx.say(wrong, scope)
            continue
        if key is not None:
            file.results.keep(key, known)
        found.append(known)
    return tuple(found)


def _is_wanted(value: Evaluated) -> TypeGuard[Number | tuple[Number, ...]]:
    return is_number(value) or (isinstance(value, tuple) and all(is_number(part) for part in value))


def expectation(s: tree.Expect, scope: Scope) -> Expectation:
    """A contract with its right side evaluated.

    Raises:
        Mistake: what stands on the right is nothing to compare with.
    """
    if isinstance(s.value, tree.Logic):
        raise wording.arch.several_relations(scope.span(s))
    written = scope.source.text[s.value.start : s.value.end]
    if s.relation == "~=" and not isinstance(s.value, tree.Number):
        raise wording.arch.approximate_without_literal(scope.span(s.value))
    value = evaluate(s.value, scope)
    if not _is_wanted(value):
        refuse_word(s.value, value, scope)
        raise wording.arch.bad_contract(value, scope.span(s.value))
    digits = significant_digits(written) if isinstance(s.value, tree.Number) else 0
    operator = s.operator.text if s.operator is not None else None
    metric = Span(scope.source, s.start + len("expect"), s.metric_end)
    start = metric.start + len(metric.text) - len(metric.text.lstrip())
    return Expectation(
        s.path,
        operator,
        s.relation,
        value,
        digits,
        written,
        scope.span(s),
        Span(scope.source, start, s.metric_end),
    )
