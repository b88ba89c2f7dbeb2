"""Names of files: arch parameters, imports, and `arch NEW = OLD(…)` traced to the file whose steps run. Must not run steps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from archdsl import wording
from archdsl.diagnostics.mistake import Mistake, Silent
from archdsl.elaborate import statements
from archdsl.expressions.evaluate import evaluate, refuse_twice
from archdsl.program.builder import Builder
from archdsl.program.callables import ArchClosure
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import NOT_YET, NOTHING, UNKNOWN, Binding, Evaluated, LazyLet
from archdsl.resources import zoo_path
from archdsl.syntax import tree
from archdsl.text import Span


def parameters_of(file: LoadedFile) -> list[str]:
    """Names of a file's arch parameters; those of OLD for `arch NEW = OLD(…)`."""
    head = file.head
    if isinstance(head, tree.ArchLine):
        return [parameter.name.text for parameter in head.parameters]
    base = base_file(file)
    return parameters_of(base) if base is not None else []


def base_file(file: LoadedFile) -> LoadedFile | None:
    """The file of OLD; None if it could not be imported, or is not an arch."""
    if not isinstance(file.head, tree.DerivedArch) or file.head.base.text not in file.imported:
        return None
    return file.home(file.head.base.text)


def library(ctx: Context, file: LoadedFile) -> Scope:
    """The names of an imported file, its arch parameters at their defaults."""
    scope: Scope | None = file.instances.get("library")
    if scope is None:
        scope = file.instances["library"] = file_scope(ctx, file, {})
        scope.current = NOTHING
        for statement in file.tree.statements:
            if isinstance(statement, tree.Let):
                scope.names[statement.name.text] = LazyLet(partial(evaluate, statement.value, scope))
            elif isinstance(statement, tree.Default):
                statements.run(ctx, [statement], scope, Builder())
    return scope


def file_scope(ctx: Context, file: LoadedFile, given: Mapping[str, Evaluated], frame: Frame | None = None) -> Scope:
    """A file's own scope: imports, parameters, definitions."""
    scope = Scope(None, file.source, NOT_YET, frame=frame, budget=ctx.budget)
    scope.file = file
    for name in file.imported:
        scope.names[name] = _imported(ctx, file.home(name), name)
    if isinstance(file.head, tree.ArchLine):
        _bind_parameters(ctx, file.head, given, scope)
    statements.hoist(file.tree.statements, scope)
    for name in file.instances.get("circular", ()):
        scope.names[name] = UNKNOWN
    return scope


def _imported(ctx: Context, home: LoadedFile, name: str) -> Binding:
    if name in home.definitions:
        return library(ctx, home).names.get(name, UNKNOWN)
    if home.head is not None and home.head.name.text == name:
        arch: ArchClosure | None = home.instances.get("arch")
        if arch is None:
            arch = home.instances["arch"] = ArchClosure(name, home)
        return arch
    return UNKNOWN


def _bind_parameters(ctx: Context, head: tree.ArchLine, given: Mapping[str, Evaluated], scope: Scope) -> None:
    try:
        refuse_twice([parameter.name for parameter in head.parameters], scope)
    except Mistake as wrong:
        ctx.say(wrong, scope)
    for parameter in head.parameters:
        name = parameter.name.text
        try:
            if name in given:
                scope.names[name] = given[name]
            elif parameter.default is None:
                raise wording.arch.parameter_without_default(name, scope.span(parameter))
            else:
                scope.names[name] = evaluate(parameter.default, scope)
        except (Mistake, Silent) as wrong:
            ctx.say(wrong, scope)
            scope.names[name] = UNKNOWN


def resolve_base(ctx: Context, file: LoadedFile, given: Mapping[str, Evaluated]) -> tuple[LoadedFile, dict[str, Evaluated]]:
    """Follow `arch NEW = OLD(…)` to the file whose steps run, with the parameters that are set on the way."""
    settings = dict(given)
    while isinstance(file.head, tree.DerivedArch):
        head = file.head
        base = base_file(file)
        span = Span(file.source, head.base.start, head.base.end)
        if base is None or base.head is None or base.head.name.text != head.base.text:
            if head.base.text in file.imported and file.imported[head.base.text][0].tree.is_broken:
                raise Silent
            raise _no_arch(file, head, span)
        scope = file_scope(ctx, file, {})
        known = parameters_of(base)
        for statement in file.tree.statements:
            if isinstance(statement, tree.Let):
                statements.run(ctx, [statement], scope, Builder())
        position = 0
        spans: dict[str, Span] = {}
        for argument in head.arguments:
            place = scope.span(argument)
            if argument.name is not None:
                name = argument.name.text
            elif position < len(known):
                name = known[position]
                position += 1
            else:
                raise wording.arch.too_many_parameters(head.base.text, known, place)
            if name not in known:
                raise wording.arch.unknown_parameter(head.base.text, name, known, place)
            if name in spans:
                is_named = argument.name is not None
                raise wording.arguments.argument_twice(head.base.text, name, known, place, spans[name], is_named)
            spans[name] = place
            settings.setdefault(name, evaluate(argument.value, scope))
        file = base
    return file, settings


def _no_arch(file: LoadedFile, head: tree.DerivedArch, span: Span) -> Mistake:
    name = head.base.text
    if name in file.imported:
        return wording.arch.definition_as_arch(name, span)
    line = Span(file.source, head.start, head.end)
    return wording.arch.unknown_arch(name, span, line, file.imported, is_in_zoo=zoo_path(name) is not None)
