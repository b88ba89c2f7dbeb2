"""Definitions that nothing called: their names are checked, since no shapes ever reach them. Must not elaborate.

A library is made of such definitions, so a misspelt operator in one must not wait for its first user.
"""

from __future__ import annotations

from typing import Any

from archdsl import wording
from archdsl.diagnostics import Diagnostic
from archdsl.elaborate.joins import JOINS
from archdsl.ops.registry import find
from archdsl.program.file import LoadedFile
from archdsl.syntax import tree
from archdsl.text import Source, Span

_BUILT_IN = frozenset({"pick", "body"})


def check_uncalled_definitions(file: LoadedFile, called: set[int], report: list[Diagnostic]) -> None:
    """Report calls of what does not exist, and arguments that an operator does not have.

    `called`: where the definitions start that were elaborated.
    """
    if file.tree.is_broken:
        return
    names = {*file.definitions, *file.imported}
    names |= {p.name.text for p in file.head.parameters} if isinstance(file.head, tree.ArchLine) else set()
    for statement in file.tree.statements:
        if isinstance(statement, tree.Let):
            names.add(statement.name.text)
    for statement in file.tree.statements:
        if isinstance(statement, tree.Definition) and statement.start not in called:
            _check(statement, names, file.source, report)


def _check(definition: tree.Definition, outer: set[str], source: Source, report: list[Diagnostic]) -> None:
    names = {*outer, *_bound(definition)}
    stack: list[Any] = [definition.body]
    while stack:
        node = stack.pop()
        if isinstance(node, tree.Call):
            _call(node, names, source, report)
        if isinstance(node, tuple) and not isinstance(node, tree.Ident):
            stack.extend(part for part in reversed(node) if isinstance(part, tuple))


def _bound(definition: tree.Definition) -> set[str]:
    """Every name that is bound anywhere inside: without running it, what shadows what is not asked."""
    names = {parameter.name.text for parameter in definition.parameters}
    stack: list[Any] = [definition.body]
    while stack:
        node = stack.pop()
        if isinstance(node, (tree.Definition, tree.Let, tree.SharedLine)):
            names.add(node.name.text)
        if isinstance(node, tree.Definition):
            names |= {parameter.name.text for parameter in node.parameters}
        if isinstance(node, (tree.For, tree.Over, tree.Comprehension)):
            names |= {target.text for target in node.targets}
        if isinstance(node, tuple) and not isinstance(node, tree.Ident):
            stack.extend(part for part in node if isinstance(part, tuple))
    return names


def _call(call: tree.Call, names: set[str], source: Source, report: list[Diagnostic]) -> None:
    name = call.name.text
    if name in names or name in _BUILT_IN or name in JOINS:
        return
    operator = find(name)
    if operator is None:
        span = Span(source, call.name.start, call.name.end)
        report.append(wording.calls.unknown_callee(name, span, names).diagnostic)
        return
    known = tuple(argument.name for argument in operator.arguments)
    for argument in call.arguments:
        if argument.name is not None and argument.name.text not in known:
            place = Span(source, argument.start, argument.end)
            report.append(wording.arguments.unknown_argument(operator.name, argument.name.text, known, place).diagnostic)
