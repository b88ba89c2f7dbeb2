"""Messages about shapes that must agree but do not: all of them, the axes marked, what fixed these. Must not find mistakes."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics import Comparison, Edit, Fix, Label, ShapeLine
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.ops.facts import MismatchFact
from archdsl.ops.joins import spread
from archdsl.shapes import AXIS_NAMES, Shape, Undecided, channels
from archdsl.text import Span
from archdsl.wording.origins import CallSite, head, is_input, made_by, origin_span
from archdsl.wording.values import listed

_COUNTED = ("channels", "tokens")
_LONGEST_RULE = 72
_MOST_LABELS = 4
_VERBS = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide",
    "max": "compare",
    "min": "compare",
    "concat": "concatenate",
}
_SENTENCES = {
    "matmul": "`matmul` cannot multiply these factors",
    "unpool": "`unpool` cannot fill the positions of this pool",
    "crop": "`crop` cannot take the size of this value",
    "upsample": "`upsample` cannot take the size of this value",
    "attention": "`attention` cannot take its keys and values from here",
}


def mismatch(fact: MismatchFact, at: CallSite) -> Mistake:
    """The diagnostic: every shape in a row, and for each differing axis the steps that fixed it."""
    rows = []
    for number, shape in enumerate(fact.shapes):
        operand = at.operands[number] if number < len(at.operands) else None
        title = operand.title if operand is not None else f"input {number + 1}"
        remark = "identity" if operand is not None and operand.is_identity else ""
        rows.append(ShapeLine(title, tuple(str(axis) for axis in shape), remark))
    axes = fact.axes if at.operator.name != "matmul" else ()
    long_rule = len(fact.rule) > _LONGEST_RULE
    return mistake(
        "shape-mismatch",
        f"{_subject(at)}: {_difference(fact, at)}",
        at.name,
        "" if long_rule else fact.rule,
        labels=_labels(fact, at),
        notes=[*([fact.rule] if long_rule else []), *_spreading(fact, at)],
        comparison=Comparison(tuple(rows), axes),
        fixes=_transposed(fact, at),
    )


def _spreading(fact: MismatchFact, at: CallSite) -> list[str]:
    """What `add` would repeat, in a `residual`, which repeats nothing."""
    return ["`add` repeats along axes of 1 and takes vectors; `residual` does not"] if is_repeatable(fact, at) else []


def is_repeatable(fact: MismatchFact, at: CallSite) -> bool:
    """Whether the branches of a `residual` differ only in positions that `add` would repeat."""
    if at.name.text != "residual" or len({channels(shape) for shape in fact.shapes}) > 1:
        return False
    try:
        spread(fact.shapes)
    except (MismatchFact, Undecided):
        return False
    return True


def _subject(at: CallSite) -> str:
    """`residual` cannot add its branches."""
    if at.operator.name in _SENTENCES:
        return _SENTENCES[at.operator.name]
    operands = "branches" if at.operands and at.operands[0].branch else "values"
    name = at.name.text if at.operator.joins else at.operator.name
    article = "its" if operands == "branches" else "these"
    return f"`{name}` cannot {_VERBS.get(at.operator.name, 'combine')} {article} {operands}"


def _difference(fact: MismatchFact, at: CallSite) -> str:
    ranks = {len(shape) for shape in fact.shapes}
    if len(ranks) > 1 and not fact.axes:
        return "they have different numbers of axes"
    if at.operator.name == "matmul":
        first, other = fact.shapes
        inner = other[1] if 0 not in fact.axes else other[0]
        return f"{first[1]} columns against {inner} {'columns' if 0 not in fact.axes else 'rows'}"
    names = [AXIS_NAMES[max(ranks)][axis] for axis in fact.axes] if ranks <= {1, 2, 3} else []
    return f"their {listed(names)} differ" if names else "their shapes differ"


def _transposed(fact: MismatchFact, at: CallSite) -> list[Fix]:
    """Rows of both factors that agree: the other factor is most likely meant transposed."""
    if at.operator.name != "matmul" or any(len(shape) != 2 for shape in fact.shapes) or 0 not in fact.axes:
        return []
    if fact.shapes[0][1] != fact.shapes[1][1]:
        return []
    end = Span(at.call.source, at.call.end, at.call.end)
    return [Fix("transpose the other factor", (Edit(end, " transpose=true"),))]


# Who fixed what


def _labels(fact: MismatchFact, at: CallSite) -> list[Label]:
    if len({len(shape) for shape in fact.shapes}) > 1 and not fact.axes:
        return _unique(label for value in at.inputs[: len(fact.shapes)] for label in made_by(value, at))
    found: list[Label] = []
    for axes in _together(fact, at):
        found += _fixed_by(fact.shapes, axes, at)
    return _unique(found)


def _together(fact: MismatchFact, at: CallSite) -> list[tuple[int, ...]]:
    """The differing axes; height and width as one if the same steps fixed both at the same size."""
    if 1 not in fact.axes or 2 not in fact.axes or len(fact.shapes[0]) != 3:
        return [(axis,) for axis in fact.axes]
    is_square = all(shape[1] == shape[2] for shape in fact.shapes)
    same = all(_origin(at, number, 1) == _origin(at, number, 2) for number in range(len(fact.shapes)))
    return [*((axis,) for axis in fact.axes if axis == 0), *([(1, 2)] if is_square and same else [(1,), (2,)])]


def _origin(at: CallSite, number: int, axis: int) -> Span | None:
    if number >= len(at.inputs) or axis >= len(at.inputs[number].origins):
        return None
    return origin_span(at.inputs[number].origins[axis], at.frame)


def _fixed_by(shapes: tuple[Shape, ...], axes: tuple[int, ...], at: CallSite) -> list[Label]:
    """For each different size of the axes a step that fixed it; none if one step fixed all."""
    found: dict[object, Label] = {}
    for number, shape in enumerate(shapes):
        size, span = shape[axes[0]], _origin(at, number, axes[0])
        if span is None or size in found:
            continue
        label = Label(head(span), _makes(span, shape, axes))
        same = next((known for known, other in found.items() if other.span == label.span), None)
        if same is not None:
            found[same] = Label(label.span, f"{found[same].text}, and {size} in another call")
            continue
        found[size] = label
    return list(found.values())


def _makes(span: Span, shape: Shape, axes: tuple[int, ...]) -> str:
    """`this makes 64 channels`, `the input's height and width are 224`."""
    names = [AXIS_NAMES[len(shape)][axis] for axis in axes]
    size = shape[axes[0]]
    if names[0] in _COUNTED:
        return f"the input has {size} {names[0]}" if is_input(span) else f"this makes {size} {names[0]}"
    what = listed(names)
    if is_input(span):
        return f"the input's {what} {'is' if len(names) == 1 else 'are'} {size}"
    return f"this makes the {what} {size}"


def _unique(labels: Iterable[Label]) -> list[Label]:
    """Labels of one place put together, and no more than a person reads."""
    texts: dict[Span, list[str]] = {}
    for label in labels:
        texts.setdefault(label.span, []).append(label.text)
    return [Label(span, _joined(parts)) for span, parts in list(texts.items())[:_MOST_LABELS]]


def _joined(parts: list[str]) -> str:
    """`this makes 64 channels and the height 112`."""
    first, *rest = dict.fromkeys(parts)
    return listed([first, *(part.removeprefix("this makes ") for part in rest)])
