"""Definitions that call themselves, directly or in a circle: refused before anything runs, so that elaboration ends."""

from __future__ import annotations

from collections.abc import Iterator

from archdsl import wording
from archdsl.diagnostics import Diagnostic
from archdsl.elaborate.keys import words_of
from archdsl.program.file import LoadedFile
from archdsl.syntax import tree
from archdsl.text import Source, Span


def refuse_circles(file: LoadedFile, report: list[Diagnostic], seen: set[int] | None = None) -> None:
    """Report every circle of definitions in a file and in what it imports; the names in it are unknown from then on."""
    seen = set() if seen is None else seen
    if id(file) in seen:
        return
    seen.add(id(file))
    for loaded, _ in file.imported.values():
        refuse_circles(loaded, report, seen)
    if file.results.has_circles is False:
        return
    if not _may_be_circular(file):
        file.instances["circular"] = set()
        file.results.has_circles = False
        return
    circular: set[str] = set()
    for body in _bodies(file.tree.statements):
        definitions = {s.name.text: s for s in body if isinstance(s, tree.Definition)}
        if definitions:
            # Behind a syntax mistake a body may hold what does not belong to it: the circle is avoided and not reported.
            circular |= _circles(definitions, file.source, [] if file.tree.is_broken else report)
    file.instances["circular"] = circular
    file.results.has_circles = bool(circular)


def _may_be_circular(file: LoadedFile) -> bool:
    """False is sure: the words of a definition are at least the definitions that it calls. The walk serves elaboration too."""
    if any(words_of(file, statement).defines for statement in file.tree.statements):
        return True
    callers: dict[str, list[str]] = {name: [] for name in file.definitions}
    open_calls: dict[str, int] = {}
    for name, definition in file.definitions.items():
        called = words_of(file, definition).names & callers.keys()
        open_calls[name] = len(called)
        for callee in called:
            callers[callee].append(name)
    ready = [name for name, count in open_calls.items() if not count]
    for name in ready:
        for caller in callers[name]:
            open_calls[caller] -= 1
            if not open_calls[caller]:
                ready.append(caller)
    return len(ready) < len(open_calls)


def _circles(definitions: dict[str, tree.Definition], source: Source, report: list[Diagnostic]) -> set[str]:
    calls = {name: [(n, at) for n, at in _names(d) if n in definitions] for name, d in definitions.items()}
    done: set[str] = set()
    found: set[str] = set()
    for start in definitions:
        path: list[str] = []
        _walk(start, calls, path, done, found, definitions, source, report)
    return found


def _walk(
    name: str,
    calls: dict[str, list[tuple[str, tree.Placed]]],
    path: list[str],
    done: set[str],
    found: set[str],
    definitions: dict[str, tree.Definition],
    source: Source,
    report: list[Diagnostic],
) -> None:
    """Depth first with a stack of its own: a chain of definitions may be long."""
    stack: list[tuple[str, Iterator[tuple[str, tree.Placed]]]] = [(name, iter(calls[name]))] if name not in done else []
    path[:] = [name]
    while stack:
        current, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            done.add(current)
            stack.pop()
            path.pop()
            continue
        target, at = following
        if target in path:
            circle = path[path.index(target) :]
            if not found & set(circle):
                defined = definitions[target].name
                closing, first = Span(source, at.start, at.end), Span(source, defined.start, defined.end)
                report.append(wording.circles.definition_circle(circle, closing, first).diagnostic)
            found.update(circle)
        elif target not in done:
            stack.append((target, iter(calls[target])))
            path.append(target)


def _bodies(statements: tuple[tree.Statement, ...]) -> Iterator[tuple[tree.Statement, ...]]:
    yield from _with_definitions(statements)
    for part in tree.walk(statements):
        if isinstance(part, tree.Branch):
            yield from _with_definitions(part.statements)


def _with_definitions(statements: tuple[tree.Statement, ...]) -> Iterator[tuple[tree.Statement, ...]]:
    if any(isinstance(statement, tree.Definition) for statement in statements):
        yield statements


def _names(definition: tree.Definition) -> Iterator[tuple[str, tree.Placed]]:
    """Names that a definition calls or passes on, less its own parameters and inner definitions."""
    own = {parameter.name.text for parameter in definition.parameters}
    found: list[tuple[str, tree.Placed]] = []
    for item in tree.walk(definition.body):
        if isinstance(item, tree.Call):
            found.append((item.name.text, item.name))
        elif isinstance(item, tree.Variable):
            found.append((item.name, item))
        elif isinstance(item, (tree.Definition, tree.Let, tree.SharedLine)):
            own.add(item.name.text)
        elif isinstance(item, (tree.For, tree.Over, tree.Comprehension)):
            own.update(target.text for target in item.targets)
    found.sort(key=lambda entry: entry[1].start)
    yield from (entry for entry in found if entry[0] not in own)
