"""Warnings that the network shows: steps without effect, biases taken away, windows that miss. Must not read syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archdsl import wording
from archdsl.diagnostics import Diagnostic
from archdsl.ir import Declare, Network, Node, Region, Step, Use
from archdsl.ops.views import Window
from archdsl.ops.windows import is_all
from archdsl.shapes import AXIS_NAMES, Dim, Formula, spatial_axes
from archdsl.syntax import tree
from archdsl.text import Source, Span

_WIDEST = 11
"""The largest window that networks commonly have is AlexNet's."""


def suspects_in_network(network: Network, source: Source) -> Iterator[Diagnostic]:
    """The warnings of a network, as far as the source wrote it."""
    for region in _regions(network.root):
        yield from _in_region(region, source)


def suspects_before(steps: Iterable[Step], source: Source) -> Iterator[Diagnostic]:
    """What may have led to a mistake further on, of a network that was not finished: windows that lost a row."""
    for step in steps:
        inner = [one for region in _regions(step.region) for one in region.steps] if isinstance(step, Use) else [step]
        for one in inner:
            if isinstance(one, Node) and one.span.source is source:
                yield from _shrunk(one)


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
            yield wording.lints.unused_result(step.span)
        if isinstance(step, Use) and step.role == "stage" and not any(_computes(inner) for inner in step.region.steps):
            yield wording.lints.empty_stage(step.span)
        if isinstance(step, Node):
            yield from _window(step)
            yield from list(_width_as_window(step)) or _shrunk(step)
    for number, node in makers.items():
        readers = uses.get(number, [])
        is_only_reader = len(readers) == 1 and number not in region.results
        if is_only_reader and readers[0].operator.centers_channels and node.span.source is source:
            yield from _bias(node, readers[0])


def _computes(step: Step) -> bool:
    return not isinstance(step, Use) or not step.region.is_identity


def _bias(node: Node, norm: Node) -> Iterator[Diagnostic]:
    if node.operator.depth == 1 and node.site.a.get("bias") and "bias" not in node.written:
        yield wording.lints.bias_before_norm(node.operator.name, node.span, norm.operator.name, norm.span)


def _window(node: Node) -> Iterator[Diagnostic]:
    a, operator = node.site.a, node.operator.name
    if operator in ("maxpool", "avgpool") and is_all(a.k, 1) and is_all(a.stride, 1):
        yield wording.lints.window_of_one(operator, node.span)
    if operator not in ("conv", "dwconv", "maxpool", "avgpool") or a.get("ceil"):
        return
    if "pad" in node.written:  # the text says how the border is treated, so it is intended, as in many published networks
        return
    view = node.operator.view(node.site)
    if not isinstance(view, Window):
        return
    for number, axis in enumerate(spatial_axes(node.site.x)):
        lost = _lost(node.site.x[axis], node.site.y[axis], view, number)
        if lost:
            name, size = AXIS_NAMES[len(node.site.x)][axis], node.site.x[axis]
            yield wording.lints.truncated(operator, name, lost, (view.kernel[number], view.stride[number], size), node.span)
            return


def _width_as_window(node: Node) -> Iterator[Diagnostic]:
    """`conv 64 128 3`, as PyTorch has it (what comes in, what goes out, the window), or `conv 64 3`, as Keras has it."""
    call, x = node.call, node.site.x
    if node.operator.positional[:2] != ("k", "c") or call is None or len(x) != 3:
        return
    bare = [one for one in call.arguments if one.name is None]
    numbers = [one.value.value for one in bare if isinstance(one.value, tree.Number)]
    if len(bare) == 3 and isinstance(bare[0].value, tree.SizeLiteral) and len(numbers) == 2:
        is_out = numbers[0] == x[0] and numbers[1] > max(bare[0].value.numbers)
        if is_out:
            yield wording.lints.width_as_stride(node.operator.name, Span(node.span.source, bare[1].start, bare[2].end))
        return
    if len(numbers) != len(bare) or len(numbers) < 2:
        return
    stride = numbers[2] if len(numbers) > 2 else 1
    is_pytorch = numbers[0] == x[0] and (numbers[0] > _WIDEST or stride >= max(3, numbers[0]))
    is_keras = len(numbers) == 2 and numbers[0] > _WIDEST >= numbers[1]
    if is_pytorch or is_keras:
        texts = [node.span.source.text[one.start : one.end] for one in bare]
        place = Span(node.span.source, bare[0].start, bare[-1].end)
        yield wording.lints.width_as_window(node.operator.name, texts, place, call.touching, is_keras)


def _shrunk(node: Node) -> Iterator[Diagnostic]:
    """`pad=same` with an even window and stride 1: as much on both sides makes the size one smaller."""
    a, x, y = node.site.a, node.site.x, node.site.y
    if a.get("pad") != "same" or "stride" not in a or not is_all(a.stride, 1) or len(x) != 3 or len(y) != 3:
        return
    if x[1:] == y[1:] or any(isinstance(size, Formula) for size in (*x, *y)):
        return
    written = () if node.call is None else node.call.arguments
    pad = next((argument for argument in written if argument.name is not None and argument.name.text == "pad"), None)
    place = None if pad is None else Span(node.span.source, pad.value.start, pad.value.end)
    touching = node.call is not None and node.call.touching
    yield wording.lints.same_that_shrinks(node.operator.name, (x, y), node.span, place, touching)


def _lost(size: Dim, out: Dim, view: Window, axis: int) -> int:
    """Input positions after the last window, beyond the gap that the stride leaves between windows anyway."""
    found = (size, out, view.kernel[axis], view.stride[axis], view.before[axis])
    known = [value for value in found if not isinstance(value, Formula)]
    if len(known) < len(found):
        return 0
    whole, places, kernel, stride, before = known
    seen = (places - 1) * stride - before + kernel
    return max(0, int(whole - seen - max(0, stride - kernel)))
