"""Warnings: what is allowed and most likely not meant. Must not report what is wrong; only sound programs come here.

Lints over the syntax see the root file; lints over the regions see each different region once, and report only what the root
file wrote, so an imported file is not blamed twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.elaborate.joins import JOINS
from archdsl.ir import Declare, Network, Node, Region, Use
from archdsl.ops.registry import find
from archdsl.program.file import LoadedFile
from archdsl.shapes import is_symbolic
from archdsl.syntax import tree
from archdsl.text import Source, Span


def find_suspects(file: LoadedFile, network: Network | None) -> list[Diagnostic]:
    """All warnings, in the order of the text."""
    found = [*_hidden_operators(file), *_unused_labels(file), *_unused_names(file), *_hidden_indices(file)]
    if network is not None:
        for region in _regions(network.root):
            found += _in_region(region, file.source)
    unique = {(d.name, d.sort_key): d for d in found}
    return sorted(unique.values(), key=lambda diagnostic: diagnostic.sort_key)


def _warning(name: str, message: str, span: Span, text: str = "", *, labels: tuple[Label, ...] = (), **rest: Any) -> Diagnostic:
    return Diagnostic(name, "warning", message, (Label(span, text, primary=True), *labels), **rest)


# Syntax


def _hidden_operators(file: LoadedFile) -> Iterator[Diagnostic]:
    for node in _nodes(file.tree.statements):
        if isinstance(node, tree.Definition) and (find(node.name.text) is not None or node.name.text in JOINS):
            span = Span(file.source, node.name.start, node.name.end)
            yield _warning("hides-operator", f"this definition hides the operator `{node.name.text}`", span)


def _unused_labels(file: LoadedFile) -> Iterator[Diagnostic]:
    used: set[str] = set()
    labels: list[tree.Ident] = []
    for node in _nodes(file.tree.statements):
        if isinstance(node, tree.Reference):
            used.add(node.label)
        elif isinstance(node, tree.Expect):
            used.update(node.path)
        elif isinstance(node, tree.Step) and node.label is not None:
            labels.append(node.label)
    for label in labels:
        if label.text not in used and not label.text.startswith("_"):
            span = Span(file.source, label.start, label.end)
            yield _warning(
                "unused-label",
                f"nothing uses the label `{label.text}`",
                span,
                notes=("a label that only names the module starts with `_`, or stands in an `expect`",),
            )


def _unused_names(file: LoadedFile) -> Iterator[Diagnostic]:
    """A `let`, a shared module or a further input that nothing in the file reads; one name read anywhere counts as read."""
    read: set[str] = set()
    inputs = [s.name for s in file.tree.statements if isinstance(s, tree.Input)]
    bound: list[tuple[tree.Ident, str]] = [(name, "input") for name in inputs[1:]]
    for node in _nodes(file.tree.statements):
        match node:
            case tree.Variable():
                read.add(node.name)
            case tree.Call():
                read.add(node.name.text)
            case tree.Reference():
                read.add(node.label)
            case tree.Let():
                bound.append((node.name, "value"))
            case tree.SharedModule():
                bound.append((node.name, "shared module"))
    for name, what in bound:
        if name.text not in read and not name.text.startswith("_"):
            yield _warning("unused-value", f"nothing uses the {what} `{name.text}`", Span(file.source, name.start, name.end))


class _Loop(NamedTuple):
    """What binds `index` around a place; `is_named`: it goes over `enumerate(…)`, so its count has a name of its own."""

    span: Span
    outer: _Loop | None
    is_named: bool = False

    @property
    def hidden(self) -> _Loop | None:
        """The loop around it whose count can only be told by `index`."""
        outer = self.outer
        while outer is not None and outer.is_named:
            outer = outer.outer
        return outer


def _hidden_indices(file: LoadedFile) -> Iterator[Diagnostic]:
    """`index` in arithmetic where two loops around it bind one: the inner is meant, or was forgotten."""
    stack: list[tuple[Any, _Loop | None]] = [(statement, None) for statement in reversed(file.tree.statements)]
    while stack:
        node, loop = stack.pop()
        hidden = loop.hidden if loop is not None and isinstance(node, tree.Variable) and node.name == "index" else None
        if loop is not None and hidden is not None:
            labels = (Label(loop.span, "this one is read"), Label(hidden.span, "this one is hidden"))
            place = Span(file.source, node.start, node.end)
            yield _warning("hidden-index", "`index` of an inner loop hides that of an outer one", place, labels=labels)
        stack.extend(_inside(node, loop, file.source))


def _inside(node: Any, loop: _Loop | None, source: Source) -> list[tuple[Any, _Loop | None]]:
    if isinstance(node, tree.Definition):
        # A definition does not see its caller's `index`.
        return [(node.body, None), *((parameter, None) for parameter in node.parameters)]
    if isinstance(node, tree.Step) and node.repeat is not None:
        inner = _Loop(Span(source, node.repeat.start, node.repeat.end), loop)
        return [(node.unit, inner), (node.repeat, loop)]
    if isinstance(node, tree.For):
        inner = _Loop(Span(source, node.start, node.source.end), loop, _is_counted(node.source))
        return [(node.body, inner), (node.source, loop)]
    if isinstance(node, tree.Call) and node.over is not None:
        over = Span(source, node.over.start, node.over.end)
        inner = _Loop(over, loop, _is_counted(node.over.source))
        parts: list[tuple[Any, _Loop | None]] = [(node.body, inner), (node.over.source, loop)]
        return [*parts, *((argument, loop) for argument in node.arguments)]
    if isinstance(node, tuple) and not isinstance(node, tree.Ident):
        return [(part, loop) for part in reversed(node) if isinstance(part, tuple)]
    return []


def _is_counted(source: tree.Expression) -> bool:
    return isinstance(source, tree.Function) and source.name.text == "enumerate"


def _nodes(statements: tuple[tree.Statement, ...]) -> Iterator[Any]:
    stack: list[Any] = [statements]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(part for part in node if isinstance(part, tuple) and not isinstance(part, tree.Ident))


# Regions


def _regions(root: Region) -> Iterator[Region]:
    """Each different region once."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        region = stack.pop()
        if id(region) in seen:
            continue
        seen.add(id(region))
        yield region
        stack.extend(step.region for step in region.steps if isinstance(step, Use))


def _in_region(region: Region, source: Source) -> Iterator[Diagnostic]:
    used = {number for step in region.steps if not isinstance(step, Declare) for number in step.inputs}
    used.update(region.results)
    used.update(output.value for output in region.outputs)
    makers: dict[int, Node] = {}
    uses: dict[int, list[Node]] = {}
    for step in region.steps:
        if isinstance(step, Node):
            makers[step.output] = step
            for number in step.inputs:
                uses.setdefault(number, []).append(step)
        if isinstance(step, Declare) or step.span.source is not source:
            continue
        if not used.intersection(step.outputs) and not (isinstance(step, Use) and step.aux):
            yield _warning("unused-value", "nothing uses the result of this step", _first_line(step.span))
        if isinstance(step, Use) and step.role == "stage" and not any(_computes(inner) for inner in step.region.steps):
            yield _warning("empty-stage", "this stage changes nothing", _first_line(step.span))
        if isinstance(step, Node):
            yield from _window(step)
    for number, node in makers.items():
        readers = uses.get(number, [])
        is_only_reader = len(readers) == 1 and number not in region.results
        if is_only_reader and readers[0].operator.centers_channels and node.span.source is source:
            yield from _bias(node, readers[0])


def _computes(step: Any) -> bool:
    return not isinstance(step, Use) or not step.region.is_identity


def _first_line(span: Span) -> Span:
    end = span.source.text.find("\n", span.start, span.end)
    return span if end < 0 else Span(span.source, span.start, end)


def _bias(node: Node, norm: Node) -> Iterator[Diagnostic]:
    if node.operator.depth != 1 or not node.site.a.get("bias") or "bias" in node.written:
        return
    end = node.span.end
    yield _warning(
        "bias-before-norm",
        f"the bias of this `{node.operator.name}` is taken away again by `{norm.operator.name}`",
        node.span,
        labels=(Label(norm.span, "this subtracts the mean of each channel"),),
        notes=("where it is meant, write `bias=true`",),
        fixes=(Fix("leave it out", (Edit(Span(node.span.source, end, end), " bias=false"),)),),
    )


def _window(node: Node) -> Iterator[Diagnostic]:
    a, operator = node.site.a, node.operator.name
    if operator in ("maxpool", "avgpool") and tuple(a.get("k", ())) == (1, 1) == tuple(a.get("stride", ())):
        yield _warning("window-of-one", f"`{operator}` with a window of 1 computes nothing", node.span)
    if operator not in ("conv", "dwconv", "maxpool", "avgpool") or a.get("ceil"):
        return
    if "pad" in node.written:  # the text says how the border is treated: it is meant, as in many a published network
        return
    view = node.operator.view(node.site)
    if view == "everything" or len(node.site.x) != 3:
        return
    for axis in (1, 2):
        lost = _lost(node.site.x[axis], node.site.y[axis], view, axis - 1)
        if lost:
            what = ("row", "column")[axis - 1] + ("s" if lost > 1 else "")
            where = ("bottom", "right")[axis - 1]
            kernel, stride, size = view.kernel[axis - 1], view.stride[axis - 1], node.site.x[axis]
            note = f"windows of {kernel} with stride {stride} do not cover a size of {size}"
            message = f"`{operator}` never sees {lost} {what} at the {where} of its input"
            yield _warning("truncated-size", message, node.span, notes=(note,))
            return


def _lost(size: Any, out: Any, view: Any, axis: int) -> int:
    """Input positions behind the last window, beyond the gap that the stride leaves between windows anyway."""
    kernel, stride, before = view.kernel[axis], view.stride[axis], view.before[axis]
    if any(is_symbolic(value) for value in (size, out, kernel, stride, before)):
        return 0
    seen = (out - 1) * stride - before + kernel
    return max(0, int(size - seen - max(0, stride - kernel)))
