"""Warnings that the text alone shows: names that hide others, and names that nothing uses. Must not look at the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, Union, cast

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


F = TypeVar("F", bound=tree.Part)


class _Forms:
    """The forms of one file by their kind; the text is gone through once for all warnings."""

    def __init__(self, file: LoadedFile) -> None:
        self.source = file.source
        self.statements = file.tree.statements
        self._of: dict[type, list[tree.Part]] = {}
        for node in tree.walk(file.tree.statements):
            self._of.setdefault(type(node), []).append(node)

    def of(self, kind: type[F]) -> list[F]:
        """All of one kind, in no order."""
        return cast("list[F]", self._of.get(kind, []))


def suspects_in_text(file: LoadedFile) -> Iterator[Diagnostic]:
    """The warnings of one file."""
    forms = _Forms(file)
    yield from _hidden_operators(forms)
    yield from _unused_labels(forms)
    yield from _unused_names(forms)
    yield from _hidden_indices(forms)
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


def _hidden_operators(forms: _Forms) -> Iterator[Diagnostic]:
    for node in forms.of(tree.Definition):
        if find(node.name.text) is not None or node.name.text in JOINS:
            yield wording.lints.hides_operator(node.name.text, Span(forms.source, node.name.start, node.name.end))


def _unused_labels(forms: _Forms) -> Iterator[Diagnostic]:
    used = {node.label for node in forms.of(tree.Reference)} | {node.name.text for node in forms.of(tree.Attribute)}
    used.update(name for node in forms.of(tree.Expect) for name in node.path)
    for step in forms.of(tree.Step):
        label = step.label
        if label is not None and label.text not in used and not label.text.startswith("_"):
            yield wording.lints.unused_label(label.text, Span(forms.source, label.start, label.end))


def _unused_names(forms: _Forms) -> Iterator[Diagnostic]:
    """A `let`, a shared module or a further input that nothing in the file reads; one name read anywhere counts as read."""
    read = {node.name for node in forms.of(tree.Variable)} | {node.name.text for node in forms.of(tree.Call)}
    read |= {node.label for node in forms.of(tree.Reference)} | {node.name.text for node in forms.of(tree.Attribute)}
    inputs = [s.name for s in forms.statements if isinstance(s, tree.Input)]
    bound: list[tuple[tree.Ident, wording.lints.Bound]] = [(name, "input") for name in inputs[1:]]
    bound += [(node.name, "value") for node in forms.of(tree.Let)]
    bound += [(node.name, "shared module") for node in forms.of(tree.SharedLine)]
    for name, what in bound:
        if name.text not in read and not name.text.startswith("_"):
            yield wording.lints.unused_name(what, name.text, Span(forms.source, name.start, name.end))
    # A state that a `scan` sets for its next token.
    read |= {
        argument.name.text
        for call in forms.of(tree.Call)
        if call.name.text == "scan"
        for argument in call.arguments
        if argument.name is not None
    }
    for side in forms.of(tree.SideValue):
        if side.name.text not in read:
            yield wording.lints.unused_name("side value", side.name.text, Span(forms.source, side.start, side.end))


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


def _hidden_indices(forms: _Forms) -> Iterator[Diagnostic]:
    """`index` in arithmetic inside two loops that define it: the inner one is meant, or was forgotten."""
    if not any(node.name == "index" for node in forms.of(tree.Variable)):
        return
    stack: list[_Around] = [(statement, None) for statement in reversed(forms.statements)]
    while stack:
        node, loop = stack.pop()
        if isinstance(node, tree.Variable) and node.name == "index" and loop is not None and loop.hidden is not None:
            place = Span(forms.source, node.start, node.end)
            yield wording.lints.hidden_index(place, read=loop.span, hidden=loop.hidden.span)
        stack.extend(_inside(node, loop, forms.source))


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
