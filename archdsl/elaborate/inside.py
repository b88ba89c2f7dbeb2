"""Labels inside a part, read after it as `@part.label`: which are read, and how they come out. Must not run statements.

A value of a finished region is known outside only as one of its outputs. So what a file reads of its parts is looked up in its
text before the region is finished, and just that comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archdsl.program.builder import Builder
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Scope
from archdsl.program.values import Current, ListValue, Value, of_values
from archdsl.syntax import tree
from archdsl.text import Span

Path = tuple[str, ...]
"""Labels from the outside in: `skip` of `@down.skip`."""


def take_in(scope: Scope, inner: Scope, *, several: bool = False) -> None:
    """The labels of a body that opens no scope of its own are labels of what is around it; of a loop's body, one a run."""
    if not inner.labels and not inner.inside:
        return
    for name, value in labels_of(inner).items():
        if not several:
            scope.inside[name] = value
        elif isinstance(value, Value):
            known = scope.inside.get(name)
            before = known.items if isinstance(known, ListValue) else ()
            scope.inside[name] = ListValue((*before, value))


def labels_of(scope: Scope) -> dict[str, Current]:
    """The labels of a body and of the bodies in it that opened no scope; not what its loops go over."""
    own = {name: value for name, value in scope.labels.items() if name not in scope.given}
    return {**scope.inside, **own}


def leaving(scope: Scope, inner: Scope, label: str | None) -> dict[Path, Current]:
    """The values of a body that the file reads after it, by path. `label`: that of the part; None for a part without one."""
    if not inner.labels and not inner.inside:
        return {}
    wanted = _wanted(scope, label)
    return dict(_reached(labels_of(inner), (), wanted)) if wanted else {}


def bring_out(own: Builder, values: Mapping[Path, Current], span: Span) -> dict[Path, list[str]]:
    """Make values outputs of the region; for each path the names of its outputs."""
    names: dict[Path, list[str]] = {}
    for path, value in values.items():
        items = value.items if isinstance(value, ListValue) else (value,)
        for item in items:
            assert isinstance(item, Value)
            names.setdefault(path, []).append(_exported(own, "_".join(path), item, span))
    return names


def members(names: Mapping[Path, list[str]], values: Mapping[Path, Current], given: Mapping[str, Value]) -> dict[str, Current]:
    """What a label reads, from the outputs that came out: a list where it was one, deeper labels in their part."""
    found: dict[str, Any] = {}
    for path in sorted(names, key=len):
        items = tuple(given[name] for name in names[path])
        value: Any = of_values(items) if isinstance(values[path], ListValue) else items[0]
        holder: Any = found
        for part in path[:-1]:
            holder = holder[part].members
        holder[path[-1]] = value
    return found


def _exported(own: Builder, name: str, value: Value, span: Span) -> str:
    """The value as an output under the name, or one like it where that is taken."""
    free, number = name, 2
    while free in own.exported:
        free, number = f"{name}{number}", number + 1
    own.export(free, value, False, span)
    return free


def _reached(labels: Mapping[str, Any], before: Path, wanted: frozenset[Path]) -> Iterator[tuple[Path, Current]]:
    for name, value in labels.items():
        path = (*before, name)
        if path in wanted and isinstance(value, (Value, ListValue)):
            yield path, value
            if isinstance(value, Value):
                yield from _reached(value.members, path, wanted)


def _wanted(scope: Scope, label: str | None) -> frozenset[Path]:
    """The paths that the file reads after a label; without one, after any. A path's beginnings are in it too."""
    file = next((inner.file for inner in scope.chain() if inner.file is not None), None)
    if file is None:
        return frozenset()
    found: set[Path] = set()
    for chain in _chains(file):
        for at in range(1, len(chain)):
            if label is None or chain[at - 1] == label:
                found |= {chain[at:end] for end in range(at + 1, len(chain) + 1)}
    return frozenset(found)


def _chains(file: LoadedFile) -> frozenset[Path]:
    """Every `@a.b.c` of the file, as its names."""
    if "@" not in file.source.text:
        return frozenset()
    if file.results.chains is None:
        found: set[Path] = set()
        stack: list[Any] = [file.tree.statements]
        while stack:
            node = stack.pop()
            if isinstance(node, tree.Attribute):
                chain = _chain(node)
                if chain is not None:
                    found.add(chain)
                    continue
            if isinstance(node, tuple) and not isinstance(node, tree.Ident):
                stack += [part for part in node if isinstance(part, tuple)]
        file.results.chains = frozenset(found)
    return file.results.chains


def _chain(node: object) -> Path | None:
    names: list[str] = []
    while not isinstance(node, tree.Reference):
        if isinstance(node, tree.Attribute):
            names.append(node.name.text)
        elif not isinstance(node, (tree.Index, tree.Slice)):
            return None
        node = node.value
    return (node.label, *reversed(names))
