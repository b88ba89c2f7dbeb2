"""Statements of an arch's own body, run once and put again into later networks of the same text. Must not know their forms.

What is put again is exactly what running would give: the key has the value that the statement starts from, the names of modules
so far, and the values of all names that it reads (`archdsl.program.cache`).
"""

from __future__ import annotations

from archdsl.elaborate import statements
from archdsl.elaborate.keys import key_of_names
from archdsl.ir import Step
from archdsl.program.builder import Builder
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Scope
from archdsl.program.state import Context
from archdsl.program.values import Origin, Value
from archdsl.records import NamedTuple
from archdsl.shapes import Shape
from archdsl.syntax import tree
from archdsl.text import Span

_MOST_NAMES = 200
"""A body with more modules than this is run again: to look up all their names for every statement would cost more."""


class _Ran(NamedTuple):
    """What a statement added to the builder, and the current value after it."""

    steps: tuple[Step, ...]
    shapes: tuple[Shape, ...]
    names: dict[str, int]
    number: int
    shape: Shape
    origins: tuple[Origin, ...]
    span: Span | None
    called: frozenset[tuple[str, int]]


def run_kept(ctx: Context, file: LoadedFile, statement: tree.Statement, scope: Scope, builder: Builder) -> None:
    """Run a statement of an arch's own body, or put what it gave in an earlier run."""
    key = _key(ctx, file, statement, scope, builder)
    if key is None:
        statements.run(ctx, [statement], scope, builder)
        return
    ran = file.results.get(key, _Ran)
    if ran is None:
        ran = _run(ctx, statement, scope, builder)
        if ran is not None:
            file.results.keep(key, ran)
        return
    builder.steps += ran.steps
    builder.shapes += ran.shapes
    builder.names = dict(ran.names)
    ctx.called |= ran.called
    scope.current = Value(builder, ran.number, ran.shape, ran.origins, ran.span)


def _key(
    ctx: Context, file: LoadedFile, statement: tree.Statement, scope: Scope, builder: Builder
) -> tuple[object, ...] | None:
    current = scope.current
    if not isinstance(statement, tree.Step) or statement.label is not None or ctx.report or len(builder.names) > _MOST_NAMES:
        return None
    if scope.frame is not None and scope.frame.drops_aux:
        # The arch is called like a definition: only the caller knows where its value comes from.
        return None
    if not isinstance(current, Value) or current.home is not builder or current.pool is not None or current.members:
        return None
    names = key_of_names(file, statement, scope)
    if names is None:
        return None
    start = current.number, current.shape, current.origins, current.step, len(builder.shapes)
    return statement.start, ctx.drops_aux, start, tuple(builder.names.items()), names


def _run(ctx: Context, statement: tree.Statement, scope: Scope, builder: Builder) -> _Ran | None:
    """Run it; None if it gave more than steps and a value."""
    steps, shapes, names = len(builder.steps), len(builder.shapes), dict(scope.names)
    beside = _beside(scope, builder)
    with ctx.calls_apart() as called:
        statements.run(ctx, [statement], scope, builder)
    current = scope.current
    if ctx.report or not isinstance(current, Value) or current.pool is not None or current.members:
        return None
    if beside != _beside(scope, builder) or scope.names != names:
        return None
    added = tuple(builder.steps[steps:])
    new = tuple(builder.shapes[shapes:])
    value = current.number, current.shape, current.origins, current.step
    return _Ran(added, new, dict(builder.names), *value, frozenset(called))


def _beside(scope: Scope, builder: Builder) -> tuple[int, ...]:
    return len(builder.exported), len(builder.order), len(builder.modules), len(builder.owned), len(scope.labels)
