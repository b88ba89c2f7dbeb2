"""The likely fix if two branches do not fit: a stride, a width or a projection. Must not find the mistake."""

from __future__ import annotations

import re

from archdsl.diagnostics import Edit, Fix
from archdsl.diagnostics.mistake import Mistake
from archdsl.ops.facts import Fact, MismatchFact
from archdsl.records import NamedTuple
from archdsl.shapes import Shape
from archdsl.syntax import tree
from archdsl.text import Source, Span
from archdsl.wording.late_widths import width_read_late
from archdsl.wording.mismatches import is_repeatable
from archdsl.wording.origins import CallSite, origin_span

_CONVOLUTIONS = {"conv": ("k", "c", "stride"), "dwconv": ("k", "mult", "stride")}
"""What the shortcut can be changed in, with its first parameters in order."""


def with_shortcut_fix(wrong: Mistake, fact: Fact, c: tree.Call, at: CallSite, file: tree.File | None) -> Mistake:
    """Add the fix to the diagnostic if one is likely; `file`: the tree of the text of the call."""
    if not isinstance(fact, MismatchFact):
        return wrong
    note, kept = width_read_late(fact, at, file)
    # A projection would throw away the positions that the other branch has more.
    is_projected = at.operator.name == "add" and kept is None and not is_repeatable(fact, at)
    fix = _fix(fact, c, at) if is_projected else kept
    fixes = (*wrong.diagnostic.fixes, *([fix] if fix is not None else _same_size(fact, c, at)))
    return Mistake(wrong.diagnostic._replace(notes=(*wrong.diagnostic.notes, *note), fixes=fixes))


def _same_size(fact: MismatchFact, c: tree.Call, at: CallSite) -> list[Fix]:
    """For a map that was made larger again and missed the size of the one from before by rounding."""
    if len(fact.shapes) != 2 or any(len(shape) != 3 for shape in fact.shapes) or fact.axes != (1, 2):
        return []
    (_, *now), (_, *then) = fact.shapes
    more = {b - a for a, b in zip(now, then, strict=True) if isinstance(a, int) and isinstance(b, int)}
    if len(more) != 1:
        return []
    missing = more.pop()
    fixes: list[Fix] = []
    for value, lacks in zip(at.inputs, (missing, -missing), strict=False):
        maker = origin_span(value.origins[1], at.frame)
        if lacks > 0 and maker is not None and maker.text.startswith("deconv ") and "output_pad" not in maker.text:
            end = Span(maker.source, maker.end, maker.end)
            fixes.append(Fix("a stride leaves the size open; make it the other one's", (Edit(end, f" output_pad={lacks}"),)))
    if c.body is not None or len(at.operands) < 2 or at.operands[1].written is None:
        return fixes
    reference = at.operands[1].written.text
    maker = origin_span(at.inputs[0].origins[1], at.frame)
    enlarged = re.match(r"upsample(?: \d+)?(?![\w(])", maker.text) if maker is not None else None
    if maker is not None and enlarged is not None:
        scale = Span(maker.source, maker.start, maker.start + enlarged.end())
        fixes.append(Fix(f"make it as large as `{reference}`", (Edit(scale, f"upsample like={reference}"),)))
    elif missing < 0:
        start = Span(at.call.source, at.call.start, at.call.start)
        fixes.append(
            Fix(f"take the middle of the value, as large as `{reference}`", (Edit(start, f"crop like={reference} ; "),))
        )
    return fixes


class _Main(NamedTuple):
    """What the shortcut should come to: its width and stride as the main branch writes them."""

    width: str
    stride: str
    factor: int
    ends_in_norm: bool

    @property
    def projection(self) -> str:
        stride = f" stride={self.stride}" if self.factor > 1 else ""
        return f"conv 1x1 {self.width}{stride}" + (" ; bn" if self.ends_in_norm else "")


def _fix(fact: MismatchFact, c: tree.Call, at: CallSite) -> Fix | None:
    if len(fact.shapes) == 2 and len(fact.shapes[0]) < 3:
        return _widened(fact, c, at)
    if len(fact.shapes) != 2 or any(len(shape) != 3 for shape in fact.shapes) or c.body is None or c.over is not None:
        return None
    shape, other = fact.shapes
    factor = _factor(shape, other)
    if factor is None or shape[1:] == (1, 1):
        # One value a channel is no picture that was shrunk: a stride on the shortcut would throw the picture away.
        return None
    main = _main(c.body.branches[0], shape, factor, at)
    if len(at.operands) > 1 and at.operands[1].is_identity:
        return _project(c.body, at.call.source, main)
    return _adjust(c.body.branches[-1], at.call.source, main, shape, other)


def _widened(fact: MismatchFact, c: tree.Call, at: CallSite) -> Fix | None:
    """For tokens and vectors without a projection: the last `linear` of the branch gives back the width that came in."""
    main, other = fact.shapes
    if c.body is None or len(main) != len(other) or main[:-1] != other[:-1] or not at.operands[1].is_identity:
        return None
    steps = [s.unit for s in c.body.branches[0].statements if isinstance(s, tree.Step) and isinstance(s.unit, tree.Call)]
    maker = origin_span(at.inputs[0].origins[-1], at.frame)
    for call in reversed(steps):
        if call.name.text not in ("linear", "fc") or maker is None or not (maker.start <= call.start < maker.end):
            continue
        if len(call.arguments) and isinstance(call.arguments[0].value, (tree.Number, tree.Variable)):
            value = call.arguments[0].value
            edit = Edit(Span(at.call.source, value.start, value.end), str(other[-1]))
            return Fix(f"give back the {other[-1]} channels that came in", (edit,))
    return None


def _factor(main: Shape, other: Shape) -> int | None:
    """By how much the other branch is larger in height and width: an integer, the same for both."""
    factors = set()
    for small, large in zip(main[1:], other[1:], strict=True):
        if not isinstance(small, int) or not isinstance(large, int):
            return None if small != large else 1
        if small > large:
            return None
        factors.add(-(-large // small))
    return factors.pop() if len(factors) == 1 else None


def _main(branch: tree.Branch, shape: Shape, factor: int, at: CallSite) -> _Main:
    calls = [s.unit for s in branch.statements if isinstance(s, tree.Step) and isinstance(s.unit, tree.Call)]
    source = at.call.source
    width = _written(calls, "c", origin_span(at.inputs[0].origins[0], at.frame), source) or str(shape[0])
    stride = _written(calls, "stride", origin_span(at.inputs[0].origins[1], at.frame), source) or str(factor)
    return _Main(width, stride, factor, bool(calls) and calls[-1].name.text == "bn")


def _written(calls: list[tree.Call], parameter: str, maker: Span | None, source: Source) -> str | None:
    """The argument as the step `maker` writes it, if that step is one of the calls."""
    for call in calls:
        if maker is None or maker.source is not source or not (maker.start <= call.start < maker.end):
            continue
        value = _argument(call, parameter)
        if value is not None:
            return _bracketed(value, source)
    return None


def _argument(call: tree.Call, parameter: str) -> tree.Expression | None:
    position = 0
    for argument in call.arguments:
        if argument.name is not None:
            if argument.name.text == parameter:
                return argument.value
            continue
        names = _CONVOLUTIONS.get(call.name.text, ())
        if position < len(names) and names[position] == parameter:
            return argument.value
        position += 1
    return None


def _bracketed(value: tree.Expression, source: Source) -> str:
    """An expression as a bare argument."""
    text = source.text[value.start : value.end]
    needs = isinstance(value, (tree.Binary, tree.Unary, tree.Conditional)) and not text.startswith("(")
    return f"({text})" if needs else text


def _project(body: tree.Body, source: Source, main: _Main) -> Fix:
    """A projection in place of the identity."""
    message = "project the shortcut to the shape of the branch"
    at = body.end - 1
    if len(body.branches) == 1:
        return Fix(message, (Edit(Span(source, at, at), f"| {main.projection} "),))
    statements = body.branches[1].statements
    if not statements:
        return Fix(message, (Edit(Span(source, at, at), f"{main.projection} "),))
    span = Span(source, statements[0].start, statements[-1].end)
    return Fix(message, (Edit(span, main.projection),))


def _adjust(branch: tree.Branch, source: Source, main: _Main, shape: Shape, other: Shape) -> Fix | None:
    """The stride and the width for a shortcut that is written."""
    steps = [s.unit for s in branch.statements if isinstance(s, tree.Step) and isinstance(s.unit, tree.Call)]
    last = next((unit for unit in reversed(steps) if unit.name.text in _CONVOLUTIONS), None)
    if last is None or last.touching:
        if main.factor > 1 or shape[0] == other[0] or not steps:
            return None
        end = steps[-1].end
        return Fix(
            "project the shortcut to the width of the branch", (Edit(Span(source, end, end), f" ; conv 1x1 {main.width}"),)
        )
    edits, changed = [], []
    if main.factor > 1:
        if _argument(last, "stride") is not None:
            return None
        edits.append(Edit(Span(source, last.end, last.end), f" stride={main.stride}"))
        changed.append("stride")
    if shape[0] != other[0]:
        width = _argument(last, "c") if last.name.text == "conv" else None
        if width is None:
            return None
        start = width.start - (source.text[width.start - 1 : width.start] == "(")
        end = width.end + (source.text[width.end : width.end + 1] == ")" and start < width.start)
        edits.insert(0, Edit(Span(source, start, end), main.width))
        changed.insert(0, "width")
    return Fix(f"give the shortcut the same {' and '.join(changed)}", tuple(edits)) if edits else None
