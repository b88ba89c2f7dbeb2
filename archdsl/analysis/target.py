"""What the left side of a contract names: metric, part, operator. Must not check."""

from __future__ import annotations

from typing import Union

from archdsl.analysis.metrics.named import NAMES, SUMS, Measures, Metric, measure, named_output
from archdsl.analysis.metrics.parts import NoSuchPart, Part, find
from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.diagnostics.nearest import nearest_few
from archdsl.ir import Network
from archdsl.ir.network import Expectation
from archdsl.records import NamedTuple
from archdsl.text import Span


class Asked(NamedTuple):
    """What the left side of a contract names."""

    metric: str
    part: Part
    operator: str | None
    output: str | None = None


def measured(measures: Measures, asked: Asked) -> Metric:
    """What is asked for, measured."""
    if asked.output is not None:
        return named_output(asked.part, asked.output) or ()
    return measure(measures, asked.metric, asked.part, asked.operator)


def resolve(network: Network, expectation: Expectation) -> Union[Asked, Diagnostic]:
    """What the left side names; else a diagnostic with the nearest right name."""
    path = expectation.path
    metric, part_path, output = _split(network, path)
    if metric is None:
        return _unknown_metric(expectation, path[-1])
    part = find(network, part_path)
    if isinstance(part, NoSuchPart):
        return _unknown_part(expectation, part)
    if output is not None:
        known = [one.name for one in getattr(part.target, "outputs", ())]
        results = getattr(part.target, "results", ())
        known += [str(number) for number in range(len(results))] if len(results) > 1 else []
        if output not in known:
            return _unknown_output(expectation, part, output, known)
        return Asked("out", part, None, output)
    if expectation.operator is None:
        return Asked(metric, part, None)
    if metric not in SUMS:
        return _not_of_operators(expectation, metric)
    operator = _operator(expectation.operator)
    return _unknown_operator(expectation) if operator is None else Asked(metric, part, operator)


def _split(network: Network, path: tuple[str, ...]) -> tuple[str | None, tuple[str, ...], str | None]:
    """The metric, the path of the part before it, and the name of an output after `out`."""
    for length in (1, 2):
        name = ".".join(path[-length:])
        if name in NAMES and not (length == 1 and len(path) > 1 and path[-2] == "out" and _is_output(network, path)):
            return name, path[:-length], None
    # `out.NAME`, and of an output that is a list `out.NAME.0`.
    for length in (1, 2):
        if len(path) > length and path[-length - 1] == "out":
            return "out", path[: -length - 1], ".".join(path[-length:])
    return None, path, None


def _is_output(network: Network, path: tuple[str, ...]) -> bool:
    part = find(network, path[:-2])
    return isinstance(part, Part) and named_output(part, path[-1]) is not None


def _operator(name: str) -> str | None:
    """The operator's own name for a name or alias; None if there is no such operator."""
    from archdsl.ops import registry

    operator = registry.find(name)
    return None if operator is None else operator.name


_CALLED_ELSEWHERE = {
    "parameters": "params",
    "weights": "params",
    "madds": "macs",
    "mult_adds": "macs",
    "gmacs": "macs",
    "gflops": "flops",
    "activations": "memory",
    "layers": "depth",
    "rf": "receptive_field",
    "shape": "out",
    "output": "out",
}
"""What papers and counters call the metrics."""


def _unknown_metric(expectation: Expectation, word: str) -> Diagnostic:
    meant = _CALLED_ELSEWHERE.get(word.lower())
    near = [meant] if meant is not None else nearest_few(word, NAMES)
    notes = () if near else (f"metrics are {', '.join(f'`{name}`' for name in NAMES)}",)
    return _unknown("unknown-metric", expectation, f"there is no metric `{word}`", word, near, notes)


def _unknown_part(expectation: Expectation, missing: NoSuchPart) -> Diagnostic:
    where = f"in `{missing.scope}`" if missing.scope else "in this network"
    near = nearest_few(missing.word, missing.known)
    shown = ", ".join(f"`{name}`" for name in missing.known[:12])
    more = ", …" if len(missing.known) > 12 else ""
    notes = () if near or not missing.known else (f"there are {shown}{more}",)
    return _unknown("unknown-part", expectation, f"there is no part `{missing.word}` {where}", missing.word, near, notes)


def _unknown_output(expectation: Expectation, part: Part, word: str, known: list[str]) -> Diagnostic:
    whose = f"`{part.name}`" if part.name else "this network"
    near = nearest_few(word, known)
    notes = () if near or not known else (f"there are {', '.join(f'`{name}`' for name in known)}",)
    return _unknown("unknown-part", expectation, f"{whose} has no output `{word}`", word, near, notes)


def _unknown_operator(expectation: Expectation) -> Diagnostic:
    from archdsl.ops.registry import OPERATORS

    word = expectation.operator or ""
    return _unknown("unknown-part", expectation, f"there is no operator `{word}`", word, nearest_few(word, OPERATORS), ())


def _not_of_operators(expectation: Expectation, metric: str) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in SUMS)
    headline = f"`{metric}` is not a metric of an operator"
    return _unknown("unknown-metric", expectation, headline, metric, [], (f"these add up over operators: {names}",))


def _unknown(
    name: str, expectation: Expectation, headline: str, word: str, near: list[str], notes: tuple[str, ...]
) -> Diagnostic:
    span = expectation.metric_span
    at = span.text.rfind(word)
    if at >= 0:
        span = Span(span.source, span.start + at, span.start + at + len(word))
    fixes = (Fix(f"did you mean `{near[0]}`?", (Edit(span, near[0]),) if at >= 0 else ()),) if near else ()
    return Diagnostic(name, "error", headline, (Label(span, "", primary=True),), None, notes, fixes)
