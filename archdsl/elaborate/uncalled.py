"""Definitions and shared modules that nothing called, run with everything unknown that a call would give. Must not word facts.

A library is made of such definitions, so a misspelt operator in one must not wait for its first user. What depends on a value
stays silent, as it does after a mistake. So nothing is refused that some call would allow.
"""

from __future__ import annotations

from collections.abc import Iterator

from archdsl.diagnostics.mistake import Mistake, Silent
from archdsl.elaborate import statements
from archdsl.elaborate.file_scope import file_scope, library
from archdsl.expressions.evaluate import evaluate
from archdsl.program.builder import Builder
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import UNKNOWN
from archdsl.syntax import tree

_RUN_NUMBERS = ("index", "first", "last")


def uncalled(file: LoadedFile, called: set[int]) -> list[tree.Statement]:
    """The definitions and shared modules of a file that no call elaborated.

    Args:
        called: the places of those that were (the name of a shared module).
    """
    return [statement for statement in file.tree.statements if _is_uncalled(statement, called)]


def check_uncalled(ctx: Context, file: LoadedFile, waiting: list[tree.Statement]) -> None:
    """Report what is wrong in them whatever calls them; of a library also in its values."""
    ctx.look = look_inside
    scope = _scope_of(ctx, file)
    for statement in waiting:
        if isinstance(statement, tree.Definition):
            _definition(ctx, statement, scope)
        elif isinstance(statement, tree.SharedLine):
            _body(ctx, statement.body, scope.child(UNKNOWN))


def _is_uncalled(statement: tree.Statement, called: set[int]) -> bool:
    if isinstance(statement, tree.Definition):
        return statement.start not in called
    return isinstance(statement, tree.SharedLine) and statement.name.start not in called


def _scope_of(ctx: Context, file: LoadedFile) -> Scope:
    """The file's names. Those of an arch have other values in every run; a library has but one run."""
    if file.head is None:
        scope = library(ctx, file)
        for statement in file.tree.statements:
            if isinstance(statement, tree.Let):
                _evaluate(ctx, statement.value, scope)
    else:
        scope = file_scope(ctx, file, {})
        for name in file.values:
            scope.names[name] = UNKNOWN
    for statement in file.tree.statements:
        if isinstance(statement, tree.SharedLine):
            scope.names[statement.name.text] = UNKNOWN
        elif isinstance(statement, tree.Input):
            scope.labels[statement.name.text] = UNKNOWN
        elif isinstance(statement, tree.Step) and statement.label is not None:
            scope.labels[statement.label.text] = UNKNOWN
    return scope


def _definition(ctx: Context, s: tree.Definition, scope: Scope) -> None:
    frame = Frame(s.name.text, None, (), scope.frame, definition=s)
    callee = Scope(scope, scope.source, UNKNOWN, frame=frame)
    callee.names["body"] = UNKNOWN
    for parameter in s.parameters:
        if parameter.default is not None:
            _evaluate(ctx, parameter.default, callee)
        _bind(parameter.name.text, callee)
    _body(ctx, s.body, Scope(callee, callee.source, UNKNOWN))


def _body(ctx: Context, body: tree.Body, scope: Scope) -> None:
    try:
        statements.run_body(ctx, body, scope, Builder())
    except (Mistake, Silent) as wrong:
        ctx.say(wrong, scope)


def look_inside(ctx: Context, statement: tree.Statement, scope: Scope) -> None:
    """What a statement holds that running it did not reach: names in its expressions, and its bodies."""
    if isinstance(statement, tree.Definition):
        _definition(ctx, statement, scope)
        return
    for part, targets in _parts(statement):
        inner = scope.child(UNKNOWN)
        inner.pending = None
        inner.names |= dict.fromkeys(_RUN_NUMBERS, UNKNOWN)
        for name in targets:
            _bind(name, inner)
        if isinstance(part, tree.Branch):
            if id(part.statements) not in ctx.ran:
                inner.is_stage = isinstance(statement, tree.Step) and _is_of_stage(statement, part)
                statements.run(ctx, part.statements, inner, Builder())
        else:
            _names(ctx, part, inner)


def _is_of_stage(step: tree.Step, branch: tree.Branch) -> bool:
    is_stage = step.role is not None and step.role.text == "stage"
    return is_stage and isinstance(step.unit, tree.Body) and any(branch is own for own in step.unit.branches)


def _bind(name: str, scope: Scope) -> None:
    """A call may give a number, something that is called, or a value."""
    scope.names[name] = scope.labels[name] = UNKNOWN


def _evaluate(ctx: Context, expression: tree.Expression, scope: Scope) -> None:
    try:
        evaluate(expression, scope)
    except Mistake as wrong:
        ctx.say(wrong, scope)
    except Silent:
        _names(ctx, expression, scope)


def _names(ctx: Context, expression: tree.Part, scope: Scope) -> None:
    """Each name in an expression whose value depends on a call."""
    if isinstance(expression, (tree.Variable, tree.Reference)):
        try:
            evaluate(expression, scope)
        except (Mistake, Silent) as wrong:
            ctx.say(wrong, scope)
        return
    if isinstance(expression, tree.Comprehension):
        _names(ctx, expression.source, scope)
        scope = scope.child(UNKNOWN)
        for target in expression.targets:
            _bind(target.text, scope)
        _names(ctx, expression.element, scope)
        if expression.condition is not None:
            _names(ctx, expression.condition, scope)
        return
    for part in tree.parts(expression):
        _names(ctx, part, scope)


def _parts(statement: tree.Statement) -> Iterator[tuple[tree.Part, tuple[str, ...]]]:
    """The expressions and branches of a statement, outermost first, each with the names that a loop binds in it."""
    stack: list[tuple[tree.Part, tuple[str, ...]]] = [(statement, ())]
    while stack:
        node, bound = stack.pop()
        if isinstance(node, (tree.Branch, tree.Comprehension)):
            yield node, bound
        else:
            over = node if isinstance(node, tree.For) else node.over if isinstance(node, tree.Call) else None
            inside = bound if over is None else tuple(target.text for target in over.targets)
            stack += [(part, inside if isinstance(part, tree.Body) else bound) for part in reversed(tree.parts(node))]
            if isinstance(node, (tree.Variable, tree.Reference)):
                yield node, bound
