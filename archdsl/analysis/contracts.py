"""Contracts: whether each `expect` holds, and a diagnostic where it does not. Must not draw."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from archdsl.analysis.cost import Cost
from archdsl.analysis.metrics.named import BYTE_UNITS, SUMS, Measured, Measures
from archdsl.analysis.target import Asked, measured, resolve
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import Comparison, Diagnostic, Edit, Fix, Label, ShapeLine
from archdsl.ir import Declare, Network, Node, Region
from archdsl.ir.network import Expectation
from archdsl.ops.facts import Fact
from archdsl.ops.operator import Attributes
from archdsl.shapes import Formula, Number, Undecided, decide, shape_text
from archdsl.text import Span

if TYPE_CHECKING:
    from typing import TypeGuard

UNITS = {**BYTE_UNITS, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
"""Suffixes of literals; the longer ones first."""
_NOT = {"==": "not", "!=": "equal to", "<": "not below", "<=": "above", ">": "not above", ">=": "below", "~=": "not about"}
_NOT_IN_EACH = {**_NOT, "<=": "not at most", ">": "not above", ">=": "not at least"}
"""Of a pair or a shape, whose numbers are compared one by one."""


def check(network: Network, cost: Cost) -> list[Diagnostic]:
    """A diagnostic for each contract that fails or cannot be read, in the order of the text.

    Contracts are for batch 1 and float32, whatever `cost` is for. If the user overrode parameters or inputs, none is checked.
    """
    if network.overridden:
        return []
    found = (_check(cost.measures, expectation) for expectation in network.expectations)
    return [diagnostic for diagnostic in found if diagnostic is not None]


def _check(measures: Measures, expectation: Expectation) -> Diagnostic | None:
    asked = resolve(measures.network, expectation)
    if isinstance(asked, Diagnostic):
        return asked
    value = measured(measures, asked)
    if isinstance(value, Unavailable):
        return _failed(expectation, f"{_name(expectation)} cannot be computed: {value.reason}", "unknown")
    try:
        if holds(expectation, value):
            return None
    except Undecided:
        claim = f"{expectation.metric_span.text} {expectation.relation} {expectation.written}"
        headline = f"whether `{claim}` holds depends on the free dimensions"
        return _failed(expectation, headline, text(value))
    return _wrong(measures, expectation, asked, value)


def holds(expectation: Expectation, value: Measured) -> bool:
    """Whether the measured value is as expected.

    Lists and shapes are compared number by number, and hold where all of them do. A number beside one for each axis speaks of
    every axis. Tuples of different lengths are not equal, and in no order.

    Raises:
        Undecided: it depends on the free dimensions.
    """
    wanted, relation = expectation.value, expectation.relation
    if isinstance(value, tuple) and not isinstance(wanted, tuple):
        is_of_axes = len(value) == 2 or expectation.path[-1] != "out"
        return is_of_axes and all(holds(expectation, part) for part in value)
    if isinstance(wanted, tuple) or isinstance(value, tuple):
        if relation in ("==", "!="):
            return bool(value == wanted) == (relation == "==")
        if relation == "~=" or not isinstance(value, tuple) or not isinstance(wanted, tuple):
            return False
        numbers = [one for one in value if not isinstance(one, tuple)]
        pairs = zip(numbers, wanted, strict=False)
        return len(numbers) == len(wanted) and all(decide(relation, one, bound) for one, bound in pairs)
    if relation == "~=":
        return about(value, wanted, expectation.digits, unit(expectation.written))
    if relation in ("==", "!="):
        same = value == wanted
        if same or not (isinstance(value, Formula) or isinstance(wanted, Formula)):
            return same if relation == "==" else not same
        # Different formulas are not equal; whether they differ everywhere has to be decided.
        return False if relation == "==" else decide("!=", value, wanted)
    return decide(relation, value, wanted)


def about(value: Number, wanted: Number, digits: int, unit: int) -> bool:
    """Whether `value`, in the unit and rounded (halves up) to that many significant digits, is `wanted`.

    Raises:
        Undecided: the value is a formula.
    """
    if isinstance(value, Formula) or isinstance(wanted, Formula):
        raise Undecided(value, wanted)
    return rounded(Fraction(value) / unit, digits) == Fraction(wanted) / unit


def about_bounds(wanted: Fraction, expectation: Expectation) -> tuple[Fraction, Fraction]:
    """The least value that is about what is wanted, and the least above that is not any more: halves round up."""
    size = unit(expectation.written)
    step = _step(abs(wanted / size), expectation.digits)
    # Below a power of ten the same number of digits reaches one place further.
    below = _step(abs(wanted / size) - step / 20, expectation.digits)
    return wanted - below / 2 * size, wanted + step / 2 * size


def rounded(value: Fraction, digits: int) -> Fraction:
    """`value` rounded to that many significant digits, halves up."""
    if value == 0:
        return value
    step = _step(abs(value), digits)
    return (value / step + Fraction(1, 2)) // 1 * step


def _step(size: Fraction, digits: int) -> Fraction:
    """What the last of so many significant digits is worth; 1 for zero."""
    exponent = 0
    while size >= 10:
        size, exponent = size / 10, exponent + 1
    while 0 < size < 1:
        size, exponent = size * 10, exponent - 1
    return Fraction(10) ** (exponent - max(digits, 1) + 1)


def unit(written: str) -> int:
    """The unit of a literal: 1024**2 for `48.6MB`."""
    for suffix, size in UNITS.items():
        if written.endswith(suffix):
            return size
    return 1


def _name(expectation: Expectation) -> str:
    return f"`{expectation.metric_span.text}`"


def _wrong(measures: Measures, expectation: Expectation, asked: Asked, value: Measured) -> Diagnostic:
    is_list = isinstance(expectation.value, tuple)
    negation = (_NOT_IN_EACH if is_list else _NOT)[expectation.relation]
    headline = f"{_name(expectation)} is {text(value)}, {negation} {text(expectation.value, expectation.written)}"
    notes = _unit_notes(expectation, value) + heaviest(measures, asked)
    comparison = _comparison(value, expectation.value) if asked.metric == "out" else None
    meant = in_the_middle(measures, expectation, asked)
    if meant is None:
        fixes = (*_output_pad(expectation, asked, value), *_fix(expectation, value))
        return _failed(expectation, headline, text(value), notes, comparison, fixes)
    note, fixes = meant
    return _failed(expectation, headline, text(value), (note, *notes), comparison, fixes or _fix(expectation, value))


def _failed(
    expectation: Expectation,
    headline: str,
    measured: str,
    notes: tuple[str, ...] = (),
    comparison: Comparison | None = None,
    fixes: tuple[Fix, ...] = (),
) -> Diagnostic:
    labels = (Label(expectation.metric_span, f"this is {measured}", primary=True),)
    return Diagnostic("contract-failed", "error", headline, labels, comparison, notes, fixes)


def _unit_notes(expectation: Expectation, value: Measured) -> tuple[str, ...]:
    """The measured value in the unit of the literal, if it differs from the headline's number."""
    if isinstance(value, (tuple, Formula)) or isinstance(expectation.value, (tuple, Formula)):
        return ()
    size = unit(expectation.written)
    suffix = next((name for name, known in UNITS.items() if known == size and expectation.written.endswith(name)), "")
    if expectation.relation == "~=":
        digits = "1 digit" if expectation.digits == 1 else f"{expectation.digits} digits"
        return (f"rounded to {digits} it is {decimal(rounded(Fraction(value) / size, expectation.digits))}{suffix}",)
    if size == 1:
        return ()
    return (f"it is {decimal(rounded(Fraction(value) / size, max(expectation.digits, 4)))}{suffix}",)


def _is_shape(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple) and not any(isinstance(axis, tuple) for axis in value)


def _comparison(value: Measured, wanted: Measured | Number | tuple[Number, ...]) -> Comparison | None:
    if not _is_shape(value) or not _is_shape(wanted):
        return None
    axes = tuple(i for i, (a, b) in enumerate(zip(value, wanted, strict=False)) if a != b)
    lines = (("measured", value), ("expected", wanted))
    return Comparison(tuple(ShapeLine(title, tuple(str(axis) for axis in shape)) for title, shape in lines), axes)


def _fix(expectation: Expectation, value: Measured) -> tuple[Fix, ...]:
    if expectation.relation not in ("==", "~=") or not isinstance(value, (int, tuple, Formula)):
        return ()
    whole, written = expectation.span.text, expectation.written
    if expectation.relation == "==":
        right = _literal(value)
    elif isinstance(value, int) and value > 0:
        right = _about(value, expectation)
    else:
        return ()
    if not written or not whole.endswith(written):
        return ()
    span = Span(expectation.span.source, expectation.span.end - len(written), expectation.span.end)
    return (Fix(f"if the network is right, the contract should be `{right}`", (Edit(span, right),)),)


def _output_pad(expectation: Expectation, asked: Asked, value: Measured) -> tuple[Fix, ...]:
    """Of a transposed convolution that several sizes become alike: the rows and columns that the wanted shape has more."""
    node, wanted = asked.part.target, expectation.value
    if isinstance(node, Region):
        node = next((s for s in node.steps if isinstance(s, Node) and (s.output,) == node.results), node)
    if not isinstance(node, Node) or asked.output is not None or expectation.relation != "==":
        return ()
    if node.operator.argument("output_pad") is None or "output_pad" in node.written or not isinstance(wanted, tuple):
        return ()
    if not _is_shape(value) or value != node.site.y or len(wanted) != len(value):
        return ()
    more = tuple(b - a if isinstance(a, int) and isinstance(b, int) else 0 for a, b in zip(value[1:], wanted[1:], strict=True))
    attributes = Attributes(node.site.a)
    attributes["output_pad"] = more
    try:
        if node.operator.site(attributes, node.site.xs).y != wanted:
            return ()
    except Fact:
        return ()
    written = f"output_pad={more[0]}" if more[0] == more[1] else f"output_pad=[{more[0]}, {more[1]}]"
    message = f"a stride leaves the size open: `{written}` makes {text(wanted)} of {shape_text(node.site.x)}"
    return (Fix(message, (Edit(Span(node.span.source, node.span.end, node.span.end), f" {written}"),)),)


def _about(value: int, expectation: Expectation) -> str:
    """The value with the contract's number of digits, in the largest unit of its kind that is not above it."""
    is_bytes = unit(expectation.written) in BYTE_UNITS.values()
    units = {name: size for name, size in UNITS.items() if (name in BYTE_UNITS) == is_bytes and size <= value}
    name, size = max(units.items(), key=lambda one: one[1], default=("", 1))
    before_the_point = len(str(value // size))
    return decimal(rounded(Fraction(value, size), max(expectation.digits, before_the_point))) + name


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_literal(part) for part in value) + "]"
    return f"{value:_}" if isinstance(value, int) else str(value)


def in_the_middle(measures: Measures, expectation: Expectation, asked: Asked) -> tuple[str, tuple[Fix, ...]] | None:
    """A contract on the whole network that stands between its steps may mean the step before it: what it speaks of, and
    the other contract where that holds."""
    if asked.part.name or asked.output is not None or asked.operator is not None:
        return None
    before, is_between = _step_before(measures.network, expectation)
    if before is None or not is_between:
        return None
    inside = f"`expect {before}.{asked.metric} …` of the step above"
    note = f"a contract is about the whole network, wherever it is written; {inside}"
    inner = expectation._replace(path=(before, *expectation.path))
    meant = resolve(measures.network, inner)
    if isinstance(meant, Diagnostic):
        return None
    try:
        found = measured(measures, meant)
        if isinstance(found, Unavailable) or not holds(inner, found):
            return note, ()
    except Undecided:
        return note, ()
    start = expectation.metric_span.start
    edit = Edit(Span(expectation.span.source, start, start), f"{before}.")
    return note, (Fix(f"of the step above it holds: `{before}.{expectation.metric_span.text}`", (edit,)),)


def _step_before(network: Network, expectation: Expectation) -> tuple[str | None, bool]:
    """The name of the network's own step that is written last before the contract, and whether others stand after it."""
    before, is_between = None, False
    for step in network.root.steps:
        if isinstance(step, Declare) or step.span.source is not expectation.span.source:
            continue
        if step.span.end <= expectation.span.start:
            before = step.name
        else:
            is_between = True
    return before, is_between


def heaviest(measures: Measures, asked: Asked) -> tuple[str, ...]:
    """A note that names the three layers that weigh most in the metric; for `peak`, one that names the worst moment."""
    from archdsl.analysis.reports.heaviest import heaviest_layers, worst_moment

    if asked.metric == "peak":
        return worst_moment(measures, asked.part)
    if asked.metric in SUMS:
        return heaviest_layers(measures, asked.metric, asked.part, asked.operator)
    return ()


def text(value: object, written: str = "") -> str:
    """A value as text: `25,557,032`, `[1000]`; as it was written, if `written` is given."""
    if written:
        return f"`{written}`"
    if isinstance(value, tuple):
        return "[" + ", ".join(text(part) for part in value) + "]"
    return f"{value:,}" if isinstance(value, int) else decimal(value)


def decimal(value: object) -> str:
    """A number with the digits it has: `48.7`."""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.10g}"
    return str(value)
