"""What stands on a line of a text: parts, steps, definitions, contracts, inputs, each with its figures. Must not print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast, get_args

from archdsl.analysis.contracts import heaviest, holds, text
from archdsl.analysis.cost import Cost
from archdsl.analysis.metrics.named import OTHERS, SUMS, Measures
from archdsl.analysis.metrics.parts import Part, whole
from archdsl.analysis.metrics.receptive_field import UnrolledPlace
from archdsl.analysis.reports.derivation import derive_line
from archdsl.analysis.target import measured, resolve
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import Diagnostic
from archdsl.ir import Declare, Network, Region, Use
from archdsl.ir.network import Expectation
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Shape, Undecided, shape_text
from archdsl.syntax import tree
from archdsl.text import Source, Span

_MOST = 8
"""So many different uses of one thing are told, and the others counted."""


class Told(NamedTuple):
    """One thing on the line: what it is, where it is written, its figures as (title, text), and equal ones elsewhere."""

    title: str
    span: Span
    lines: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()


class _Seat(NamedTuple):
    """A use where the walk first meets it."""

    name: str
    use: Use
    place: UnrolledPlace
    run: int
    parts: Dim


def on_line(network: Network, source: Source, file: tree.File, line: int, column: int | None = None) -> list[Told]:
    """Everything on the line that the network has, in the order of the text; of a column the innermost thing there.

    Raises:
        TooManyLayers: the network has too many different layers to list.
    """
    measures = Measures(network)
    seats = list(_seats(network))
    times = _times(network.root)
    found = [
        *_statements(network, measures, source, file, line, seats, times),
        *_parts(measures, seats, times, source, line),
        *_steps(network, source, line),
    ]
    found.sort(key=lambda told: (told.span.start, -told.span.end))
    return found if column is None else _at(found, source.line_starts[line - 1] + column - 1)


def why_nothing(network: Network | None, source: Source, file: tree.File, line: int) -> str | None:
    """Why the network has nothing of a step that stands on the line; None where no step does. A library has no network."""
    around: list[tree.Definition] = []
    has_step = _has_step(file.statements, source, line, around)
    if network is None and (has_step or any(span_line(source, one) == line for one in around)):
        return "the file is a library: what calls its definitions gives their steps shapes"
    if network is None or not has_step:
        return None
    called = {seat.use.region.definition for seat in _seats(network)}
    for definition in reversed(around):
        if (source.name, definition.start) not in called:
            return f"the definition `{definition.name.text}` is never called, so nothing runs this line"
    return "nothing runs this line: another branch was taken, or it is repeated 0 times"


def span_line(source: Source, node: tree.Definition) -> int:
    """The line on which a definition starts."""
    return source.place(node.start).line


def _at(found: list[Told], offset: int) -> list[Told]:
    inside = [told for told in found if told.span.start <= offset < max(told.span.end, told.span.start + 1)]
    size = min((told.span.end - told.span.start for told in inside), default=0)
    return [told for told in inside if told.span.end - told.span.start == size]


# Parts


def _seats(network: Network) -> Iterator[_Seat]:
    """Every use, each different region entered once, at its first place."""
    entered: set[int] = set()
    stack: list[tuple[Region, str, UnrolledPlace, Dim]] = [(network.root, "", UnrolledPlace(), 1)]
    while stack:
        region, prefix, place, parts = stack.pop()
        if id(region) in entered:
            continue
        entered.add(id(region))
        inner = []
        for step in region.steps:
            if isinstance(step, Use):
                yield _Seat(prefix + step.name, step, place, 0, parts * region.parts)
                inner.append((step.region, f"{prefix}{step.name}.", place.inner(step, 0), parts * region.parts))
        stack += reversed(inner)


def _times(root: Region) -> dict[int, int]:
    """How often each region runs in all."""
    order: list[Region] = []
    seen: set[int] = set()

    def visit(region: Region) -> None:
        if id(region) in seen:
            return
        seen.add(id(region))
        for step in region.steps:
            if isinstance(step, Use):
                visit(step.region)
        order.append(region)

    visit(root)
    times = {id(region): 0 for region in order}
    times[id(root)] = 1
    for region in reversed(order):
        for step in region.steps:
            if isinstance(step, Use):
                times[id(step.region)] += times[id(region)] * step.count
    return times


def _parts(measures: Measures, seats: list[_Seat], times: dict[int, int], source: Source, line: int) -> Iterator[Told]:
    told: set[tuple[int, int]] = set()
    for seat in seats:
        span = seat.use.span
        key = span.start, id(seat.use.region)
        if span.source.name != source.name or span.place.line != line or key in told:
            continue
        told.add(key)
        yield Told(f"{seat.name}  {_what(seat.use)}", span, tuple(_figures(measures, seat, times)))


def _what(use: Use) -> str:
    """`bottleneck(c=64)`, `repeated 3 times`, `group`."""
    region = use.region
    if use.shared is not None:
        return f"applies the shared module `{use.shared.name}`"
    if region.kind == "repetition":
        runs = sum(step.count for step in region.steps if not isinstance(step, Declare))
        return f"repeated {runs:,} times"
    if region.kind in ("definition", "arch"):
        return _call(region)
    if region.parts != 1:
        return f"{region.name.replace('_', ' ')}, {region.parts:,} {'steps' if region.scans else 'parts'}"
    return "auxiliary head" if use.aux else "group"


def _call(region: Region) -> str:
    from archdsl.wording.values import show

    return f"{region.name}({', '.join(f'{name}={show(value)}' for name, value in region.arguments)})"


def _figures(measures: Measures, seat: _Seat, times: dict[int, int]) -> Iterator[tuple[str, str]]:
    use = seat.use
    part = Part(seat.name, use.region, use, seat.place, seat.run, seat.parts)
    yield "output", f"{_shapes(use.region.result_shapes)} from {_shapes(use.region.input_shapes)}"
    kind = ".aux" if use.aux else ""
    params = SUMS[f"params{kind}"](measures, part, None)
    owner = f"those of the shared module: {params:,}" if use.shared is not None else f"{params:,}"
    yield "parameters", owner
    yield "MACs", f"{SUMS[f'macs{kind}'](measures, part, None):,}"
    seen = measures.seen(part)
    if not isinstance(seen, Unavailable):
        yield "receptive field", seen.in_words
    runs = times[id(use.region)]
    if runs > 1:
        yield "runs", f"{runs:,} times in all"


def _shapes(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(shape_text(shape) for shape in shapes)


# Steps


def _steps(network: Network, source: Source, line: int) -> Iterator[Told]:
    for derivation in derive_line(Cost(network).folded_rows, source, line):
        layer = derivation.layer
        times = f", {layer.times:,} times" if layer.times != 1 else ""
        title = f"{layer.name}  {layer.caption}{times}"
        yield Told(title, layer.node.span, derivation.lines, derivation.others)


# Statements


def _statements(
    network: Network,
    measures: Measures,
    source: Source,
    file: tree.File,
    line: int,
    seats: list[_Seat],
    times: dict[int, int],
) -> Iterator[Told]:
    for expectation in network.expectations:
        if expectation.span.source.name == source.name and expectation.span.place.line == line:
            yield _contract(measures, expectation)
    for statement in _all(file.statements):
        span = Span(source, statement.start, statement.end)
        if span.place.line != line:
            continue
        if isinstance(statement, tree.Definition):
            yield _definition(measures, statement, span, seats, times)
        elif isinstance(statement, (tree.ArchLine, tree.DerivedArch)):
            yield _network(network, measures, span)
        elif isinstance(statement, tree.Input) and statement.name.text in dict(network.inputs):
            shape = dict(network.inputs)[statement.name.text]
            yield Told(f"input {statement.name.text}", span, (("shape", shape_text(shape)),))
        elif isinstance(statement, tree.SharedLine):
            yield from _shared(network, statement, span, measures)
        elif isinstance(statement, tree.OutputOf):
            yield from _output(network, statement, span)


def _all(statements: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """The statements with those of their bodies."""
    kinds = get_args(tree.Statement)
    stack: list[tree.Part] = list(reversed(statements))
    while stack:
        node = stack.pop()
        if isinstance(node, tree.Branch):
            stack += reversed(node.statements)
            continue
        if isinstance(node, kinds):
            yield cast("tree.Statement", node)
        stack += reversed(tree.parts(node))


def _contract(measures: Measures, expectation: Expectation) -> Told:
    title = f"expect {expectation.metric_span.text} {expectation.relation} {expectation.written}"
    asked = resolve(measures.network, expectation)
    if isinstance(asked, Diagnostic):
        return Told(title, expectation.span, (("", asked.message),))
    value = measured(measures, asked)
    if isinstance(value, Unavailable):
        return Told(title, expectation.span, (("", f"cannot be computed: {value.reason}"),))
    try:
        verdict = "holds" if holds(expectation, value) else "fails"
    except Undecided:
        verdict = "depends on the free dimensions"
    if measures.network.overridden:
        verdict += "; not checked, since parameters or inputs were overridden"
    lines = [("measured", text(value)), ("wanted", f"{expectation.relation} {text(expectation.value)}"), ("verdict", verdict)]
    lines += [("", note) for note in heaviest(measures, asked)]
    return Told(title, expectation.span, tuple(lines))


def _definition(measures: Measures, s: tree.Definition, span: Span, seats: list[_Seat], times: dict[int, int]) -> Told:
    title = f"def {s.name.text}({', '.join(span.source.text[p.start : p.end] for p in s.parameters)})"
    regions = {
        id(seat.use.region): seat
        for seat in reversed(seats)
        if seat.use.region.kind == "definition" and seat.use.region.definition == (span.source.name, s.start)
    }
    if not regions:
        return Told(title, span, (("", "nothing calls it"),))
    calls = sum(times[key] for key in regions)
    ways = "in one way" if len(regions) == 1 else f"in {len(regions):,} ways"
    lines = [("calls", f"{calls:,}, {ways}")]
    for seat in list(reversed(regions.values()))[:_MOST]:
        region = seat.use.region
        part = Part(seat.name, region, seat.use, seat.place, seat.run)
        params, macs = (SUMS[name](measures, part, None) for name in ("params", "macs"))
        often = "once" if times[id(region)] == 1 else f"{times[id(region)]:,} times"
        shapes = f"{_shapes(region.result_shapes)} from {_shapes(region.input_shapes)}"
        lines.append(("", f"{_call(region)}: {shapes}, {params:,} params, {macs:,} MACs, {often}"))
    if len(regions) > _MOST:
        lines.append(("", f"and {len(regions) - _MOST:,} more ways"))
    return Told(title, span, tuple(lines))


def _network(network: Network, measures: Measures, span: Span) -> Told:
    part = whole(network)
    inputs = ", ".join(f"{name} {shape_text(shape)}" for name, shape in network.inputs)
    lines = [("output", f"{_shapes(network.root.result_shapes)} from {inputs}")]
    lines += [(title, f"{SUMS[name](measures, part, None):,}") for title, name in (("parameters", "params"), ("MACs", "macs"))]
    lines.append(("depth", str(OTHERS["depth"](measures, part))))
    return Told(f"arch {network.name}", span, tuple(lines))


def _shared(network: Network, s: tree.SharedLine, span: Span, measures: Measures) -> Iterator[Told]:
    seats = [seat for seat in _seats(network) if seat.use.shared is not None and seat.use.shared.span.start == s.name.start]
    if not seats:
        yield Told(f"shared {s.name.text}", span, (("", "nothing applies it"),))
        return
    first = seats[0]
    part = Part(first.name, first.use.region, first.use, first.place, first.run)
    params = SUMS["params"](measures, part, None)
    lines = (("parameters", f"{params:,}, once"), ("applied as", ", ".join(f"`{seat.name}`" for seat in seats[:_MOST])))
    yield Told(f"shared {s.name.text}", span, lines)


def _output(network: Network, s: tree.OutputOf, span: Span) -> Iterator[Told]:
    shapes = {output.name: network.root.shapes[output.value] for output in network.root.outputs}
    if s.name.text in shapes:
        yield Told(f"output {s.name.text}", span, (("shape", shape_text(shapes[s.name.text])),))


def _has_step(statements: tuple[tree.Statement, ...], source: Source, line: int, around: list[tree.Definition]) -> bool:
    """Whether a step is written on the line; `around` gets the definitions in which it stands."""
    first = source.line_starts[line - 1]
    end = source.line_starts[line] if line < len(source.line_starts) else len(source.text) + 1
    is_there = False
    for statement in _all(statements):
        if isinstance(statement, tree.Step) and first <= statement.start < end:
            is_there = True
        if isinstance(statement, tree.Definition) and statement.start < end and first < statement.end:
            around.append(statement)
    return is_there
