"""Whole files: parameters, inputs, `arch NEW = OLD(…)`, and the network at the end. Must not know single operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from archdsl.diagnostics import Fix, Label
from archdsl.diagnostics.mistake import Mistake, Silent, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.elaborate import statements
from archdsl.elaborate.file_scope import file_scope, parameters_of, resolve_base, unknown_parameter
from archdsl.elaborate.reuse import run_kept
from archdsl.expressions.evaluate import evaluate, is_number, refuse_twice
from archdsl.expressions.names import look_up
from archdsl.ir import Network
from archdsl.ir.network import Expectation
from archdsl.program.builder import Builder
from archdsl.program.callables import ArchClosure, Closure
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import UNKNOWN, Current, ListValue, Unknown, Value
from archdsl.shapes import Formula, Shape
from archdsl.syntax import tree
from archdsl.syntax.reductions import significant_digits
from archdsl.text import Span
from archdsl.wording.operators import whole
from archdsl.wording.values import kind_of, quoted, show

_MOST_DIM = 10**9


class Overrides:
    """What the user sets from outside: arch parameters and input shapes, by name."""

    __slots__ = ("inputs", "parameters")

    def __init__(
        self, parameters: Mapping[str, Any] | None = None, inputs: Mapping[str, tuple[int, ...]] | None = None
    ) -> None:
        self.parameters = dict(parameters or {})
        self.inputs = dict(inputs or {})


class _Run:
    """One run over the statements of a file."""

    __slots__ = ("builder", "ctx", "file", "given_inputs", "inputs", "scope", "symbols")

    def __init__(
        self, ctx: Context, file: LoadedFile, scope: Scope, builder: Builder, given: Mapping[str, tuple[int, ...]]
    ) -> None:
        self.ctx = ctx
        self.file = file
        self.scope = scope
        self.builder = builder
        self.given_inputs = given
        self.inputs: list[tuple[str, Shape]] = []
        self.symbols: list[str] = []

    def steps(self, replaced: Current | None) -> None:
        """Run everything that computes. `replaced` stands for the only input where the arch is called like a definition."""
        for statement in self.file.tree.statements:
            if isinstance(statement, tree.Input):
                try:
                    self._input(statement, replaced)
                except (Mistake, Silent) as wrong:
                    self.ctx.say(wrong, self.scope)
                    self.scope.current = UNKNOWN
            elif not isinstance(statement, (tree.Meta, tree.Expect, tree.Import, tree.Arch, tree.DerivedArch)):
                self._before_input(statement)
                run_kept(self.ctx, self.file, statement, self.scope, self.builder)

    def _before_input(self, statement: tree.Statement) -> None:
        computes = isinstance(statement, (tree.Step, tree.For, tree.If, tree.Aux, tree.OutputOf))
        if computes and not self.inputs and not self.file.tree.is_broken:
            later = any(isinstance(s, tree.Input) for s in self.file.tree.statements)
            span = self.scope.span(statement)
            text = "the `input` line comes later" if later else "for example `input image[3, 224, 224]`"
            self.ctx.say(mistake("no-input", "a step needs an `input` line before it", span, notes=[text]), self.scope)
            self.inputs.append(("", ()))

    def _input(self, s: tree.Input, replaced: Current | None) -> None:
        span = Span(self.scope.source, s.name.start, s.name.end)
        if self.builder.steps:
            raise mistake("input-after-step", "`input` lines stand before the first step", self.scope.span(s))
        name = s.name.text
        if name in self.scope.labels:
            first = self.scope.labels[name]
            labels = [Label(first.step, "first here")] if isinstance(first, Value) and first.step is not None else []
            raise mistake("duplicate-label", f"the input `{name}` is declared twice", span, labels=labels)
        self.inputs.append((name, ()))
        shape = self._shape(s, replaced)
        self.inputs[-1] = (name, shape)
        if replaced is None:
            template = Value(self.builder, 0, shape, (span,) * len(shape), span)
            (value,) = self.builder.enter([template])
        else:
            assert isinstance(replaced, Value)
            value = replaced
        self.scope.labels[name] = value
        if len(self.inputs) == 1:
            self.scope.current = value
        elif replaced is not None:
            raise mistake("too-many-inputs", "an arch that is called like a definition has one input", self.scope.span(s))

    def _shape(self, s: tree.Input, replaced: Current | None) -> Shape:
        span = self.scope.span(s)
        given: tuple[Any, ...] | None = self.given_inputs.get(s.name.text)
        if isinstance(replaced, Value):
            given = replaced.shape
        for dim in s.dims:
            for name in _names(dim):
                if look_up(name, self.scope) is None:
                    self.symbols.append(name)
                    self.scope.names[name] = Formula.symbol(name)
        shape = tuple(self._dim(dim) for dim in s.dims)
        if not 1 <= len(shape) <= 3:
            raise mistake(
                "bad-input-shape",
                f"an input has 1, 2 or 3 axes, not {len(shape)}",
                span,
                notes=["without the batch: `[C, H, W]`, `[T, D]` or `[D]`"],
            )
        if given is None:
            return shape
        if len(given) != len(shape):
            if replaced is not None:
                frame = self.scope.frame
                call = frame.call if frame is not None and frame.call is not None else span
                raise mistake(
                    "shape-mismatch",
                    f"the arch `{frame.name if frame is not None else ''}` takes {show(shape)}, and this is {show(given)}",
                    call,
                    labels=[Label(span, "its input")] if call is not span else [],
                )
            raise mistake(
                "bad-input-shape", f"the input `{s.name.text}` has {len(shape)} axes, and {show(given)} was given", span
            )
        self._solve(shape, given)
        return given

    def _dim(self, dim: tree.Expression) -> Any:
        value = evaluate(dim, self.scope)
        if isinstance(value, Formula) or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_DIM):
            return value
        most = f" up to {_MOST_DIM:,}" if isinstance(value, int) and value > _MOST_DIM else ""
        span = self.scope.span(dim)
        message = f"a dimension is a positive integer{most}, not {quoted(value)}"
        fixes = [whole(span)] if isinstance(value, (Fraction, float)) else []
        raise mistake("bad-input-shape", message, span, fixes=fixes)

    def _solve(self, shape: Shape, given: tuple[Any, ...]) -> None:
        """A size given for `2*H` fixes H."""
        for dim, size in zip(shape, given, strict=True):
            if not isinstance(dim, Formula) or len(dim.symbols) != 1:
                continue
            (symbol,) = dim.symbols
            known = self.scope.names.get(symbol)
            if symbol not in self.symbols or not isinstance(known, Formula):
                continue
            factor = dim.terms.get(((symbol, 1),))
            if factor is None:
                continue
            rest = dim - factor * Formula.symbol(symbol)
            value = (size - rest) / factor
            if isinstance(value, (int, Formula)) or value.denominator == 1:
                self.scope.names[symbol] = int(value) if not isinstance(value, Formula) else value
                self.symbols.remove(symbol)


def _names(expression: Any) -> Iterator[str]:
    """Names in an expression, in order."""
    if isinstance(expression, tree.Variable):
        yield expression.name
    elif isinstance(expression, tuple):
        for part in expression:
            if isinstance(part, tuple) and not isinstance(part, tree.Ident):
                yield from _names(part)


def run_as_definition(
    ctx: Context,
    file: LoadedFile,
    written: Mapping[str, Any],
    current: Current,
    own: Builder,
    frame: Frame,
) -> Current:
    """An arch called like a definition: its steps on `current`."""
    core, settings = resolve_base(ctx, file, written)
    inner = file_scope(ctx, core, settings, frame)
    run = _Run(ctx, core, inner, own, {})
    run.steps(replaced=current)
    return inner.current


def build(ctx: Context, file: LoadedFile, overrides: Overrides) -> Network | None:
    """The network of a root file; None where a mistake left it unknown (the report says which)."""
    head = file.head
    if head is None:
        return None
    try:
        _refuse_unknown(head, parameters_of(file), overrides, file)
        core, settings = resolve_base(ctx, file, overrides.parameters)
    except (Mistake, Silent) as wrong:
        ctx.say(wrong, Scope(None, file.source))
        return None
    scope = file_scope(ctx, core, settings, _frame_of_old(file, core))
    _refuse_second_head(ctx, file, scope)
    builder = Builder()
    run = _Run(ctx, core, scope, builder, overrides.inputs)
    run.steps(replaced=None)
    unknown = [name for name in overrides.inputs if name not in dict(run.inputs)]
    for name in unknown:
        ctx.say(_no_such_input(name, run.inputs, head, file), scope)
    own = scope if core is file else _own_scope(ctx, file, scope)
    expectations = _expectations(ctx, file, own)
    meta = _meta(ctx, file, own)
    span = Span(file.source, head.start, head.end)
    if not run.inputs and core.tree.is_broken:
        return None
    if not run.inputs:
        ctx.say(
            mistake(
                "no-input",
                f"the arch `{head.name.text}` has no `input` line",
                span,
                notes=["for example `input image[3, 224, 224]`"],
            ),
            scope,
        )
        return None
    if isinstance(scope.current, ListValue):
        ctx.say(
            mistake("value-is-list", "the network ends in a list of values", span, notes=["join them, or `pick` one"]), scope
        )
        return None
    if isinstance(scope.current, Unknown) or ctx.report:
        return None
    parameters = {name: scope.names.get(name) for name in parameters_of(core)}
    arch = core.head if isinstance(core.head, tree.Arch) else None
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


def _frame_of_old(file: LoadedFile, core: LoadedFile) -> Frame | None:
    """Mistakes in the steps of OLD name the `arch NEW = OLD(…)` that runs them."""
    head = file.head
    if core is file or not isinstance(head, tree.DerivedArch):
        return None
    return Frame(head.base.text, Span(file.source, head.base.start, head.end), (), None)


def _refuse_unknown(head: tree.Arch | tree.DerivedArch, known: list[str], overrides: Overrides, file: LoadedFile) -> None:
    for name in overrides.parameters:
        if name not in known:
            raise unknown_parameter(head.name.text, name, known, Span(file.source, head.name.start, head.name.end))


def _refuse_second_head(ctx: Context, file: LoadedFile, scope: Scope) -> None:
    for statement in file.tree.statements:
        if isinstance(statement, (tree.Arch, tree.DerivedArch)) and statement is not file.head:
            assert file.head is not None
            first = Label(Span(file.source, file.head.start, file.head.end), "first here")
            place = Span(file.source, statement.start, statement.end)
            ctx.say(mistake("two-archs", "a file has at most one `arch` line", place, labels=[first]), scope)


def _no_such_input(name: str, inputs: list[tuple[str, Shape]], head: Any, file: LoadedFile) -> Mistake:
    known = [known for known, _ in inputs]
    guess = nearest(name, known)
    return mistake(
        "unknown-input",
        f"the arch `{head.name.text}` has no input `{name}`",
        Span(file.source, head.name.start, head.name.end),
        notes=["its inputs: " + ", ".join(f"`{n}`" for n in known)],
        fixes=[Fix(f"did you mean `{guess}`?")] if guess else [],
    )


def _own_scope(ctx: Context, file: LoadedFile, core: Scope) -> Scope:
    """The scope of a file that has only `meta` and `expect` of its own, above the parameters of OLD."""
    scope = Scope(core, file.source, core.current)
    scope.frame = None
    scope.names.update(file_scope(ctx, file, {}).names)
    for statement in file.tree.statements:
        if isinstance(statement, tree.Let):
            statements.run(ctx, [statement], scope, Builder())
        elif not isinstance(statement, (tree.Meta, tree.Expect, tree.Import, tree.DerivedArch, tree.Definition, tree.Broken)):
            ctx.say(
                mistake(
                    "misplaced-statement",
                    "`arch NEW = OLD(…)` takes the structure of OLD, so no steps stand here",
                    scope.span(statement),
                    notes=["an arch may be called like a definition: `arch NEW(…)`, `input …`, then `OLD(…)`"],
                ),
                scope,
            )
    return scope


def _meta(ctx: Context, file: LoadedFile, scope: Scope) -> dict[str, Any]:
    meta: dict[str, Any] = {}
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
                    raise mistake(
                        "bad-meta", f"a fact is a number, a string or a list, and this is {kind_of(value)}", scope.span(setting)
                    )
                meta[setting.name.text] = value
            except (Mistake, Silent) as wrong:
                ctx.say(wrong, scope)
    return meta


def _expectations(ctx: Context, file: LoadedFile, scope: Scope) -> tuple[Expectation, ...]:
    found = []
    for statement in file.tree.statements:
        if isinstance(statement, tree.Expect):
            try:
                found.append(_expectation(statement, scope))
            except (Mistake, Silent) as wrong:
                ctx.say(wrong, scope)
    return tuple(found)


def _expectation(s: tree.Expect, scope: Scope) -> Expectation:
    written = scope.source.text[s.value.start : s.value.end]
    if s.relation == "~=" and not isinstance(s.value, tree.Number):
        raise mistake(
            "approximate-needs-literal",
            "`~=` compares with a number as it is written, so a literal stands on its right",
            scope.span(s.value),
            notes=["`expect macs ~= 4.1G` holds when the value rounds to two digits 4.1"],
        )
    value = evaluate(s.value, scope)
    if not (is_number(value) or (isinstance(value, tuple) and all(is_number(part) for part in value))):
        message = f"a contract compares with a number or a shape, and this is {kind_of(value)}"
        raise mistake("not-a-number", message, scope.span(s.value))
    digits = significant_digits(written) if isinstance(s.value, tree.Number) else 0
    operator = s.operator.text if s.operator is not None else None
    metric = Span(scope.source, s.start + len("expect"), s.metric_end)
    start = metric.start + len(metric.text) - len(metric.text.lstrip())
    return Expectation(
        s.path,
        operator,
        s.relation,  # type: ignore[arg-type]
        value,
        digits,
        written,
        scope.span(s),
        Span(scope.source, start, s.metric_end),
    )
