"""Names of files: arch parameters, imports, and `arch NEW = OLD(…)` traced to the file whose steps run. Must not run steps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake, Silent, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.elaborate import statements
from archdsl.elaborate.arguments import argument_twice
from archdsl.expressions.evaluate import evaluate, refuse_twice
from archdsl.program.builder import Builder
from archdsl.program.callables import ArchClosure, LazyLet
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Frame, Scope
from archdsl.program.state import Context
from archdsl.program.values import NOT_YET, NOTHING, UNKNOWN
from archdsl.resources import zoo_path
from archdsl.syntax import tree
from archdsl.text import Span
from archdsl.wording.values import counted


def parameters_of(file: LoadedFile) -> list[str]:
    """Names of a file's arch parameters; those of OLD for `arch NEW = OLD(…)`."""
    head = file.head
    if isinstance(head, tree.Arch):
        return [parameter.name.text for parameter in head.parameters]
    base = base_file(file)
    return parameters_of(base) if base is not None else []


def base_file(file: LoadedFile) -> LoadedFile | None:
    """The file of OLD; None where it could not be imported, or is no arch."""
    if not isinstance(file.head, tree.DerivedArch) or file.head.base.text not in file.imported:
        return None
    return file.home(file.head.base.text)


def library(ctx: Context, file: LoadedFile) -> Scope:
    """The names of an imported file, its arch parameters at their defaults."""
    scope = file.instances.get("library")
    if scope is None:
        scope = file.instances["library"] = file_scope(ctx, file, {})
        scope.current = NOTHING
        for statement in file.tree.statements:
            if isinstance(statement, tree.Let):
                scope.names[statement.name.text] = LazyLet(partial(evaluate, statement.value, scope))
            elif isinstance(statement, tree.Default):
                statements.run(ctx, [statement], scope, Builder())
    return scope


def file_scope(ctx: Context, file: LoadedFile, given: Mapping[str, Any], frame: Frame | None = None) -> Scope:
    """A file's own scope: imports, parameters, definitions."""
    scope = Scope(None, file.source, NOT_YET, frame=frame, budget=ctx.budget)
    scope.file = file
    for name in file.imported:
        scope.names[name] = _imported(ctx, file.home(name), name)
    if isinstance(file.head, tree.Arch):
        _bind_parameters(ctx, file.head, given, scope)
    statements.hoist(file.tree.statements, scope)
    for name in file.instances.get("circular", ()):
        scope.names[name] = UNKNOWN
    return scope


def _imported(ctx: Context, home: LoadedFile, name: str) -> Any:
    if name in home.definitions:
        return library(ctx, home).names.get(name, UNKNOWN)
    if home.head is not None and home.head.name.text == name:
        arch = home.instances.get("arch")
        if arch is None:
            arch = home.instances["arch"] = ArchClosure(name, home)
        return arch
    return UNKNOWN


def _bind_parameters(ctx: Context, head: tree.Arch, given: Mapping[str, Any], scope: Scope) -> None:
    try:
        refuse_twice([parameter.name for parameter in head.parameters], scope)
    except Mistake as wrong:
        ctx.say(wrong, scope)
    for parameter in head.parameters:
        name = parameter.name.text
        span = Span(scope.source, parameter.start, parameter.end)
        try:
            if name in given:
                scope.names[name] = given[name]
            elif parameter.default is None:
                raise mistake(
                    "parameter-without-default",
                    f"the arch parameter `{name}` has no default",
                    span,
                    notes=["every arch parameter has one, so that the file stands by itself"],
                )
            else:
                scope.names[name] = evaluate(parameter.default, scope)
        except (Mistake, Silent) as wrong:
            ctx.say(wrong, scope)
            scope.names[name] = UNKNOWN


def resolve_base(ctx: Context, file: LoadedFile, given: Mapping[str, Any]) -> tuple[LoadedFile, dict[str, Any]]:
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
            name = argument.name.text if argument.name is not None else (known[position] if position < len(known) else "")
            position += argument.name is None
            if name not in known:
                raise unknown_parameter(head.base.text, name, known, scope.span(argument))
            if name in spans:
                raise argument_twice(head.base.text, name, known, argument, spans[name], scope)
            spans[name] = scope.span(argument)
            settings.setdefault(name, evaluate(argument.value, scope))
        file = base
    return file, settings


def _no_arch(file: LoadedFile, head: tree.DerivedArch, span: Span) -> Mistake:
    name = head.base.text
    if name in file.imported:
        notes = ["a definition is called in a body: it needs an `input` before it"]
        return mistake("unknown-arch", f"`{name}` is a definition, not an arch", span, notes=notes)
    line = f'from "{name}" import {name}'
    at = Span(file.source, head.start, head.start)
    fixes = [Fix("import it", (Edit(at, f"{line}\n"),))] if zoo_path(name) is not None else []
    guess = nearest(name, file.imported)
    if guess:
        fixes = [Fix(f"did you mean `{guess}`?", (Edit(span, guess),))]
    notes = [] if fixes else [f"an import stands above: `{line}`, or a path that ends in `.arch`"]
    return mistake("unknown-arch", f"no arch `{name}` is imported", span, notes=notes, fixes=fixes)


def unknown_parameter(arch: str, name: str, known: list[str], span: Span) -> Mistake:
    """The arch has no parameter `name`; where it is empty, a value by position is one too many."""
    notes = ["its parameters: " + ", ".join(f"`{p}`" for p in known)] if known else ["it has no parameters"]
    if not name:
        return mistake("too-many-arguments", f"the arch `{arch}` takes {counted(len(known), 'parameter')}", span, notes=notes)
    guess = nearest(name, known)
    written = Span(span.source, span.start, span.start + len(name)) if span.text.startswith(f"{name}=") else None
    edits = (Edit(written, guess),) if written and guess else ()
    fixes = [Fix(f"did you mean `{guess}`?", edits)] if guess else []
    return mistake(
        "unknown-parameter", f"the arch `{arch}` has no parameter `{name}`", written or span, notes=notes, fixes=fixes
    )
