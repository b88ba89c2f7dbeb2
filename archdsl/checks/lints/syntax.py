"""Warnings that the text alone shows: names that hide others, and names that nothing uses. Must not look at the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from archdsl import wording
from archdsl.diagnostics import Diagnostic
from archdsl.elaborate.joins import JOINS
from archdsl.ops.registry import find
from archdsl.program.file import LoadedFile
from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.text import Source, Span

_MOST_CHANNELS = 4
"""So many a picture has: red, green, blue and how opaque it is."""


def suspects_in_text(file: LoadedFile) -> Iterator[Diagnostic]:
    """The warnings of one file."""
    yield from _hidden_operators(file)
    yield from _unused_labels(file)
    yield from _unused_names(file)
    yield from _hidden_indices(file)
    yield from _channels_last(file)


def _channels_last(file: LoadedFile) -> Iterator[Diagnostic]:
    """`input x[32, 32, 3]`: a square picture as TensorFlow has it."""
    for line in file.tree.statements:
        if not isinstance(line, tree.Input):
            continue
        sizes = [dim.value for dim in line.dims if isinstance(dim, tree.Number)]
        if len(sizes) == len(line.dims) == 3 and sizes[0] == sizes[1] > _MOST_CHANNELS >= sizes[2]:
            span = Span(file.source, line.dims[0].start, line.dims[2].end)
            yield wording.lints.channels_last(sizes, span)


def _hidden_operators(file: LoadedFile) -> Iterator[Diagnostic]:
    for node in tree.walk(file.tree.statements):
        if isinstance(node, tree.Definition) and (find(node.name.text) is not None or node.name.text in JOINS):
            yield wording.lints.hides_operator(node.name.text, Span(file.source, node.name.start, node.name.end))


def _unused_labels(file: LoadedFile) -> Iterator[Diagnostic]:
    used: set[str] = set()
    labels: list[tree.Ident] = []
    for node in tree.walk(file.tree.statements):
        if isinstance(node, tree.Reference):
            used.add(node.label)
        elif isinstance(node, tree.Attribute):
            used.add(node.name.text)
        elif isinstance(node, tree.Expect):
            used.update(node.path)
        elif isinstance(node, tree.Step) and node.label is not None:
            labels.append(node.label)
    for label in labels:
        if label.text not in used and not label.text.startswith("_"):
            yield wording.lints.unused_label(label.text, Span(file.source, label.start, label.end))


def _unused_names(file: LoadedFile) -> Iterator[Diagnostic]:
    """A `let`, a shared module or a further input that nothing in the file reads; one name read anywhere counts as read."""
    read: set[str] = set()
    inputs = [s.name for s in file.tree.statements if isinstance(s, tree.Input)]
    bound: list[tuple[tree.Ident, wording.lints.Bound]] = [(name, "input") for name in inputs[1:]]
    beside: list[tree.SideValue] = []
    for node in tree.walk(file.tree.statements):
        match node:
            case tree.Variable():
                read.add(node.name)
            case tree.Call():
                read.add(node.name.text)
            case tree.Reference():
                read.add(node.label)
            case tree.Let():
                bound.append((node.name, "value"))
            case tree.SharedLine():
                bound.append((node.name, "shared module"))
            case tree.Attribute():
                read.add(node.name.text)
            case tree.SideValue():
                beside.append(node)
    for name, what in bound:
        if name.text not in read and not name.text.startswith("_"):
            yield wording.lints.unused_name(what, name.text, Span(file.source, name.start, name.end))
    for side in beside:
        if side.name.text not in read:
            yield wording.lints.unused_name("side value", side.name.text, Span(file.source, side.start, side.end))


class _Loop(NamedTuple):
    """What binds `index` around a place; `is_named`: it goes over `enumerate(…)`, so its count has a name of its own."""

    span: Span
    outer: _Loop | None
    is_named: bool = False

    @property
    def hidden(self) -> _Loop | None:
        """The loop around it whose run number is known only as `index`."""
        outer = self.outer
        while outer is not None and outer.is_named:
            outer = outer.outer
        return outer


_Around = tuple[tree.Part, Union[_Loop, None]]
"""A part, and the loop around it."""


def _hidden_indices(file: LoadedFile) -> Iterator[Diagnostic]:
    """`index` in arithmetic inside two loops that define it: the inner one is meant, or was forgotten."""
    stack: list[_Around] = [(statement, None) for statement in reversed(file.tree.statements)]
    while stack:
        node, loop = stack.pop()
        if isinstance(node, tree.Variable) and node.name == "index" and loop is not None and loop.hidden is not None:
            place = Span(file.source, node.start, node.end)
            yield wording.lints.hidden_index(place, read=loop.span, hidden=loop.hidden.span)
        stack.extend(_inside(node, loop, file.source))


def _inside(node: tree.Part, loop: _Loop | None, source: Source) -> list[_Around]:
    if isinstance(node, tree.Definition):
        # A definition does not see its caller's `index`.
        return [(part, None) for part in (node.body, *node.parameters)]
    if isinstance(node, tree.Step) and node.repeat is not None:
        inner = _Loop(Span(source, node.repeat.start, node.repeat.end), loop)
        return [(node.unit, inner), (node.repeat, loop)]
    if isinstance(node, tree.For):
        inner = _Loop(Span(source, node.start, node.source.end), loop, _is_counted(node.source))
        return [(node.body, inner), (node.source, loop)]
    if isinstance(node, tree.Call) and node.over is not None:
        over = Span(source, node.over.start, node.over.end)
        inner = _Loop(over, loop, _is_counted(node.over.source))
        body: list[_Around] = [(node.body, inner)] if node.body is not None else []
        return [*body, *((part, loop) for part in (node.over.source, *node.arguments))]
    return [(part, loop) for part in reversed(tree.parts(node))]


def _is_counted(source: tree.Expression) -> bool:
    return isinstance(source, tree.Function) and source.name.text == "enumerate"
